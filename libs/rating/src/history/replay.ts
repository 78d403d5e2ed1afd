import type { Rating, RatingModel } from '../rating.js';
import type { HistoryMatch } from './history-match.js';
import { MatchHistory } from './match-history.js';
import { kernelOf } from './model-kernel.js';
import { newRun, rateMatches } from './rate-matches.js';
import { RatingChanges } from './rating-changes.js';
import { RatingTable } from './rating-table.js';
import { requireModel } from '../validation.js';

/** A match of a history, by its id or by its position. */
export type MatchReference = string | number;

/** What a replay leaves out and keeps. */
export interface ReplayOptions {
  /** Matches to leave out, as if they had never been played. */
  readonly without?: Iterable<MatchReference>;
  /** Keep what each match did to the ratings, for {@link Replay.change} and {@link Replay.curve}: 48 bytes per player in a match. */
  readonly keepChanges?: boolean;
  /** Called now and then with the number of matches done, and at the end. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** Ratings of the players of one match, in the shape of its teams. `before` has the idle days in it. */
export interface RatingChange {
  readonly before: Rating[][];
  readonly after: Rating[][];
}

/** A player's rating right after one of his matches. */
export interface CurvePoint {
  /** Position of the match in the history. */
  readonly match: number;
  /** When it was played, as the history has it. */
  readonly at: number;
  readonly rating: Rating;
}

interface Checkpoint {
  /** All matches before this one are in the table. */
  readonly match: number;
  readonly table: RatingTable;
}

/** Matches between two calls of `onProgress`. */
const PROGRESS_STEP = 16_384;
/** Fewer matches than this are rated again rather than kept a table for. */
const SHORTEST_TAIL = 512;

/**
 * Rates a whole history in the order in which it was played. Before each match its players' ratings are aged by the days since
 * their last one. The result has the same bits as `model.aged` and `model.rate` called match by match.
 *
 * @throws TypeError or RangeError for a match that is wrong, or a reference in `without` to one that is not there
 */
export function replay(
  matches: MatchHistory | Iterable<HistoryMatch>,
  model: RatingModel,
  options: ReplayOptions = {},
): Replay {
  requireModel(model);
  const history = matches instanceof MatchHistory ? matches : new MatchHistory(matches);
  return Replay.of(history, model, options);
}

/** The ratings at the end of a history. What is added to the history later does not show in it. */
export class Replay {
  private constructor(
    readonly history: MatchHistory,
    readonly model: RatingModel,
    /** How many matches of the history were looked at. */
    readonly length: number,
    private readonly excluded: Uint8Array,
    private readonly table: RatingTable,
    private readonly checkpoints: readonly Checkpoint[],
    private readonly changes: RatingChanges | undefined,
  ) {}

  /** See {@link replay}. */
  static of(history: MatchHistory, model: RatingModel, options: ReplayOptions): Replay {
    const excluded = new Uint8Array(history.length);
    mark(history, history.length, options.without ?? [], excluded);
    const table = RatingTable.initial(model, history.playerIds.length);
    const { players, firstTeam, firstSlot } = history.columns();
    const slots = firstSlot[firstTeam[history.length] as number] ?? players.length;
    const changes =
      options.keepChanges === true ? RatingChanges.empty(slots, table.hasVolatility) : undefined;
    const checkpoints: Checkpoint[] = [];
    run(history, model, excluded, { match: 0, table }, checkpoints, changes, options.onProgress);
    return new Replay(history, model, history.length, excluded, table, checkpoints, changes);
  }

  /**
   * The ratings had these matches, too, never been played: the same bits as a fresh replay without them. Only what came after
   * the first of them is rated again, and at most as many matches before it, so that a recent match is quick to take out.
   *
   * @throws RangeError for a match that is not there
   */
  without(references: Iterable<MatchReference>, options: Pick<ReplayOptions, 'onProgress'> = {}): Replay {
    const { history, model, length } = this;
    const excluded = this.excluded.slice();
    const first = mark(history, length, references, excluded);
    const kept = this.checkpoints.filter(({ match }) => match <= first);
    const start = kept.at(-1);
    const table = start?.table.copy() ?? RatingTable.initial(model, history.playerIds.length);
    const changes = this.changes?.copy();
    run(history, model, excluded, { match: start?.match ?? 0, table }, kept, changes, options.onProgress);
    return new Replay(history, model, length, excluded, table, kept, changes);
  }

  /** A player's rating after his last match; undefined for one who has played none. */
  rating(playerId: string): Rating | undefined {
    const player = this.playerWithGames(playerId);
    return player === undefined ? undefined : this.table.rating(player);
  }

  /** How many matches that counted the player was in. */
  games(playerId: string): number {
    const player = this.playerWithGames(playerId);
    return player === undefined ? 0 : this.table.games(player);
  }

  /** When the player's last match was, in the unit and origin of `HistoryMatch.at`; undefined if he has played none. */
  lastPlayed(playerId: string): number | undefined {
    const player = this.playerWithGames(playerId);
    return player === undefined ? undefined : this.table.lastTime(player);
  }

  /** Everybody who has played, with his rating after his last match, in the order of the first matches. */
  ratings(): Map<string, Rating> {
    const ratings = new Map<string, Rating>();
    this.history.playerIds.forEach((id, player) => {
      if (this.table.games(player) > 0) ratings.set(id, this.table.rating(player));
    });
    return ratings;
  }

  /**
   * What a match did to the ratings of its players; undefined if it was left out.
   *
   * @throws RangeError for a match that is not there, or if the replay was not asked to keep changes
   */
  change(reference: MatchReference): RatingChange | undefined {
    const changes = this.keptChanges();
    const index = indexOf(this.history, this.length, reference, 'reference');
    if (this.excluded[index] === 1) return undefined;
    const { firstTeam, firstSlot } = this.history.columns();
    const before: Rating[][] = [];
    const after: Rating[][] = [];
    for (let team = firstTeam[index] as number; team < (firstTeam[index + 1] as number); team++) {
      const slots = Array.from(
        { length: (firstSlot[team + 1] as number) - (firstSlot[team] as number) },
        (_, i) => (firstSlot[team] as number) + i,
      );
      before.push(slots.map((slot) => changes.before(slot)));
      after.push(slots.map((slot) => changes.after(slot)));
    }
    return { before, after };
  }

  /**
   * How a player's rating went, one point per match that counted.
   *
   * @throws RangeError if the replay was not asked to keep changes
   */
  curve(playerId: string): CurvePoint[] {
    const changes = this.keptChanges();
    const player = this.history.playerIndex(playerId);
    const points: CurvePoint[] = [];
    if (player === undefined) return points;
    const { times, firstTeam, firstSlot, players } = this.history.columns();
    for (let match = 0; match < this.length; match++) {
      if (this.excluded[match] === 1) continue;
      const end = firstSlot[firstTeam[match + 1] as number] as number;
      for (let slot = firstSlot[firstTeam[match] as number] as number; slot < end; slot++) {
        if (players[slot] !== player) continue;
        points.push({ match, at: times[match] as number, rating: changes.after(slot) });
      }
    }
    return points;
  }

  private playerWithGames(id: string): number | undefined {
    const player = this.history.playerIndex(id);
    return player !== undefined && this.table.games(player) > 0 ? player : undefined;
  }

  private keptChanges(): RatingChanges {
    if (this.changes === undefined) throw new RangeError('keepChanges: the replay was made without it');
    return this.changes;
  }
}

/**
 * Rates what follows the start. Tables are kept on the way at n/2, 3n/4, 7n/8 and so on of n matches: never more than a
 * logarithm of them, and from each to the end is as far as from it to the one before.
 */
function run(
  history: MatchHistory,
  model: RatingModel,
  excluded: Uint8Array,
  start: Checkpoint,
  checkpoints: Checkpoint[],
  changes: RatingChanges | undefined,
  onProgress: ReplayOptions['onProgress'],
): void {
  const total = excluded.length;
  const task = { ...newRun(history.columns(), kernelOf(model), start.table), excluded, changes };
  let match = start.match;
  let checkpoint = nextCheckpoint(match, total);
  while (match < total) {
    const end = Math.min(match + PROGRESS_STEP, checkpoint);
    rateMatches(task, match, end);
    match = end;
    if (match === checkpoint && match < total) {
      checkpoints.push({ match, table: start.table.copy() });
      checkpoint = nextCheckpoint(match, total);
    }
    onProgress?.(match, total);
  }
}

/** The first of the places to keep a table at that lies after `match`; the end where there is none. */
function nextCheckpoint(match: number, total: number): number {
  for (let tail = Math.floor(total / 2); tail >= SHORTEST_TAIL; tail = Math.floor(tail / 2)) {
    if (total - tail > match) return total - tail;
  }
  return total;
}

/** Marks the matches referred to; returns the position of the first that was not marked before, or the end. */
function mark(
  history: MatchHistory,
  length: number,
  references: Iterable<MatchReference>,
  excluded: Uint8Array,
): number {
  // A string is iterable, too, but what was meant is surely not its letters.
  if (typeof references === 'string') throw new TypeError('without: expected an array or another iterable');
  let first = length;
  let position = 0;
  for (const reference of references) {
    const index = indexOf(history, length, reference, `without[${position++}]`);
    if (excluded[index] === 0 && index < first) first = index;
    excluded[index] = 1;
  }
  return first;
}

function indexOf(history: MatchHistory, length: number, reference: MatchReference, path: string): number {
  const index = typeof reference === 'string' ? history.matchIndex(reference) : reference;
  if (index === undefined || !Number.isInteger(index) || index < 0 || index >= length) {
    throw new RangeError(
      `${path}: there is no match ${typeof reference === 'string' ? `"${reference}"` : reference}`,
    );
  }
  return index;
}
