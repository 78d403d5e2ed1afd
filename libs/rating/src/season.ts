import type { Rating, RatingModel } from './rating.js';
import { requireFinite, requireModel, requireRating } from './validation.js';

/** What the beginning of a season does to every rating. */
export interface SeasonReset {
  /** How far `mu` moves towards a new player's, 0 (not at all) to 1 (everybody begins anew). */
  readonly pull: number;
  /** Uncertainty that every player has at least, in the unit of `mu`, > 0. Absent: as it was. */
  readonly sigma?: number;
}

/**
 * A rating at the beginning of a season: nearer to that of a new player, and less certain. Nobody becomes more certain by it:
 * `mu' = (1 − pull) · mu + pull · initial mu`, `sigma' = max(sigma, reset.sigma)`.
 *
 * @throws TypeError or RangeError that names the argument
 */
export function newSeason(model: RatingModel, rating: Rating, reset: SeasonReset): Rating {
  requireModel(model);
  requireRating(rating, 'rating');
  if (typeof reset !== 'object' || reset === null)
    throw new TypeError('reset: expected an object { pull, sigma? }');
  const pull = requireFinite(reset.pull, 'reset.pull');
  if (pull < 0 || pull > 1) throw new RangeError(`reset.pull: must be from 0 to 1, got ${pull}`);
  const floor = reset.sigma === undefined ? 0 : requireFinite(reset.sigma, 'reset.sigma');
  if (reset.sigma !== undefined && floor <= 0) {
    throw new RangeError(`reset.sigma: must be above 0, got ${floor}`);
  }
  const { mu } = model.initial();
  return { ...rating, mu: rating.mu * (1 - pull) + mu * pull, sigma: Math.max(rating.sigma, floor) };
}
