import { computingUnit, teamPerformance } from './performance.js';
import type { Prediction, Rating } from './rating.js';
import { normalCdf } from './truncated-normal.js';
import type { UpdateParameters } from './two-teams.js';

/** The probabilities that the performance difference lies above, below and within the draw margin. */
export function predictTwoTeams(
  teams: readonly (readonly Rating[])[],
  parameters: UpdateParameters,
): Prediction {
  const { beta, marginPerDeviation } = parameters;
  const [first, second] = teams as readonly [readonly Rating[], readonly Rating[]];
  const unit = computingUnit(teams, beta);
  const ours = teamPerformance(first, undefined, beta, 0, unit);
  const theirs = teamPerformance(second, undefined, beta, 0, unit);
  const deviation = Math.sqrt(ours.variance + theirs.variance);
  const difference = (ours.mean - theirs.mean) / deviation;
  const margin = (marginPerDeviation * Math.sqrt(first.length + second.length) * (beta / unit)) / deviation;
  const win = normalCdf(difference - margin);
  const loss = normalCdf(-difference - margin);
  return { win: [win, loss], draw: margin === 0 ? 0 : drawWithin(difference, margin, win, loss) };
}

/** What is left of 1; far out, where both sides' complement would cancel, the difference of two tails. */
function drawWithin(difference: number, margin: number, win: number, loss: number): number {
  const distance = Math.abs(difference);
  if (distance <= margin) return Math.max(0, 1 - (win + loss));
  return Math.max(0, normalCdf(margin - distance) - normalCdf(-margin - distance));
}
