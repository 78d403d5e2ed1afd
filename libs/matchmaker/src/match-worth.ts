import type { QueueRules } from './queue.js';
import { lastResortAfter } from './window.js';

/** Points in one performance deviation: what `RatingModel.pointsPerUnit` makes of `beta`. */
const POINTS_PER_DEVIATION = 200;
/** A wish of the queue that a match does not meet. */
const UNMET = 0.5;

/** What the worth of a match depends on. */
export interface MatchFacts {
  /** Per team the sum of the strengths, in points. */
  readonly teamStrengths: ArrayLike<number>;
  /** Points between the strongest and the weakest entry. */
  readonly spread: number;
  /** Mean over the entries of how much of the time to the last resort has passed, each 0 to 1. */
  readonly waited: number;
  /** Milliseconds of the slowest player; undefined where not known. */
  readonly worstLatency: number | undefined;
  /** Whether opponents of the last match meet again. */
  readonly repeated: boolean;
  /** Whether a team with a party faces one without. */
  readonly unequalParties: boolean;
}

/**
 * What a match is worth, 0 to 2. The total over all matches is what the queue tries to make large. A product, so that a match
 * bad in one respect is not saved by another: closeness of the teams (their quality as it would be if all strengths were known
 * exactly), nearness of the entries, latency, wishes met, and up to twice as much for those who have waited longest.
 */
export function matchWorth(queue: QueueRules, facts: MatchFacts): number {
  const { teamStrengths, spread, waited, worstLatency, repeated, unequalParties } = facts;
  let mean = 0;
  const teams = teamStrengths.length;
  for (let team = 0; team < teams; team++) mean += (teamStrengths[team] as number) / teams;
  let squares = 0;
  for (let team = 0; team < teams; team++) {
    const gap = ((teamStrengths[team] as number) - mean) / POINTS_PER_DEVIATION;
    squares += gap * gap;
  }
  const width = spread / (2 * POINTS_PER_DEVIATION);
  let worth = Math.exp(-0.5 * (squares / queue.size + width * width)) * (1 + waited);
  if (queue.latency !== undefined && worstLatency !== undefined) {
    const { good, max } = queue.latency;
    // Half of it is lost at the limit.
    if (worstLatency > good) worth *= 1 - 0.5 * Math.min(1, (worstLatency - good) / (max - good));
  }
  if (repeated) worth *= UNMET;
  if (unequalParties) worth *= UNMET;
  return worth;
}

/** How much of the time to the last resort has passed, 0 to 1. */
export function waitedShare({ window }: QueueRules, waitMs: number): number {
  const limit = lastResortAfter(window) * 1000;
  return waitMs >= limit ? 1 : Math.max(0, waitMs) / limit;
}
