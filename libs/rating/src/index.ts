export type { MatchInput, Prediction, RatedMatch, Rating, RatingModel } from './rating.js';
export { gaussian, type GaussianParameters } from './gaussian.js';
export { ratingModel } from './rating-model.js';
