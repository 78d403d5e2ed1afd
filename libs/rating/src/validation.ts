import type { MatchInput, Rating } from './rating.js';

function describe(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : typeof value;
}

/** A finite number, or a `TypeError`/`RangeError` that begins with `path`. */
export function requireFinite(value: unknown, path: string): number {
  if (typeof value !== 'number') throw new TypeError(`${path}: expected a number, got ${describe(value)}`);
  if (!Number.isFinite(value)) throw new RangeError(`${path}: expected a finite number, got ${value}`);
  return value;
}

function requireArray(value: unknown, path: string): asserts value is readonly unknown[] {
  if (!Array.isArray(value)) throw new TypeError(`${path}: expected an array, got ${describe(value)}`);
}

/** Refuses what is no rating: `mu` and `sigma` finite numbers, `sigma` not negative. */
export function requireRating(value: Rating, path: string): void {
  // The path is put together only when something is wrong: this runs for every player of every match.
  if (typeof value !== 'object' || value === null) {
    throw new TypeError(`${path}: expected a rating { mu, sigma }, got ${describe(value)}`);
  }
  if (!Number.isFinite(value.mu)) requireFinite(value.mu, `${path}.mu`);
  if (!Number.isFinite(value.sigma)) requireFinite(value.sigma, `${path}.sigma`);
  if (value.sigma < 0) throw new RangeError(`${path}.sigma: must not be negative, got ${value.sigma}`);
}

function isRating(value: Rating): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    Number.isFinite(value.mu) &&
    Number.isFinite(value.sigma) &&
    value.sigma >= 0
  );
}

/** Refuses what is no list of two or more teams of one or more ratings. */
export function requireTeams(teams: readonly (readonly Rating[])[], path: string): void {
  requireArray(teams, path);
  if (teams.length < 2) throw new RangeError(`${path}: expected two or more teams, got ${teams.length}`);
  for (let i = 0; i < teams.length; i++) {
    const team = teams[i] as readonly Rating[];
    requireArray(team, `${path}[${i}]`);
    if (team.length === 0) throw new RangeError(`${path}[${i}]: a team needs at least one player`);
    for (let j = 0; j < team.length; j++) {
      const rating = team[j] as Rating;
      if (!isRating(rating)) requireRating(rating, `${path}[${i}][${j}]`);
    }
  }
}

/** Refuses a match whose parts are wrong or do not fit each other. */
export function requireMatch(match: MatchInput): void {
  if (typeof match !== 'object' || match === null) {
    throw new TypeError(`match: expected an object, got ${describe(match)}`);
  }
  const { teams, ranks, weights } = match;
  requireTeams(teams, 'match.teams');
  requireArray(ranks, 'match.ranks');
  if (ranks.length !== teams.length) {
    throw new RangeError(`match.ranks: expected one rank per team (${teams.length}), got ${ranks.length}`);
  }
  for (let i = 0; i < ranks.length; i++) requireFinite(ranks[i], `match.ranks[${i}]`);
  if (weights !== undefined) requireWeights(weights, teams);
}

function requireWeights(weights: readonly (readonly number[])[], teams: MatchInput['teams']): void {
  requireArray(weights, 'match.weights');
  if (weights.length !== teams.length) {
    throw new RangeError(
      `match.weights: expected one list per team (${teams.length}), got ${weights.length}`,
    );
  }
  for (let i = 0; i < weights.length; i++) {
    const list = weights[i] as readonly number[];
    const players = (teams[i] as readonly Rating[]).length;
    requireArray(list, `match.weights[${i}]`);
    if (list.length !== players) {
      throw new RangeError(
        `match.weights[${i}]: expected one weight per player (${players}), got ${list.length}`,
      );
    }
    for (let j = 0; j < list.length; j++) {
      const weight = requireFinite(list[j], `match.weights[${i}][${j}]`);
      if (weight < 0 || weight > 1) {
        throw new RangeError(`match.weights[${i}][${j}]: must be from 0 to 1, got ${weight}`);
      }
    }
  }
}
