import { exponential } from '../numerics/exponential.js';
import type { TeamPerformances } from './team-performances.js';

const SMALLEST_SQUARE = 1e-200;

/**
 * Match quality (Herbrich, Minka and Graepel 2006): the probability density of an all-round draw relative to that between
 * teams of equal and exactly known skill. The determinants in the general formula run over differences between teams; they
 * have the closed form product(v) * sum(1/v) in the teams' performance variances v, so it takes linear time and does not
 * depend on the order of the teams. Who plays a part of the match counts with the square of that part, as in the general formula.
 */
export function matchQuality(
  { means, variances, squaredFractions, beta }: TeamPerformances,
  teams: number,
): number {
  // Where beta is so small that its square vanishes, so does the quality.
  const betaSquared = Math.max(beta * beta, SMALLEST_SQUARE);
  let ratio = 1;
  let exactPrecision = 0;
  let precision = 0;
  // Mean of the performances, weighted by their precision, and the squared distances from it: Welford's recurrence.
  let centre = 0;
  let distance = 0;
  for (let i = 0; i < teams; i++) {
    // A team in which nobody takes part is as certain as can be, and not a division by 0.
    const players = Math.max(squaredFractions[i] as number, SMALLEST_SQUARE);
    const mean = means[i] as number;
    // In units of beta^2.
    const variance = Math.max(players, (variances[i] as number) / betaSquared);
    ratio *= players / variance;
    exactPrecision += 1 / players;
    precision += 1 / variance;
    const before = i === 0 ? 0 : mean - centre;
    centre = i === 0 ? mean : centre + before / variance / precision;
    // Never negative but by rounding.
    distance += Math.max(0, (before / variance) * (mean - centre));
  }
  const quality =
    Math.sqrt((ratio * exactPrecision) / precision) * exponential((-0.5 * distance) / betaSquared);
  return Math.min(1, quality);
}
