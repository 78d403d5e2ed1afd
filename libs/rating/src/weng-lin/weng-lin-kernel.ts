import type { FlatMatch, RatingKernel } from '../kernel.js';
import { emptyContest, loadContest, type Contest } from './contest.js';
import type { ContestUpdate } from './pair-update.js';
import type { WengLinParameters } from './parameters.js';
import { performanceQuality } from './performance-quality.js';

/** The share of a variance that the evidence takes away, at most: all but kappa of the paper. */
const LARGEST_SHARE = 1 - 1e-4;
/** In computing units; squares below this have lost digits. */
const SMALLEST_VARIANCE = 1e-290;

/** Writes each team's probability of being alone in front, in the order of the match, and returns that of a draw. */
export type ContestPrediction = (contest: Contest, win: Float64Array) => number;

/** The array-backed update that all models of Weng and Lin share; they differ in what they make of a contest. */
export class WengLinKernel implements RatingKernel {
  private contest = emptyContest(2);

  constructor(
    private readonly parameters: WengLinParameters,
    private readonly update: ContestUpdate,
    private readonly prediction: ContestPrediction,
  ) {}

  age(match: FlatMatch): void {
    const { sigma: initial, tauPerDay } = this.parameters;
    const { sigma, days, players } = match;
    for (let j = 0; j < players; j++)
      sigma[j] = agedSigma(sigma[j] as number, days[j] as number, initial, tauPerDay);
  }

  rate(match: FlatMatch): void {
    const { tau } = this.parameters;
    const contest = this.load(match, tau, true);
    this.update(contest);
    const { unit, order, slopes, gains } = contest;
    const { mu, sigma, teamEnds, importance, hasPlayFraction, playFraction } = match;
    const scaledTau = tau / unit;
    const tauSquared = scaledTau * scaledTau;
    for (let k = 0; k < contest.count; k++) {
      const team = order[k] as number;
      const slope = slopes[k] as number;
      const gain = gains[k] as number;
      const end = teamEnds[team] as number;
      for (let j = team === 0 ? 0 : (teamEnds[team - 1] as number); j < end; j++) {
        const fraction = hasPlayFraction ? (playFraction[j] as number) : 1;
        const deviation = (sigma[j] as number) / unit;
        const variance = deviation * deviation + tauSquared;
        // Known as good as exactly, beside the others: nothing moves.
        if (variance < SMALLEST_VARIANCE) continue;
        const share = Math.min(fraction * fraction * variance * gain, LARGEST_SHARE);
        // A part or a multiple of the evidence: precisions add up, and precision times mean.
        const part = importance === 1 ? 1 : 1 - share + importance * share;
        mu[j] = withinRange((mu[j] as number) + (importance / part) * fraction * variance * slope * unit);
        sigma[j] = Math.min(Number.MAX_VALUE, Math.sqrt((variance * (1 - share)) / part) * unit);
      }
    }
  }

  predict(match: FlatMatch, win: Float64Array): number {
    return this.prediction(this.load(match, 0, false), win);
  }

  quality(match: FlatMatch): number {
    return performanceQuality(this.load(match, 0, false));
  }

  /** The teams of a match that is yet to be played, in its order. */
  load(match: FlatMatch, tau: number, ranked: boolean): Contest {
    if (this.contest.order.length < match.teams) this.contest = emptyContest(2 * match.teams);
    loadContest(this.contest, match, this.parameters, tau, ranked);
    return this.contest;
  }
}

/** The deviation after idle time, capped at a new player's. */
export function agedSigma(sigma: number, days: number, initial: number, tauPerDay: number): number {
  if (sigma >= initial || tauPerDay === 0) return sigma;
  return Math.min(initial, Math.sqrt(sigma * sigma + days * (tauPerDay * tauPerDay)));
}

function withinRange(mu: number): number {
  return mu > Number.MAX_VALUE ? Number.MAX_VALUE : mu < -Number.MAX_VALUE ? -Number.MAX_VALUE : mu;
}
