import type { Rating } from '../rating.js';
import { requireFinite, requireRating } from '../validation.js';

/** Refuses what is no rating, and a volatility that is no number above 0; one that is absent is that of a new player. */
export function requireGlicko2Rating(rating: Rating, path: string): void {
  requireRating(rating, path);
  const { volatility } = rating;
  if (volatility !== undefined && requireFinite(volatility, `${path}.volatility`) <= 0) {
    throw new RangeError(`${path}.volatility: must be above 0, got ${volatility}`);
  }
}

/** The volatilities of teams that are otherwise checked. */
export function requireVolatilities(teams: readonly (readonly Rating[])[], path: string): void {
  for (let i = 0; i < teams.length; i++) {
    const team = teams[i] as readonly Rating[];
    for (let j = 0; j < team.length; j++) {
      const { volatility } = team[j] as Rating;
      if (volatility === undefined || (volatility > 0 && volatility < Infinity)) continue;
      requireGlicko2Rating(team[j] as Rating, `${path}[${i}][${j}]`);
    }
  }
}
