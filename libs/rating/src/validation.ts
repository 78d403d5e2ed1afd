import type { Circumstances, MatchInput, Rating, RatingModel } from './rating.js';

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
  const { teams, ranks, scores, matchImportance } = match;
  requireTeams(teams, 'match.teams');
  requireArray(ranks, 'match.ranks');
  if (ranks.length !== teams.length) {
    throw new RangeError(`match.ranks: expected one rank per team (${teams.length}), got ${ranks.length}`);
  }
  for (let i = 0; i < ranks.length; i++) {
    if (!Number.isFinite(ranks[i])) requireFinite(ranks[i], `match.ranks[${i}]`);
  }
  requireCircumstances(match, teams, 'match');
  if (scores !== undefined) requireScores(scores, ranks);
  if (matchImportance !== undefined && requireFinite(matchImportance, 'match.matchImportance') < 0) {
    throw new RangeError(`match.matchImportance: must not be negative, got ${matchImportance}`);
  }
}

/** Refuses circumstances that are wrong or do not fit the teams. */
export function requireCircumstances(
  circumstances: Circumstances,
  teams: readonly (readonly Rating[])[],
  path: string,
): void {
  if (typeof circumstances !== 'object' || circumstances === null) {
    throw new TypeError(`${path}: expected an object, got ${describe(circumstances)}`);
  }
  const { host, playFraction } = circumstances;
  if (host !== undefined) {
    requireFinite(host, `${path}.host`);
    if (!Number.isInteger(host) || host < 0 || host >= teams.length) {
      throw new RangeError(
        `${path}.host: expected the index of a team, 0 to ${teams.length - 1}, got ${host}`,
      );
    }
  }
  if (playFraction !== undefined) requirePlayFraction(playFraction, teams, `${path}.playFraction`);
}

/** A number of days: finite, not negative. */
export function requireDays(days: number): void {
  if (requireFinite(days, 'days') < 0) throw new RangeError(`days: must not be negative, got ${days}`);
}

function requireScores(scores: readonly number[], ranks: readonly number[]): void {
  requireArray(scores, 'match.scores');
  if (scores.length !== ranks.length) {
    throw new RangeError(`match.scores: expected one score per team (${ranks.length}), got ${scores.length}`);
  }
  for (let i = 0; i < scores.length; i++) requireFinite(scores[i], `match.scores[${i}]`);
  const order = scores.map((_, i) => i).sort((a, b) => (ranks[a] as number) - (ranks[b] as number));
  for (let k = 1; k < order.length; k++) {
    const [a, b] = [order[k - 1] as number, order[k] as number];
    const tied = ranks[a] === ranks[b];
    const [better, worse] = [scores[a] as number, scores[b] as number];
    if (tied ? better !== worse : better < worse) {
      throw new RangeError(
        `match.scores[${b}]: ${worse} against ${better} of team ${a} contradicts the ranks ${ranks[b]} and ${ranks[a]}`,
      );
    }
  }
}

function requirePlayFraction(
  fractions: readonly (readonly number[])[],
  teams: readonly (readonly Rating[])[],
  path: string,
): void {
  requireArray(fractions, path);
  if (fractions.length !== teams.length) {
    throw new RangeError(`${path}: expected one list per team (${teams.length}), got ${fractions.length}`);
  }
  for (let i = 0; i < fractions.length; i++) {
    const list = fractions[i] as readonly number[];
    const players = (teams[i] as readonly Rating[]).length;
    requireArray(list, `${path}[${i}]`);
    if (list.length !== players) {
      throw new RangeError(
        `${path}[${i}]: expected one fraction per player (${players}), got ${list.length}`,
      );
    }
    for (let j = 0; j < list.length; j++) {
      const fraction = requireFinite(list[j], `${path}[${i}][${j}]`);
      if (fraction < 0 || fraction > 1) {
        throw new RangeError(`${path}[${i}][${j}]: must be from 0 to 1, got ${fraction}`);
      }
    }
  }
}

/** Below it, squares and inverses of a scale leave the range of numbers. */
const SMALLEST_SCALE = 1e-300;

/** A parameter that sets a scale: a number above 0, and not so small that nothing can be computed with it. */
export function requireScale(value: number, path: string): void {
  if (value <= 0) throw new RangeError(`${path}: must be above 0, got ${value}`);
  if (value < SMALLEST_SCALE) {
    throw new RangeError(`${path}: must be at least ${SMALLEST_SCALE}, got ${value}`);
  }
}

/** An object with parameters of these names and no others: a misspelt one would else be a default in silence. */
export function requireParameters(given: object, names: readonly string[], path: string): void {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new TypeError(`${path}: expected an object, got ${describe(given)}`);
  }
  for (const name of Object.keys(given)) {
    if (!names.includes(name)) {
      throw new RangeError(`${path}.${name}: unknown parameter, known are: ${names.join(', ')}`);
    }
  }
}

/** A rating model, or a `TypeError` that names the argument. */
export function requireModel(model: RatingModel, path = 'model'): void {
  if (typeof model !== 'object' || model === null || typeof model.rate !== 'function') {
    throw new TypeError(`${path}: expected a rating model, got ${describe(model)}`);
  }
}
