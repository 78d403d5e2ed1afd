import { ratingModel, type RatingModel } from '@ranked/rating';
import type { MatchRules } from '../matchmaking/match-rules.js';

/**
 * The model by which a match was made to be rated. Rules that were stored before ratings aged do not say `tauPerDay`: by them
 * a day changes nothing, whatever the model's default is now.
 * @throws RangeError or TypeError if the rules are not of a known model
 */
export function modelOf({ rating }: Pick<MatchRules, 'rating'>): RatingModel {
  return ratingModel(notesIdleTime({ rating }) ? rating : { ...rating, tauPerDay: 0 });
}

/** False for rules from before ratings aged: the time since a player's match before was not noted then. */
export function notesIdleTime({ rating }: Pick<MatchRules, 'rating'>): boolean {
  // The only model of that time was the Gaussian one.
  return rating['tauPerDay'] !== undefined || (rating['model'] ?? 'gaussian') !== 'gaussian';
}
