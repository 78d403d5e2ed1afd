import { exponential } from '../numerics/exponential.js';
import { forEachNode, type Feature } from '../numerics/quadrature.js';
import { normalCdf } from '../numerics/truncated-normal.js';
import type { TeamPerformances } from './team-performances.js';

/** Per team: mean and variance of a normal performance, and the number of players; `beta` is the deviation of one player's. */
export type IndependentPerformances = Pick<TeamPerformances, 'means' | 'variances' | 'sizes' | 'beta'>;

/** Gaps between neighbouring means beyond this many of the largest deviations: certain either way, so they are shortened. */
const LONGEST_GAP = 80;
/** In units of the largest deviation: performances better known than this are as good as exactly known. */
const SMALLEST_DEVIATION = 1e-6;
/** Longest panels, in deviations, chosen so that the places of 3 to 100 teams add up to 1 within 1e-9. */
const LONGEST_PANEL = 1.75;
const PANEL_OF_MANY = 6;
/** Weights below this add nothing to probabilities. */
const NEGLIGIBLE = 1e-25;
const SQRT_TAU = 2.5066282746310002;

/**
 * Probabilities of the order in which the independent normal performances of any number of teams come out, by quadrature over
 * the performance of each team: given it, the others beat it independently of each other.
 */
export class PerformanceOrder {
  private size = 0;
  /** In units of the largest deviation among the teams. */
  private means = new Float64Array(0);
  private deviations = new Float64Array(0);
  private sizes = new Float64Array(0);
  /** One player's performance deviation, in the same unit. */
  private beta = 0;
  /** Longest panel of an integral: the more teams, the more sharply a performance decides the place. */
  private panel = 0;

  /** Takes over the teams' performances, in whatever unit they are. */
  read(performances: IndependentPerformances, teams: number): void {
    const { means, variances, sizes, beta } = performances;
    let largest = 0;
    for (let i = 0; i < teams; i++) largest = Math.max(largest, Math.sqrt(variances[i] as number));
    const scale = largest > 0 ? largest : 1;
    this.size = teams;
    this.sizes = sizes;
    this.beta = beta / scale;
    this.panel = Math.min(LONGEST_PANEL, PANEL_OF_MANY / Math.sqrt(teams));
    this.deviations = new Float64Array(teams);
    for (let i = 0; i < teams; i++) {
      this.deviations[i] = Math.max(SMALLEST_DEVIATION, Math.sqrt(variances[i] as number) / scale);
    }
    this.means = new Float64Array(teams);
    const order = Array.from({ length: teams }, (_, i) => i);
    order.sort((a, b) => (means[a] as number) - (means[b] as number));
    let mean = 0;
    for (let k = 1; k < teams; k++) {
      const gap = ((means[order[k] as number] as number) - (means[order[k - 1] as number] as number)) / scale;
      mean += Math.min(gap, LONGEST_GAP);
      this.means[order[k] as number] = mean;
    }
  }

  /**
   * Writes the probability of each team to be ahead of all others by more than the draw margin; returns that of nobody. The
   * margin is given in deviations of a performance difference.
   */
  winners(marginPerDeviation: number, win: Float64Array): number {
    const { size, sizes } = this;
    win.fill(0, 0, size);
    if (marginPerDeviation === 0)
      this.addWinners(
        this.teamsWhere(() => true),
        new Float64Array(size),
        win,
      );
    else {
      // The margin between two teams depends on the size of both.
      for (const players of new Set(sizes.subarray(0, size))) {
        const leads = Float64Array.from({ length: size }, (_, other) => {
          const margin = marginPerDeviation * Math.sqrt(players + (sizes[other] as number)) * this.beta;
          return Math.min(LONGEST_GAP / 2, margin);
        });
        this.addWinners(
          this.teamsWhere((team) => sizes[team] === players),
          leads,
          win,
        );
      }
    }
    let sum = 0;
    for (let team = 0; team < size; team++) sum += win[team] as number;
    if (marginPerDeviation > 0 && sum <= 1) return Math.max(0, 1 - sum);
    // Without a margin somebody is in front: what is missing to 1 is rounding.
    for (let team = 0; team < size; team++) win[team] = (win[team] as number) / sum;
    return 0;
  }

  /**
   * `[team][place]`. Given the performance of one team, the number of those who beat it is a sum of independent events with
   * different probabilities (Poisson-binomial). At each node the distribution for all teams is built one event at a time;
   * taking a team's own event out again leaves that for the others.
   */
  places(): number[][] {
    const { size, means, deviations } = this;
    const places = Array.from({ length: size }, () => new Float64Array(size));
    const beats = new Float64Array(size);
    const loses = new Float64Array(size);
    const count = new Float64Array(size + 1);
    const all = this.teamsWhere(() => true);
    forEachNode(this.features(all), [], this.panel, (x, width) => {
      count.fill(0);
      count[0] = 1;
      for (let team = 0; team < size; team++) {
        const distance = ((means[team] as number) - x) / (deviations[team] as number);
        const tail = normalCdf(-Math.abs(distance));
        const above = distance < 0 ? tail : 1 - tail;
        const below = distance < 0 ? 1 - tail : tail;
        beats[team] = above;
        loses[team] = below;
        for (let k = team + 1; k > 0; k--) {
          count[k] = (count[k] as number) * below + (count[k - 1] as number) * above;
        }
        count[0] = (count[0] as number) * below;
      }
      for (let team = 0; team < size; team++) {
        const weight = this.density(team, x) * width;
        if (weight < NEGLIGIBLE) continue;
        addWithout(count, beats[team] as number, loses[team] as number, weight, places[team] as Float64Array);
      }
    });
    return places.map((row) => {
      let sum = 0;
      for (let place = 0; place < size; place++) sum += row[place] as number;
      return Array.from(row, (p) => p / sum);
    });
  }

  private addWinners(teams: readonly number[], leads: Float64Array, win: Float64Array): void {
    const { size, means, deviations } = this;
    const steps: Feature[] = [];
    for (let i = 0; i < size; i++) {
      steps.push({ centre: (means[i] as number) + (leads[i] as number), width: deviations[i] as number });
    }
    const behind = new Float64Array(size);
    // Products of those before, and of those after, a team.
    const before = new Float64Array(size);
    forEachNode(this.features(teams), steps, this.panel, (x, width) => {
      let product = width;
      for (let i = 0; i < size; i++) {
        const { centre, width: deviation } = steps[i] as Feature;
        before[i] = product;
        behind[i] = normalCdf((x - centre) / deviation);
        product *= behind[i] as number;
      }
      let after = 1;
      let next = size - 1;
      for (let t = teams.length - 1; t >= 0; t--) {
        const team = teams[t] as number;
        for (; next > team; next--) after *= behind[next] as number;
        const others = (before[team] as number) * after;
        if (others > NEGLIGIBLE * NEGLIGIBLE)
          win[team] = (win[team] as number) + others * this.density(team, x);
      }
    });
  }

  private teamsWhere(condition: (team: number) => boolean): number[] {
    return Array.from({ length: this.size }, (_, team) => team).filter(condition);
  }

  private features(teams: readonly number[]): Feature[] {
    return teams.map((team) => ({
      centre: this.means[team] as number,
      width: this.deviations[team] as number,
    }));
  }

  private density(team: number, x: number): number {
    const deviation = this.deviations[team] as number;
    const z = (x - (this.means[team] as number)) / deviation;
    return exponential(-0.5 * z * z) / (deviation * SQRT_TAU);
  }
}

/**
 * Adds `weight` times the distribution that is left of `count` without one event of probability `beats` = 1 - `loses`. It is
 * taken out from the end where what is divided by is the larger of the two, so that errors do not grow.
 */
function addWithout(
  count: Float64Array,
  beats: number,
  loses: number,
  weight: number,
  sum: Float64Array,
): void {
  const last = sum.length - 1;
  let rest = 0;
  if (beats <= 0.5) {
    for (let k = 0; k <= last; k++) {
      rest = Math.max(0, (count[k] as number) - beats * rest) / loses;
      sum[k] = (sum[k] as number) + weight * rest;
    }
  } else {
    for (let k = last; k >= 0; k--) {
      rest = Math.max(0, (count[k + 1] as number) - loses * rest) / beats;
      sum[k] = (sum[k] as number) + weight * rest;
    }
  }
}
