import { exponential } from '../numerics/exponential.js';
import type { Contest } from './contest.js';

/**
 * How close a contest will be: the probability density of an all-round draw relative to that of teams of equal and known
 * strength (the measure of Herbrich, Minka and Graepel 2006, here with one performance deviation per team). Between 0 and 1.
 */
export function performanceQuality(contest: Contest): number {
  const { count, strengths, variances, betaSquared } = contest;
  let ratio = 1;
  let precision = 0;
  // Mean of the strengths, weighted by their precision, and the squared distances from it: Welford's recurrence.
  let centre = 0;
  let distance = 0;
  for (let k = 0; k < count; k++) {
    const variance = 1 + (variances[k] as number) / betaSquared;
    ratio /= variance;
    precision += 1 / variance;
    const before = k === 0 ? 0 : (strengths[k] as number) - centre;
    centre = k === 0 ? (strengths[k] as number) : centre + before / variance / precision;
    distance += Math.max(0, (before / variance) * ((strengths[k] as number) - centre));
  }
  const quality = Math.sqrt((ratio * count) / precision) * exponential((-0.5 * distance) / betaSquared);
  return Math.min(1, quality);
}
