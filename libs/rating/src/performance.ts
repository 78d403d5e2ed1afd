import type { Rating } from './rating.js';

/** What is believed of a team's performance in one match, and of each player's skill going into it. */
export interface TeamPerformance {
  /** Weighted sum of the players' `mu`. */
  readonly mean: number;
  /** Weighted sum of skill and performance variances. */
  readonly variance: number;
  /** Standard deviation per player with the dynamics added; unlike the rest in the unit of the ratings. */
  readonly sigmas: readonly number[];
}

/** Outside of these, a square has lost digits on its way to 0 or become infinite. */
const SMALL_SQUARE = 1e-280;
const LARGE_SQUARE = 1e300;
/** Within these bounds, squares and sums of squares of deviations are far from the ends of a double's range. */
const LARGE_DEVIATION = 1e50;
const SMALL_DEVIATION = 1e-50;
/** Means beyond this many units are taken to lie there: no difference between them can be told apart any more. */
const LARGEST_MEAN = 1e200;

/**
 * The unit in which to compute with these ratings: 1 for all sensible numbers, else the largest deviation among them, so that
 * no square overflows and the largest does not vanish.
 */
export function computingUnit(teams: readonly (readonly Rating[])[], beta: number): number {
  let largest = beta;
  for (const team of teams) for (const { sigma } of team) if (sigma > largest) largest = sigma;
  return largest < LARGE_DEVIATION && largest > SMALL_DEVIATION ? 1 : largest;
}

/** Root of a^2 + b^2 for a, b >= 0, without underflow or overflow of the squares. */
function rootOfSquares(a: number, b: number): number {
  const square = a * a + b * b;
  if (square > SMALL_SQUARE && square < LARGE_SQUARE) return Math.sqrt(square);
  const larger = Math.max(a, b);
  if (larger === 0) return 0;
  const ratio = Math.min(a, b) / larger;
  return larger * Math.sqrt(1 + ratio * ratio);
}

/** A rating's `mu` in computing units, within bounds. */
export function boundedMean(mu: number, unit: number): number {
  return Math.max(-LARGEST_MEAN, Math.min(LARGEST_MEAN, mu / unit));
}

/**
 * The performance of a team: the sum of its players', each normal around his skill with deviation `beta`, each counted by his
 * weight. `beta` and `tau` are in the unit of the ratings; the result is in computing units.
 */
export function teamPerformance(
  team: readonly Rating[],
  weights: readonly number[] | undefined,
  beta: number,
  tau: number,
  unit: number,
): TeamPerformance {
  const betaSquared = (beta / unit) * (beta / unit);
  const sigmas = new Array<number>(team.length);
  let mean = 0;
  let variance = 0;
  for (let i = 0; i < team.length; i++) {
    const rating = team[i] as Rating;
    const weight = weights === undefined ? 1 : (weights[i] as number);
    const inflated = rootOfSquares(rating.sigma, tau);
    const sigma = inflated / unit;
    sigmas[i] = inflated;
    mean += weight * boundedMean(rating.mu, unit);
    variance += weight * weight * (sigma * sigma + betaSquared);
  }
  return { mean, variance, sigmas };
}

/** A rating after a change of `shift` computing units, with its new deviation; kept within the numbers there are. */
export function movedRating(before: Rating, shift: number, sigma: number, unit: number): Rating {
  const mu = before.mu + shift * unit;
  return {
    mu: Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, mu)),
    sigma: Math.min(Number.MAX_VALUE, sigma) || before.sigma,
  };
}
