import { momentsAbove, momentsWithin } from '../numerics/truncated-normal.js';
import { logarithm } from '../numerics/logarithm.js';
import { logCdf, logProbabilityWithin } from './log-normal-probability.js';

/** What a result leaves of a difference's variance, at least: a draw without a margin would leave nothing. */
const SMALLEST_REMAINDER = 1e-100;

/** A Gaussian factor without scale, exp(-precision x^2 / 2 + pull x). The precision is never negative. */
export interface GaussianFactor {
  precision: number;
  pull: number;
}

/**
 * Writes the Gaussian factor that turns N(mean, variance), what all else says of the difference between the better and the
 * worse team's performance, into the mean and variance that the result leaves (Minka 2001, moment matching). The result's
 * likelihood is log-concave, so that it never adds variance: the factor's precision cannot become negative.
 * A tie means a difference within the margin, else the better team's lead exceeds it.
 */
export function differenceFactor(
  result: GaussianFactor,
  mean: number,
  variance: number,
  margin: number,
  tied: boolean,
): void {
  const deviation = Math.sqrt(variance);
  const known = tied
    ? momentsWithin(-mean / deviation, margin / deviation)
    : momentsAbove((mean - margin) / deviation);
  const remaining = Math.max(Math.min(known.variance, 1), SMALLEST_REMAINDER);
  result.precision = (1 - remaining) / (variance * remaining);
  result.pull = (deviation * known.mean) / (variance * remaining) + mean * result.precision;
}

/** ln of the probability of the result if the difference is N(mean, variance). */
export function logResultProbability(mean: number, variance: number, margin: number, tied: boolean): number {
  const deviation = Math.sqrt(variance);
  return tied
    ? logProbabilityWithin(mean / deviation, margin / deviation)
    : logCdf((mean - margin) / deviation);
}

/** ln of the integral of N(x; mean, 1 / precision) times the factor. */
export function logIntegral(mean: number, precision: number, factor: GaussianFactor): number {
  const ratio = 1 + factor.precision / precision;
  const exponent =
    2 * factor.pull * mean + (factor.pull / precision) * factor.pull - factor.precision * mean * mean;
  return 0.5 * (exponent / ratio - logarithm(ratio));
}
