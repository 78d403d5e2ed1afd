import type { EntryColumns } from './entry-columns.js';
import { radixOrder } from './radix-order.js';
import { StrengthList } from './strength-list.js';

/** Entries put in order between two pauses. */
const ENTRIES_PER_STEP = 20_000;

/** Some of the entries, by strength. */
interface Field {
  /** Per number of players in an entry (the index): the free entries of that size. */
  readonly lists: readonly StrengthList[];
  /** Per entry: its place in the list of its size; only for those who are in the field. */
  readonly place: Int32Array;
}

/**
 * The entries that are still free. They go by their place in the order of waiting: those ahead, then all others, 0 has waited
 * longest. That order (time of joining, then id) decides every tie, so the order of the input never does.
 *
 * A field holds those who can play in one region; the last field holds everybody.
 */
export class WaitingPool {
  /** Per entry: its place in the input. */
  readonly row: Uint32Array;
  /** Per entry: milliseconds since the epoch. */
  readonly joinedAt: Float64Array;
  /** Per entry: the strength by which it is matched. */
  readonly strength: Float64Array;
  /** Per entry: number of players. */
  readonly size: Int32Array;
  /** So many entries, the first ones, are ahead of the others. */
  readonly ahead: number;
  /** Whether every entry is a single player. */
  readonly solo: boolean;
  private readonly fields: Field[] = [];
  private readonly gone: Uint8Array;
  private playersLeft: number;
  private partiesLeft = 0;

  /** `joinedAt`: in the order of the rows. */
  private constructor(columns: EntryColumns, row: Uint32Array, joinedAt: Float64Array) {
    const { length } = row;
    this.row = row;
    this.joinedAt = joinedAt;
    this.ahead = columns.ahead.length;
    this.playersLeft = columns.players;
    this.solo = this.playersLeft === length;
    // What the search compares lies in the order of waiting; what is only written down stays where it is.
    this.strength = new Float64Array(length);
    for (let i = 0; i < length; i++) this.strength[i] = columns.strength[row[i] as number] as number;
    this.size = new Int32Array(length).fill(1);
    this.gone = new Uint8Array(length);
    if (this.solo) return;
    for (let i = 0; i < length; i++) {
      const size = columns.size[row[i] as number] as number;
      this.size[i] = size;
      if (size > 1) this.partiesLeft++;
    }
  }

  /**
   * `largest`: players that an entry has at most; `reaches`: per region, per place in the input, whether the entry can play
   * there. Yields between portions of the work.
   */
  static *of(
    columns: EntryColumns,
    largest: number,
    reaches: readonly Uint8Array[],
  ): Generator<void, WaitingPool> {
    const joinedAt = new Float64Array(columns.ids.length);
    const row = yield* orderOfWaiting(columns, joinedAt);
    bringForward(row, joinedAt, columns);
    yield;
    const pool = new WaitingPool(columns, row, joinedAt);
    yield;
    const strengths = new Float64Array(row.length);
    const byStrength = yield* radixOrder(pool.strength, strengths);
    for (const reach of [...reaches, undefined]) {
      yield;
      pool.fields.push(pool.field(byStrength, strengths, largest, reach));
    }
    yield;
    return pool;
  }

  /** Players who are still free. */
  get players(): number {
    return this.playersLeft;
  }

  /** Entries of two or more players that are still free. */
  get parties(): number {
    return this.partiesLeft;
  }

  /** The field that holds everybody. */
  get everywhere(): number {
    return this.fields.length - 1;
  }

  has(entry: number): boolean {
    return this.gone[entry] === 0;
  }

  /** Per number of players (the index) the free entries of a field. */
  lists(field: number): readonly StrengthList[] {
    return (this.fields[field] as Field).lists;
  }

  /** The entry's place in the list of its size. It must be in that field. */
  place(field: number, entry: number): number {
    return (this.fields[field] as Field).place[entry] as number;
  }

  take(entry: number): void {
    const size = this.size[entry] as number;
    this.gone[entry] = 1;
    this.playersLeft -= size;
    if (size > 1) this.partiesLeft--;
    for (let i = 0; i < this.fields.length; i++) {
      const { lists, place } = this.fields[i] as Field;
      const at = place[entry] as number;
      if (at >= 0) (lists[size] as StrengthList).take(at);
    }
  }

  /** `strengths`: in the order of `byStrength`. */
  private field(
    byStrength: Uint32Array,
    strengths: Float64Array,
    largest: number,
    reach: Uint8Array | undefined,
  ): Field {
    const { row, size } = this;
    const counts = new Uint32Array(largest + 1);
    for (let entry = 0; entry < row.length; entry++) {
      if (reach !== undefined && reach[row[entry] as number] === 0) continue;
      const players = size[entry] as number;
      counts[players] = (counts[players] as number) + 1;
    }
    const members = Array.from(counts, (count) => new Uint32Array(count));
    const strengthsOf = Array.from(counts, (count) => new Float64Array(count));
    const place = new Int32Array(row.length).fill(-1);
    counts.fill(0);
    for (let i = 0; i < byStrength.length; i++) {
      const entry = byStrength[i] as number;
      if (reach !== undefined && reach[row[entry] as number] === 0) continue;
      const players = size[entry] as number;
      const at = counts[players] as number;
      counts[players] = at + 1;
      place[entry] = at;
      (members[players] as Uint32Array)[at] = entry;
      (strengthsOf[players] as Float64Array)[at] = strengths[i] as number;
    }
    return {
      lists: members.map((list, players) => new StrengthList(list, strengthsOf[players] as Float64Array)),
      place,
    };
  }
}

/** Puts those who are ahead first; else the order stays. */
function bringForward(order: Uint32Array, joinedAt: Float64Array, columns: EntryColumns): void {
  const { ahead } = columns;
  if (ahead.length === 0) return;
  const isAhead = new Uint8Array(order.length);
  for (const row of ahead) isAhead[row] = 1;
  const first = order.filter((row) => isAhead[row] === 1);
  const others = order.filter((row) => isAhead[row] === 0);
  order.set(first);
  order.set(others, first.length);
  for (let i = 0; i < order.length; i++) joinedAt[i] = columns.joinedAt[order[i] as number] as number;
}

/** The places of the entries in the input, longest waiting first; `joinedAt` is overwritten with their times in that order. */
function* orderOfWaiting(columns: EntryColumns, joinedAt: Float64Array): Generator<void, Uint32Array> {
  const order = yield* radixOrder(columns.joinedAt, joinedAt);
  yield;
  let pause = ENTRIES_PER_STEP;
  let start = 0;
  for (let i = 1; i <= order.length; i++) {
    if (i < order.length && joinedAt[i] === joinedAt[start]) continue;
    if (i - start > 1) orderById(order, start, i, columns);
    start = i;
    if (i >= pause) {
      pause = i + ENTRIES_PER_STEP;
      yield;
    }
  }
  return order;
}

/** Those who joined in the same millisecond go by id. */
function orderById(order: Uint32Array, from: number, end: number, columns: EntryColumns): void {
  if (end - from > 16) {
    order.subarray(from, end).sort((a, b) => (columns.isBefore(a, b) ? -1 : 1));
    return;
  }
  for (let i = from + 1; i < end; i++) {
    const row = order[i] as number;
    let place = i;
    for (; place > from && columns.isBefore(row, order[place - 1] as number); place--) {
      order[place] = order[place - 1] as number;
    }
    order[place] = row;
  }
}
