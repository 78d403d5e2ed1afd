import { requireFinite } from '../validation.js';
import type { HistoryMatch } from './history-match.js';

/**
 * Refuses a match that does not belong into a history.
 *
 * @param path of the match, with which messages begin
 * @param previous time of the match before
 */
export function requireHistoryMatch(match: HistoryMatch, path: string, previous: number): void {
  if (typeof match !== 'object' || match === null) throw wrongType(match, 'an object', path);
  const { id, at, teams, ranks, scores, host, playFraction, matchImportance } = match;
  if (id !== undefined && typeof id !== 'string') throw wrongType(id, 'a string', `${path}.id`);
  if (!Number.isFinite(at)) requireFinite(at, `${path}.at`);
  if (at < previous)
    throw new RangeError(`${path}.at: ${at} is before ${previous}, when the match before was`);
  requirePlayers(teams, path);
  requireNumbers(ranks, teams.length, `${path}.ranks`);
  if (scores !== undefined) {
    requireNumbers(scores, teams.length, `${path}.scores`);
    requireAgreement(scores, ranks, path);
  }
  if (host !== undefined) {
    requireFinite(host, `${path}.host`);
    if (!Number.isInteger(host) || host < 0 || host >= teams.length) {
      throw new RangeError(
        `${path}.host: expected the index of a team, 0 to ${teams.length - 1}, got ${host}`,
      );
    }
  }
  if (playFraction !== undefined) requirePlayFractions(playFraction, teams, `${path}.playFraction`);
  if (matchImportance !== undefined && requireFinite(matchImportance, `${path}.matchImportance`) < 0) {
    throw new RangeError(`${path}.matchImportance: must not be negative, got ${matchImportance}`);
  }
}

function requirePlayers(teams: HistoryMatch['teams'], path: string): void {
  if (!Array.isArray(teams)) throw wrongType(teams, 'an array', `${path}.teams`);
  if (teams.length < 2) {
    throw new RangeError(`${path}.teams: expected two or more teams, got ${teams.length}`);
  }
  let players = 0;
  for (let i = 0; i < teams.length; i++) {
    const team = teams[i] as readonly string[];
    if (!Array.isArray(team)) throw wrongType(team, 'an array', `${path}.teams[${i}]`);
    if (team.length === 0) throw new RangeError(`${path}.teams[${i}]: a team needs at least one player`);
    for (let j = 0; j < team.length; j++) {
      if (typeof team[j] !== 'string') throw wrongType(team[j], 'a player id', `${path}.teams[${i}][${j}]`);
    }
    players += team.length;
  }
  if (players === 2) {
    // The most common match, without a set.
    if (teams[0]?.[0] === teams[1]?.[0]) throw twice(teams[0]?.[0], `${path}.teams[1][0]`);
    return;
  }
  const seen = new Set<string>();
  for (let i = 0; i < teams.length; i++) {
    const team = teams[i] as readonly string[];
    for (let j = 0; j < team.length; j++) {
      const player = team[j] as string;
      if (seen.has(player)) throw twice(player, `${path}.teams[${i}][${j}]`);
      seen.add(player);
    }
  }
}

function twice(player: string | undefined, path: string): RangeError {
  return new RangeError(`${path}: player "${player}" is in the match twice`);
}

function requireNumbers(values: readonly number[], count: number, path: string): void {
  if (!Array.isArray(values)) throw wrongType(values, 'an array', path);
  if (values.length !== count) {
    throw new RangeError(`${path}: expected one number per team (${count}), got ${values.length}`);
  }
  for (let i = 0; i < count; i++) if (!Number.isFinite(values[i])) requireFinite(values[i], `${path}[${i}]`);
}

/** A better rank may have equal scores (a match won on penalties), a tie may not have unequal ones. */
function requireAgreement(scores: readonly number[], ranks: readonly number[], path: string): void {
  const order = ranks.map((_, i) => i).sort((a, b) => (ranks[a] as number) - (ranks[b] as number));
  for (let k = 1; k < order.length; k++) {
    const [better, worse] = [order[k - 1] as number, order[k] as number];
    const lead = (scores[better] as number) - (scores[worse] as number);
    if (lead < 0 || (lead !== 0 && ranks[better] === ranks[worse])) {
      throw new RangeError(
        `${path}.scores[${worse}]: ${scores[worse]} against ${scores[better]} contradicts ranks ${ranks[worse]} and ${ranks[better]}`,
      );
    }
  }
}

function requirePlayFractions(
  fractions: readonly (readonly number[])[],
  teams: HistoryMatch['teams'],
  path: string,
): void {
  if (!Array.isArray(fractions)) throw wrongType(fractions, 'an array', path);
  if (fractions.length !== teams.length) {
    throw new RangeError(`${path}: expected one list per team (${teams.length}), got ${fractions.length}`);
  }
  for (let i = 0; i < fractions.length; i++) {
    const list = fractions[i] as readonly number[];
    const players = (teams[i] as readonly string[]).length;
    if (!Array.isArray(list)) throw wrongType(list, 'an array', `${path}[${i}]`);
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

function wrongType(value: unknown, expected: string, path: string): TypeError {
  const got = value === null ? 'null' : Array.isArray(value) ? 'an array' : typeof value;
  return new TypeError(`${path}: expected ${expected}, got ${got}`);
}
