import type { RatingModel } from '../rating.js';
import { requireFinite, requireModel } from '../validation.js';

/** A class of players, by the number they see. */
export interface Tier {
  readonly name: string;
  /** Display points at which one is promoted into it. The lowest tier also holds everybody below. */
  readonly from: number;
}

/** Tiers in ascending order, with what keeps players from flickering between two of them. */
export interface TierLadder {
  readonly tiers: readonly Tier[];
  /** Points one must fall below the boundary of his tier before he leaves it. */
  readonly margin: number;
  /**
   * The tier of a player. Promotion is at the boundary, demotion only `margin` below it: who moves by less than the margin
   * changes his tier once at most.
   *
   * @param display points, as `displayRating` gives them
   * @param previous name of the tier he had; absent, or a name that the ladder does not know: he had none
   */
  tierOf(display: number, previous?: string | null): Tier;
}

/**
 * A ladder of tiers.
 *
 * @param tiers one or more, ascending
 * @param margin at least 0, less than the distance of any two boundaries
 * @throws TypeError or RangeError that names what is wrong
 */
export function tierLadder(tiers: readonly Tier[], margin: number): TierLadder {
  if (!Array.isArray(tiers)) throw new TypeError('tiers: expected an array');
  if (tiers.length === 0) throw new RangeError('tiers: at least one is needed');
  const steps: readonly Tier[] = tiers.map(({ name, from }: Tier, i) => {
    if (typeof name !== 'string' || name === '') throw new TypeError(`tiers[${i}].name: expected a name`);
    return Object.freeze({ name, from: requireFinite(from, `tiers[${i}].from`) });
  });
  requireFinite(margin, 'margin');
  if (margin < 0) throw new RangeError(`margin: must not be negative, got ${margin}`);
  const index = new Map<string, number>();
  steps.forEach(({ name, from }, i) => {
    if (index.has(name)) throw new RangeError(`tiers[${i}].name: "${name}" is there twice`);
    index.set(name, i);
    const below = steps[i - 1];
    if (below && from <= below.from) throw new RangeError(`tiers[${i}].from: must be above ${below.from}`);
    // The lowest tier has no lower end that one could fall through.
    if (i >= 2 && below && from - below.from <= margin) {
      throw new RangeError(`margin: must be less than the ${from - below.from} points of "${below.name}"`);
    }
  });

  const highest = (display: number, top: number, slack: number): number => {
    let i = top;
    while (i > 0 && display < (steps[i] as Tier).from - slack) i -= 1;
    return i;
  };
  return {
    tiers: Object.freeze(steps),
    margin,
    tierOf(display, previous) {
      requireFinite(display, 'display');
      const reached = highest(display, steps.length - 1, 0);
      const held = previous === undefined || previous === null ? undefined : index.get(previous);
      return steps[held === undefined || held <= reached ? reached : highest(display, held, margin)] as Tier;
    },
  };
}

const NAMES = ['Bronze', 'Silver', 'Gold', 'Platinum', 'Diamond', 'Master'] as const;
/** Uncertainty of a player who has settled, as a share of a new player's. */
const SETTLED = 0.15;

/**
 * Six tiers that fit a model's scale: the average settled player stands in the middle of Gold, and a tier is two thirds of the spread
 * that the model expects of a population (its initial sigma). Of settled players some 16 % are then Bronze and 5 % Master.
 * The margin is a quarter of a tier.
 */
export function defaultTiers(model: RatingModel): TierLadder {
  requireModel(model);
  const initial = model.initial();
  const average = model.displayRating({ ...initial, sigma: SETTLED * initial.sigma });
  const height = (2 / 3) * model.pointsPerUnit * initial.sigma;
  const lowest = Math.min(model.displayRating(initial), average - 2.5 * height);
  return tierLadder(
    NAMES.map((name, i) => ({ name, from: i === 0 ? lowest : average + (i - 2.5) * height })),
    height / 4,
  );
}
