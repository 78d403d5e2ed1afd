import type { FlatMatch } from '../kernel.js';
import { momentsAbove, momentsWithin } from '../numerics/truncated-normal.js';
import type { GaussianConstants } from './constants.js';
import type { Evidence } from './evidence.js';
import type { TeamPerformances } from './team-performances.js';

/** Below this deviation, nobody took part in a way that numbers can tell. */
const SMALLEST_DEVIATION = 1e-140;

/**
 * The exact evidence of who won, or that it was a draw, in closed form: with two teams the performance difference is one
 * normal variable, of which the result says where it lies. Formulas in docs/rating.md.
 */
export function evidenceOfTwoTeams(
  match: FlatMatch,
  performances: TeamPerformances,
  constants: GaussianConstants,
  evidence: Evidence,
): void {
  const { means, variances } = performances;
  const deviation = Math.sqrt((variances[0] as number) + (variances[1] as number));
  if (!(deviation > SMALLEST_DEVIATION)) {
    evidence.nothing(2);
    return;
  }
  const difference = ((means[0] as number) - (means[1] as number)) / deviation;
  const margin = performances.drawMargin(constants.drawMargin) / deviation;
  const order = (match.ranks[1] as number) - (match.ranks[0] as number);
  // In a draw, what is left of the difference around its mean lies within the margin.
  const moments =
    order === 0
      ? momentsWithin(-difference, margin)
      : momentsAbove(order > 0 ? difference - margin : -difference - margin);
  const push = (order < 0 ? -moments.mean : moments.mean) / deviation;
  const inverse = 1 / (deviation * deviation);
  evidence.push[0] = push;
  evidence.push[1] = -push;
  evidence.inverse[0] = evidence.inverse[1] = inverse;
  evidence.remaining[0] = evidence.remaining[1] = moments.variance;
  evidence.fractionsCounted = true;
}
