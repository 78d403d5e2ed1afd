import { PerformanceOrder } from '../gaussian/performance-order.js';
import type { Contest } from './contest.js';
import { withUnitSums } from './places.js';

/**
 * The order of a race in which team i performs at N(strength, spread^2 (variance + beta^2)). With a spread of 1 every pair of teams is
 * that of Thurstone and Mosteller.
 */
function orderOf(contest: Contest, spread: number): PerformanceOrder {
  const { count, betaSquared } = contest;
  const means = contest.strengths.slice(0, count);
  const variances = new Float64Array(count);
  for (let k = 0; k < count; k++) {
    variances[k] = spread * spread * ((contest.variances[k] as number) + betaSquared);
  }
  const order = new PerformanceOrder();
  // Margins count betas of the pair: one for each team, whatever its size.
  const sizes = new Float64Array(count).fill(1);
  order.read({ means, variances, sizes, beta: Math.sqrt(betaSquared) }, count);
  return order;
}

/** Writes each team's probability to be ahead of all others by more than the draw margin; returns that nobody is. */
export function predictRace(
  contest: Contest,
  spread: number,
  standardMargin: number,
  win: Float64Array,
): number {
  return orderOf(contest, spread).winners(standardMargin, win);
}

/** The probability of every place, `[team][place]`. */
export function racePlaces(contest: Contest, spread: number): number[][] {
  return withUnitSums(orderOf(contest, spread).places());
}
