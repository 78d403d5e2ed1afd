import type { MatchFactors } from './match-factors.js';
import type { ScaledParameters, SkillTimeline } from './skill-timeline.js';

/**
 * What the results do to the skills, all taken at once: with every comparison replaced by its Gaussian factor, the logarithm of a
 * match's likelihood is quadratic in the skills, and its slope is a force on each team. A comparison's own force f balances it
 * against the performance noise N of the two teams, which it shares with its neighbours in the ranking:
 *
 *     f_k + precision_k ((N_k + N_k+1) f_k - N_k f_k-1 - N_k+1 f_k+1) = pull_k - precision_k (u_k - u_k+1)
 *
 * with u the teams' sums of skills: tridiagonal and diagonally dominant, solved by elimination. With two teams it is one equation.
 */
export class MatchForces {
  private readonly sums: Float64Array;
  private readonly ratios: Float64Array;
  private readonly forces: Float64Array;
  private readonly totals: Float64Array;

  constructor(
    private readonly timeline: SkillTimeline,
    private readonly factors: MatchFactors,
    private readonly parameters: ScaledParameters,
  ) {
    this.sums = new Float64Array(factors.mostTeams);
    this.ratios = new Float64Array(factors.mostTeams);
    this.forces = new Float64Array(factors.mostTeams);
    this.totals = new Float64Array(factors.mostTeams);
  }

  /**
   * Writes the force on every player of a match, per appearance. `constant` is 1 for the force at these skills, 0 for its linear
   * part alone, without the pulls and offsets.
   */
  at(match: number, skills: Float64Array, constant: 0 | 1, result: Float64Array): void {
    const { firstTeam, firstAppearance, offset } = this.timeline;
    const { sums, totals } = this;
    const first = firstTeam[match] as number;
    const comparisons = (firstTeam[match + 1] as number) - first - 1;
    for (let k = 0; k <= comparisons; k++) {
      let sum = constant * (offset[first + k] as number);
      const end = firstAppearance[first + k + 1] as number;
      for (let i = firstAppearance[first + k] as number; i < end; i++) sum += skills[i] as number;
      sums[k] = sum;
    }
    if (this.timeline.scored[match] === 1) this.fromScores(first, comparisons + 1, constant);
    else this.fromRanks(first, comparisons, constant);
    for (let k = 0; k <= comparisons; k++) {
      const end = firstAppearance[first + k + 1] as number;
      for (let i = firstAppearance[first + k] as number; i < end; i++) result[i] = totals[k] as number;
    }
  }

  private fromRanks(first: number, comparisons: number, constant: 0 | 1): void {
    const { sums, ratios, forces, totals } = this;
    const { differencePrecision, differencePull } = this.factors;
    let noise = this.noise(first);
    let ratio = 0;
    let force = 0;
    for (let k = 0; k < comparisons; k++) {
      const nextNoise = this.noise(first + k + 1);
      const precision = differencePrecision[first + k] as number;
      const pull = constant * (differencePull[first + k] as number);
      const diagonal = 1 + precision * (noise * (1 - ratio) + nextNoise);
      force =
        (pull - precision * ((sums[k] as number) - (sums[k + 1] as number)) + precision * noise * force) /
        diagonal;
      ratio = (precision * nextNoise) / diagonal;
      forces[k] = force;
      ratios[k] = ratio;
      noise = nextNoise;
    }
    for (let k = comparisons - 2; k >= 0; k--) {
      forces[k] = (forces[k] as number) + (ratios[k] as number) * (forces[k + 1] as number);
    }
    for (let k = 0; k <= comparisons; k++) {
      totals[k] = (k < comparisons ? (forces[k] as number) : 0) - (k > 0 ? (forces[k - 1] as number) : 0);
    }
  }

  /** What each score is off, given the skills, less the level common to all, by the variance of score and performance. */
  private fromScores(first: number, teams: number, constant: 0 | 1): void {
    const { sums, totals, timeline, parameters } = this;
    let precision = 0;
    let level = 0;
    for (let k = 0; k < teams; k++) {
      const variance = this.noise(first + k) + parameters.scoreVariance;
      const off = constant * (timeline.observed[first + k] as number) - (sums[k] as number);
      totals[k] = off;
      precision += 1 / variance;
      level += (off - level) / variance / precision;
    }
    for (let k = 0; k < teams; k++) {
      totals[k] = ((totals[k] as number) - level) / (this.noise(first + k) + parameters.scoreVariance);
    }
  }

  /** About how fast the force on a player changes with his skill, per appearance; exact with two ranked teams. */
  stiffness(match: number, result: Float64Array): void {
    const { firstTeam, firstAppearance, scored } = this.timeline;
    const { differencePrecision } = this.factors;
    const end = firstTeam[match + 1] as number;
    let before = 0;
    for (let team = firstTeam[match] as number; team < end; team++) {
      let after = 0;
      if (scored[match] === 1) {
        after = 1 / (this.noise(team) + this.parameters.scoreVariance);
        before = 0;
      } else if (team + 1 < end) {
        const precision = differencePrecision[team] as number;
        after = precision / (1 + precision * (this.noise(team) + this.noise(team + 1)));
      }
      const last = firstAppearance[team + 1] as number;
      for (let i = firstAppearance[team] as number; i < last; i++) result[i] = before + after;
      before = after;
    }
  }

  private noise(team: number): number {
    const { firstAppearance } = this.timeline;
    const players = (firstAppearance[team + 1] as number) - (firstAppearance[team] as number);
    return players * this.parameters.betaSquared;
  }
}
