import type { Rating, RatingModel } from '../rating.js';
import { requireFinite, requireModel, requireRating } from '../validation.js';

/** How a rating becomes the number that people see. */
export interface DisplayOptions {
  /** What a new player shows; 1500 where absent, for those used to Elo. */
  readonly start?: number;
  /**
   * What the number stands for. `ordinal` (where absent): the skill the player almost surely has, so that it rises while the
   * uncertainty falls. `mean`: the skill that is thought likeliest, which nobody's number leaves because he plays a lot.
   */
  readonly measure?: 'ordinal' | 'mean';
  /** Points for one unit of `mu`; the model's own where absent. */
  readonly pointsPerUnit?: number;
}

/** A scale made by {@link displayScale}. */
export interface DisplayScale {
  readonly start: number;
  readonly pointsPerUnit: number;
  /** The rating in points, not rounded. */
  toDisplay(rating: Rating): number;
}

/**
 * A scale on which a new player stands at `start`. Without options it is that of `model.displayRating`.
 *
 * @throws TypeError or RangeError for an option that is none; `toDisplay` for what is no rating
 */
export function displayScale(model: RatingModel, options: DisplayOptions = {}): DisplayScale {
  requireModel(model);
  const start = requireFinite(options.start ?? 1500, 'options.start');
  const pointsPerUnit = requireFinite(options.pointsPerUnit ?? model.pointsPerUnit, 'options.pointsPerUnit');
  if (pointsPerUnit <= 0)
    throw new RangeError(`options.pointsPerUnit: must be above 0, got ${pointsPerUnit}`);
  const measure = options.measure ?? 'ordinal';
  if (measure !== 'ordinal' && measure !== 'mean') {
    throw new RangeError(`options.measure: must be "ordinal" or "mean", got ${JSON.stringify(measure)}`);
  }
  const value = (rating: Rating) => (measure === 'ordinal' ? model.ordinal(rating) : rating.mu);
  const origin = value(model.initial());
  return {
    start,
    pointsPerUnit,
    toDisplay(rating) {
      requireRating(rating, 'rating');
      return start + pointsPerUnit * (value(rating) - origin);
    },
  };
}
