import { normalCdf } from '../numerics/truncated-normal.js';
import type { TeamPerformances } from './team-performances.js';

/** The probabilities that the performance difference lies above, below (to `win`) and within the draw margin (returned). */
export function predictTwoTeams(
  performances: TeamPerformances,
  marginPerDeviation: number,
  win: Float64Array,
): number {
  const { means, variances } = performances;
  const deviation = Math.sqrt((variances[0] as number) + (variances[1] as number));
  const gap = (means[0] as number) - (means[1] as number);
  const margin = performances.drawMargin(marginPerDeviation);
  if (deviation === 0) return predictCertain(gap, margin, win);
  const difference = gap / deviation;
  const scaled = margin / deviation;
  const first = normalCdf(difference - scaled);
  const second = normalCdf(-difference - scaled);
  win[0] = first;
  win[1] = second;
  return margin === 0 ? 0 : drawWithin(difference, scaled, first, second);
}

/** Nobody takes part: the performances are known exactly. */
function predictCertain(gap: number, margin: number, win: Float64Array): number {
  const even = margin === 0 && gap === 0;
  win[0] = gap > margin ? 1 : even ? 0.5 : 0;
  win[1] = -gap > margin ? 1 : even ? 0.5 : 0;
  return Math.abs(gap) <= margin && !even ? 1 : 0;
}

/**
 * What is left of 1; far out, where both sides' complement would cancel, the difference of two tails, of which the farther is the
 * chance of the weaker side.
 */
function drawWithin(difference: number, margin: number, win: number, loss: number): number {
  const distance = Math.abs(difference);
  if (distance <= margin) return Math.max(0, 1 - (win + loss));
  return Math.max(0, normalCdf(margin - distance) - (difference > 0 ? loss : win));
}
