import { byteColumn, float64Column, int32Column } from './column.js';
import type { HistoryMatch } from './history-match.js';
import { requireHistoryMatch } from './require-history-match.js';

/** Which of its optional parts a match has. */
export const HAS_SCORES = 1;
export const HAS_PLAY_FRACTION = 2;

/**
 * The matches of a ladder in the order in which they were played, checked once and stored in typed arrays: what `replay`,
 * `evaluate` and `calibrate` work on. It only grows.
 *
 * A match costs about 25 bytes, a team 20 and a player in a match 4 (12 from the first `playFraction` on), besides the ids.
 */
export class MatchHistory {
  private readonly idOfPlayer: string[] = [];
  private readonly playerOfId = new Map<string, number>();
  private readonly matchOfId = new Map<string, number>();
  private readonly idOfMatch: (string | undefined)[] = [];
  private readonly times = float64Column();
  private readonly hosts = int32Column();
  private readonly importances = float64Column();
  private readonly parts = byteColumn();
  /** One longer than there are matches: the teams of match m are those from firstTeam[m] up to firstTeam[m + 1]. */
  private readonly firstTeam = int32Column();
  private readonly firstSlot = int32Column();
  private readonly ranks = float64Column();
  private readonly scores = float64Column();
  private readonly players = int32Column();
  private playFractions: ReturnType<typeof float64Column> | undefined;
  private widestMatch = { teams: 0, players: 0 };

  /**
   * @throws TypeError or RangeError for a match that is wrong, beginning with its path: `matches[17].teams[0]: …`
   */
  constructor(matches: Iterable<HistoryMatch> = []) {
    this.firstTeam.push(0);
    this.firstSlot.push(0);
    if (typeof matches !== 'object' || matches === null || typeof matches[Symbol.iterator] !== 'function') {
      throw new TypeError(`matches: expected an array or another iterable of matches`);
    }
    for (const match of matches) this.append(match);
  }

  /** How many matches there are. */
  get length(): number {
    return this.times.length;
  }

  /** The ids of all players, in the order of their first match. */
  get playerIds(): readonly string[] {
    return this.idOfPlayer;
  }

  /**
   * Adds the next match.
   *
   * @throws TypeError or RangeError for a match that is wrong, which then is not added; the message begins with its path
   */
  append(match: HistoryMatch): void {
    const index = this.length;
    const previous = index === 0 ? -Infinity : (this.times.values[index - 1] as number);
    requireHistoryMatch(match, `matches[${index}]`, previous);
    const { id, at, teams, ranks, scores, host, playFraction, matchImportance = 1 } = match;
    if (id !== undefined) {
      const taken = this.matchOfId.get(id);
      if (taken !== undefined)
        throw new RangeError(`matches[${index}].id: "${id}" is that of matches[${taken}]`);
      this.matchOfId.set(id, index);
    }
    this.idOfMatch.push(id);
    this.times.push(at);
    this.hosts.push(host ?? -1);
    this.importances.push(matchImportance);
    this.parts.push(
      (scores === undefined ? 0 : HAS_SCORES) + (playFraction === undefined ? 0 : HAS_PLAY_FRACTION),
    );
    if (playFraction !== undefined && this.playFractions === undefined) {
      this.playFractions = float64Column();
      while (this.playFractions.length < this.players.length) this.playFractions.push(1);
    }
    for (let i = 0; i < teams.length; i++) {
      const team = teams[i] as readonly string[];
      for (let j = 0; j < team.length; j++) {
        this.players.push(this.intern(team[j] as string));
        this.playFractions?.push(playFraction?.[i]?.[j] ?? 1);
      }
      this.firstSlot.push(this.players.length);
      this.ranks.push(ranks[i] as number);
      this.scores.push(scores?.[i] ?? 0);
    }
    this.firstTeam.push(this.ranks.length);
    const { widestMatch } = this;
    const size =
      this.players.length - (this.firstSlot.values[this.firstTeam.values[index] as number] as number);
    widestMatch.teams = Math.max(widestMatch.teams, teams.length);
    widestMatch.players = Math.max(widestMatch.players, size);
  }

  /** The number by which the history knows a player; undefined for one who never played. */
  playerIndex(id: string): number | undefined {
    return this.playerOfId.get(id);
  }

  /** The position of the match with this id; undefined if there is none. */
  matchIndex(id: string): number | undefined {
    return this.matchOfId.get(id);
  }

  /** A match as it was added. */
  match(index: number): HistoryMatch {
    if (!Number.isInteger(index) || index < 0 || index >= this.length) {
      throw new RangeError(`index: expected the position of a match, 0 to ${this.length - 1}, got ${index}`);
    }
    const { times, hosts, importances, parts, firstTeam, firstSlot, ranks, scores, players } = this.columns();
    const [from, to] = [firstTeam[index] as number, firstTeam[index + 1] as number];
    const teams: string[][] = [];
    const fractions: number[][] = [];
    for (let team = from; team < to; team++) {
      const [first, end] = [firstSlot[team] as number, firstSlot[team + 1] as number];
      teams.push(Array.from(players.subarray(first, end), (player) => this.idOfPlayer[player] as string));
      fractions.push(Array.from(this.playFractions?.values.subarray(first, end) ?? []));
    }
    const id = this.idOfMatch[index];
    const host = hosts[index] as number;
    const importance = importances[index] as number;
    const present = parts[index] as number;
    return {
      ...(id !== undefined && { id }),
      at: times[index] as number,
      teams,
      ranks: Array.from(ranks.subarray(from, to)),
      ...((present & HAS_SCORES) !== 0 && { scores: Array.from(scores.subarray(from, to)) }),
      ...(host >= 0 && { host }),
      ...((present & HAS_PLAY_FRACTION) !== 0 && { playFraction: fractions }),
      ...(importance !== 1 && { matchImportance: importance }),
    };
  }

  /** The arrays themselves, for work in bulk: to be read only, and valid until the next {@link append}. */
  columns(): HistoryColumns {
    return {
      times: this.times.values,
      hosts: this.hosts.values,
      importances: this.importances.values,
      parts: this.parts.values,
      firstTeam: this.firstTeam.values,
      firstSlot: this.firstSlot.values,
      ranks: this.ranks.values,
      scores: this.scores.values,
      players: this.players.values,
      playFractions: this.playFractions?.values,
      mostTeams: this.widestMatch.teams,
      mostPlayers: this.widestMatch.players,
    };
  }

  private intern(id: string): number {
    const known = this.playerOfId.get(id);
    if (known !== undefined) return known;
    const index = this.idOfPlayer.length;
    this.idOfPlayer.push(id);
    this.playerOfId.set(id, index);
    return index;
  }
}

/** A history's arrays, each at least as long as said. */
export interface HistoryColumns {
  /** Per match. */
  readonly times: Float64Array;
  /** Per match: the team at home, -1 for none. */
  readonly hosts: Int32Array;
  /** Per match. */
  readonly importances: Float64Array;
  /** Per match: {@link HAS_SCORES} and {@link HAS_PLAY_FRACTION}. */
  readonly parts: Uint8Array;
  /** Per match, and one more: where its teams begin. */
  readonly firstTeam: Int32Array;
  /** Per team of all matches, and one more: where its players begin. */
  readonly firstSlot: Int32Array;
  /** Per team of all matches. */
  readonly ranks: Float64Array;
  /** Per team of all matches, 0 where the match has none. */
  readonly scores: Float64Array;
  /** Per player in a match: who it is. */
  readonly players: Int32Array;
  /** Per player in a match; undefined where no match has any. */
  readonly playFractions: Float64Array | undefined;
  /** The most teams, and players, of any match. */
  readonly mostTeams: number;
  readonly mostPlayers: number;
}
