import type { FlatMatch } from '../kernel.js';
import type { GaussianConstants } from './constants.js';
import type { TeamPerformances } from './team-performances.js';

/** What a result leaves of a variance, at least: a draw without a margin would leave nothing. */
const SMALLEST_REMAINDER = 1e-100;
/** More importance than this makes no difference. */
const LARGEST_IMPORTANCE = 1e50;

/**
 * What a result says of each team, in computing units. A skill of variance s that counts in its team's performance with the
 * factor f moves by f s `push`, and of its variance remains 1 - f^2 s `inverse` (1 - `remaining`).
 */
export class Evidence {
  push = new Float64Array(4);
  /** One over the variance that was compared with the result. */
  inverse = new Float64Array(4);
  /** The part of that variance which the result leaves. */
  remaining = new Float64Array(4);
  /**
   * Whether the play fractions are in the performances already. If not, a player gets the fraction of his evidence: the gain
   * of precision, and of precision times mean, multiplied by it.
   */
  fractionsCounted = true;

  reserve(teams: number): void {
    if (this.push.length >= teams) return;
    this.push = new Float64Array(2 * teams);
    this.inverse = new Float64Array(2 * teams);
    this.remaining = new Float64Array(2 * teams);
  }

  nothing(teams: number): void {
    this.push.fill(0, 0, teams);
    this.inverse.fill(0, 0, teams);
    this.remaining.fill(1, 0, teams);
    this.fractionsCounted = true;
  }

  /** Moves the players' ratings by it. */
  apply(match: FlatMatch, performances: TeamPerformances, constants: GaussianConstants): void {
    const { mu, sigma, playFraction, hasPlayFraction, teamEnds, teams } = match;
    const { skillVariances, unit } = performances;
    const { largestSigma } = constants;
    const importance = Math.min(match.importance, LARGEST_IMPORTANCE);
    let i = 0;
    for (let team = 0; team < teams; team++) {
      const end = teamEnds[team] as number;
      const push = this.push[team] as number;
      const inverse = this.inverse[team] as number;
      const left = this.remaining[team] as number;
      for (; i < end; i++) {
        const variance = skillVariances[i] as number;
        const fraction = hasPlayFraction ? (playFraction[i] as number) : 1;
        const factor = this.fractionsCounted ? fraction : 1;
        const share = factor * factor * variance * inverse;
        let remaining = Math.max((share < 1 ? 1 - share : 0) + share * left, SMALLEST_REMAINDER);
        let shift = factor * variance * push;
        const part = this.fractionsCounted ? importance : importance * fraction;
        if (part !== 1) {
          const total = remaining + part * (1 - remaining);
          shift = (part * shift) / total;
          remaining /= total;
        }
        const before = sigma[i] as number;
        const after = Math.sqrt(variance * remaining) * unit;
        const moved = Math.max(
          -Number.MAX_VALUE,
          Math.min(Number.MAX_VALUE, (mu[i] as number) + shift * unit),
        );
        // −0 becomes 0. They are one number, and which of them comes out would hang on the order of the teams.
        mu[i] = moved + 0;
        sigma[i] = Math.min(after, before > largestSigma ? before : largestSigma) || before;
      }
    }
  }
}
