import { exponential } from './exponential.js';
import { boundedMean, computingUnit } from './performance.js';
import type { Rating } from './rating.js';

const SMALLEST_SQUARE = 1e-200;

/**
 * Match quality (Herbrich, Minka and Graepel 2006): the probability density of an all-round draw relative to that between
 * teams of equal and exactly known skill. The determinants in the general formula run over differences between teams; they
 * have the closed form product(v) * sum(1/v) in the teams' performance variances v, so it takes linear time and does not
 * depend on the order of the teams.
 */
export function matchQuality(teams: readonly (readonly Rating[])[], beta: number): number {
  const unit = computingUnit(teams, beta);
  // Where beta is so small that its square vanishes, so does the quality.
  const betaSquared = Math.max((beta / unit) * (beta / unit), SMALLEST_SQUARE);
  let ratio = 1;
  let exactPrecision = 0;
  let precision = 0;
  // Mean of the performances, weighted by their precision, and the squared distances from it: Welford's recurrence.
  let centre = 0;
  let distance = 0;
  for (let i = 0; i < teams.length; i++) {
    const team = teams[i] as readonly Rating[];
    const players = team.length;
    let mean = 0;
    // In units of beta^2.
    let variance = players;
    for (let j = 0; j < players; j++) {
      const { mu, sigma } = team[j] as Rating;
      mean += boundedMean(mu, unit);
      variance += ((sigma / unit) * (sigma / unit)) / betaSquared;
    }
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
