import type { Rating } from '@ranked/rating';

/** A rating from the columns that hold it. */
export function storedRating(mu: number, sigma: number, volatility: number | null): Rating {
  return volatility === null ? { mu, sigma } : { mu, sigma, volatility };
}

/** The rating in a row. */
export function ratingIn(row: { mu: number; sigma: number; volatility: number | null }): Rating {
  return storedRating(row.mu, row.sigma, row.volatility);
}
