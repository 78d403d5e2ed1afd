import {
  defaultTiers,
  isProvisional,
  tierLadder,
  type Rating,
  type RatingModel,
  type TierLadder,
} from '@ranked/rating';
import type { QueueRanks } from '../config/queue-config.js';

/** What a queue shows unless it says otherwise. */
export const DEFAULT_RANKS: QueueRanks = { provisional: 0.5 };

/** By what a queue shows its players' ratings. */
export interface StandingRules {
  tiers: TierLadder;
  /** A rating is provisional while its sigma is above this share of a new player's. */
  provisionalShare: number;
}

/**
 * How a queue shows ratings; the tiers are the model's own where it names none.
 * @throws RangeError for tiers that are none
 */
export function standingRules(
  model: RatingModel,
  { tiers, tierMargin, provisional }: QueueRanks,
): StandingRules {
  if (tiers === undefined) return { tiers: defaultTiers(model), provisionalShare: provisional };
  // The lowest tier has no lower end, so the first step is that of the second.
  const steps = tiers.slice(2).map((tier, i) => tier.from - (tiers[i + 1]?.from ?? 0));
  const margin = tierMargin ?? (steps.length === 0 ? 0 : Math.min(...steps) / 4);
  return { tiers: tierLadder(tiers, margin), provisionalShare: provisional };
}

/**
 * The tier of a player after a match; null as long as he has none. He gets his first when his rating is not provisional any
 * more, and then keeps being in one.
 */
export function tierAfter(
  model: RatingModel,
  { tiers, provisionalShare }: StandingRules,
  after: Rating,
  before: string | null,
): string | null {
  if (before === null && isProvisional(model, after, provisionalShare)) return null;
  return tiers.tierOf(model.displayRating(after), before).name;
}
