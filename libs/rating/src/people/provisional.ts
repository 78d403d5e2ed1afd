import type { Rating, RatingModel } from '../rating.js';
import { requireFinite, requireModel, requireRating } from '../validation.js';

/** Some ten matches of one against one under the defaults of the Gaussian model, some five under those of Glicko-2. */
const DEFAULT_SHARE = 0.5;

/**
 * Whether a rating is too uncertain to be shown without saying so: its sigma is above `share` of a new player's.
 *
 * @param share above 0, at most 1; half unless given
 */
export function isProvisional(model: RatingModel, rating: Rating, share: number = DEFAULT_SHARE): boolean {
  requireModel(model);
  requireRating(rating, 'rating');
  requireFinite(share, 'share');
  if (share <= 0 || share > 1) throw new RangeError(`share: must be above 0 and at most 1, got ${share}`);
  return rating.sigma > share * model.initial().sigma;
}
