import type { FlatMatch } from '../kernel.js';
import { momentsAbove, momentsWithin } from '../numerics/truncated-normal.js';
import type { GaussianConstants } from './constants.js';
import type { Evidence } from './evidence.js';
import type { TeamPerformances } from './team-performances.js';

/** In units of the largest team deviation: means farther apart, and deviations smaller, make no difference to the result. */
const LARGEST_MEAN = 1e50;
const SMALLEST_VARIANCE = 1e-50;
/** What a result leaves of a difference's variance, at least: a draw without a margin would leave nothing. */
const SMALLEST_REMAINDER = 1e-100;
/** Relative change of every approximated difference below which the fixed point counts as reached. */
const TOLERANCE = 1e-13;
/** Three to ten sweeps were enough in every case measured, up to 100 teams; this is a bound, not a setting. */
const MAX_SWEEPS = 200;

/**
 * The evidence of a ranking of three or more teams: expectation propagation (Minka 2001; Herbrich, Minka and Graepel 2006) over
 * the differences between neighbours in the ranking, repeated until nothing changes any more. Teams of equal rank are compared
 * in the order in which they are given. Each performance and each message is a Gaussian in natural parameters: its precision,
 * and its precision times its mean. One object serves many matches.
 */
export class ManyTeams {
  private size = 0;
  /** Position in the ranking → team. All other arrays are by position too. */
  private order = new Int32Array(0);
  private means = new Float64Array(0);
  private precisions = new Float64Array(0);
  private pulls = new Float64Array(0);
  /** Per pair of neighbours: the draw margin, and 1 where they tied. */
  private margins = new Float64Array(0);
  private tied = new Uint8Array(0);
  /** What the better neighbour, and the worse one, say of a team. */
  private fromBetter = new Float64Array(0);
  private pullFromBetter = new Float64Array(0);
  private fromWorse = new Float64Array(0);
  private pullFromWorse = new Float64Array(0);

  /** Fills `evidence`. The performances are those of whole matches: play fractions are left to {@link Evidence.apply}. */
  evidence(
    match: FlatMatch,
    performances: TeamPerformances,
    constants: GaussianConstants,
    evidence: Evidence,
  ): void {
    this.reserve(match.teams);
    this.sort(match);
    const scale = this.build(match, performances, constants);
    this.propagate();
    for (let i = 0; i < this.size; i++) {
      const team = this.order[i] as number;
      const own = this.precisions[i] as number;
      const added = (this.fromBetter[i] as number) + (this.fromWorse[i] as number);
      const pull = (this.pullFromBetter[i] as number) + (this.pullFromWorse[i] as number);
      const precision = own + added;
      // The mean moves by this times the variance; the variance shrinks by the factor own / precision.
      evidence.push[team] = ((pull - (this.means[i] as number) * added) * (own / precision)) / scale;
      evidence.inverse[team] = own / scale / scale;
      evidence.remaining[team] = own / precision;
    }
    evidence.fractionsCounted = false;
  }

  private reserve(teams: number): void {
    this.size = teams;
    if (this.order.length >= teams) return;
    this.order = new Int32Array(teams);
    this.tied = new Uint8Array(teams);
    this.means = new Float64Array(teams);
    this.precisions = new Float64Array(teams);
    this.pulls = new Float64Array(teams);
    this.margins = new Float64Array(teams);
    this.fromBetter = new Float64Array(teams);
    this.pullFromBetter = new Float64Array(teams);
    this.fromWorse = new Float64Array(teams);
    this.pullFromWorse = new Float64Array(teams);
  }

  /** Teams by rank, equal ones in the order given. Results mostly come sorted, so insertion it is. */
  private sort({ ranks }: FlatMatch): void {
    const { order, size } = this;
    for (let team = 0; team < size; team++) {
      const rank = ranks[team] as number;
      let i = team;
      for (; i > 0 && (ranks[order[i - 1] as number] as number) > rank; i--)
        order[i] = order[i - 1] as number;
      order[i] = team;
    }
  }

  /** Performances in the order of the ranking, in units of the largest deviation among them, which is returned. */
  private build(match: FlatMatch, performances: TeamPerformances, constants: GaussianConstants): number {
    const { order, size } = this;
    const { means, variances, sizes, beta } = performances;
    let largest = 0;
    for (let team = 0; team < size; team++) largest = Math.max(largest, variances[team] as number);
    const scale = Math.sqrt(largest);
    // Means count from the best team's, so that large numbers with small differences lose no digits.
    const origin = means[order[0] as number] as number;
    for (let i = 0; i < size; i++) {
      const team = order[i] as number;
      const mean = ((means[team] as number) - origin) / scale;
      const variance = (variances[team] as number) / largest;
      this.means[i] = Math.max(-LARGEST_MEAN, Math.min(LARGEST_MEAN, mean));
      this.precisions[i] = 1 / Math.max(SMALLEST_VARIANCE, variance);
      this.pulls[i] = (this.means[i] as number) * (this.precisions[i] as number);
      if (i + 1 === size) break;
      const next = order[i + 1] as number;
      const players = (sizes[team] as number) + (sizes[next] as number);
      this.margins[i] = (constants.tieMargin * Math.sqrt(players) * beta) / scale;
      this.tied[i] = match.ranks[team] === match.ranks[next] ? 1 : 0;
    }
    this.fromBetter.fill(0, 0, size);
    this.pullFromBetter.fill(0, 0, size);
    this.fromWorse.fill(0, 0, size);
    this.pullFromWorse.fill(0, 0, size);
    return scale;
  }

  private propagate(): void {
    const { size } = this;
    for (let sweep = 0; sweep < MAX_SWEEPS; sweep++) {
      let change = 0;
      for (let i = 0; i < size - 1; i++) change = Math.max(change, this.refine(i));
      for (let i = size - 3; i >= 0; i--) change = Math.max(change, this.refine(i));
      if (change < TOLERANCE) break;
    }
  }

  /**
   * Takes the result between neighbours `i` and `i + 1` once more, given all that the other results say of the two; returns
   * the relative change.
   */
  private refine(i: number): number {
    const betterPrecision = (this.precisions[i] as number) + (this.fromBetter[i] as number);
    const worsePrecision = (this.precisions[i + 1] as number) + (this.fromWorse[i + 1] as number);
    const betterVariance = 1 / betterPrecision;
    const worseVariance = 1 / worsePrecision;
    const betterMean = ((this.pulls[i] as number) + (this.pullFromBetter[i] as number)) * betterVariance;
    const worseMean = ((this.pulls[i + 1] as number) + (this.pullFromWorse[i + 1] as number)) * worseVariance;

    const variance = betterVariance + worseVariance;
    const deviation = Math.sqrt(variance);
    const mean = betterMean - worseMean;
    const margin = this.margins[i] as number;
    const known =
      this.tied[i] === 1
        ? momentsWithin(-mean / deviation, margin / deviation)
        : momentsAbove((mean - margin) / deviation);

    // The factor that turns N(mean, variance) into the moments just found, in natural parameters.
    const remaining = Math.max(known.variance, SMALLEST_REMAINDER);
    const inverse = 1 / (variance * remaining);
    const precision = (1 - remaining) * inverse;
    const pull = deviation * known.mean * inverse + mean * precision;

    const toWorse = 1 / (1 + precision * betterVariance);
    const toBetter = 1 / (1 + precision * worseVariance);
    const precisionToWorse = precision * toWorse;
    const pullToWorse = (precision * betterMean - pull) * toWorse;
    const precisionToBetter = precision * toBetter;
    const pullToBetter = (precision * worseMean + pull) * toBetter;
    const scale = 1 / variance;
    const change = Math.max(
      relativeChange(precisionToWorse, this.fromBetter[i + 1] as number, scale + precisionToWorse) +
        relativeChange(
          pullToWorse,
          this.pullFromBetter[i + 1] as number,
          scale + precisionToWorse + Math.abs(pullToWorse),
        ),
      relativeChange(precisionToBetter, this.fromWorse[i] as number, scale + precisionToBetter) +
        relativeChange(
          pullToBetter,
          this.pullFromWorse[i] as number,
          scale + precisionToBetter + Math.abs(pullToBetter),
        ),
    );
    this.fromBetter[i + 1] = precisionToWorse;
    this.pullFromBetter[i + 1] = pullToWorse;
    this.fromWorse[i] = precisionToBetter;
    this.pullFromWorse[i] = pullToBetter;
    return change;
  }
}

function relativeChange(now: number, before: number, scale: number): number {
  return Math.abs(now - before) / scale;
}
