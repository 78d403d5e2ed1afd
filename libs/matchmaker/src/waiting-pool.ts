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

  private constructor(columns: EntryColumns, row: Uint32Array) {
    const length = row.length;
    this.row = row;
    this.ahead = columns.ahead.length;
    // What the search compares lies in the order of waiting; what is only written down stays where it is.
    this.joinedAt = new Float64Array(length);
    this.strength = new Float64Array(length);
    this.size = new Int32Array(length);
    for (let i = 0; i < length; i++) {
      const from = row[i] as number;
      this.joinedAt[i] = columns.joinedAt[from] as number;
      this.strength[i] = columns.strength[from] as number;
      this.size[i] = columns.size[from] as number;
    }
    this.gone = new Uint8Array(length);
    this.playersLeft = columns.players;
    this.solo = this.playersLeft === length;
    if (!this.solo) for (let i = 0; i < length; i++) if ((this.size[i] as number) > 1) this.partiesLeft++;
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
    const row = aheadFirst(yield* orderOfWaiting(columns), columns);
    yield;
    const pool = new WaitingPool(columns, row);
    yield;
    const byStrength = yield* radixOrder(pool.strength);
    for (const reach of [...reaches, undefined]) {
      yield;
      pool.fields.push(pool.field(byStrength, largest, reach));
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

  private field(byStrength: Uint32Array, largest: number, reach: Uint8Array | undefined): Field {
    const counts = new Uint32Array(largest + 1);
    const place = new Int32Array(byStrength.length).fill(-1);
    for (let i = 0; i < byStrength.length; i++) {
      const entry = byStrength[i] as number;
      if (reach !== undefined && reach[this.row[entry] as number] === 0) continue;
      const size = this.size[entry] as number;
      place[entry] = counts[size] as number;
      counts[size] = (counts[size] as number) + 1;
    }
    const members = Array.from(counts, (count) => new Uint32Array(count));
    const strengths = Array.from(counts, (count) => new Float64Array(count));
    for (let i = 0; i < byStrength.length; i++) {
      const entry = byStrength[i] as number;
      const at = place[entry] as number;
      if (at < 0) continue;
      const size = this.size[entry] as number;
      (members[size] as Uint32Array)[at] = entry;
      (strengths[size] as Float64Array)[at] = this.strength[entry] as number;
    }
    return {
      lists: members.map((list, size) => new StrengthList(list, strengths[size] as Float64Array)),
      place,
    };
  }
}

/** The same order, but those who are ahead come first. */
function aheadFirst(order: Uint32Array, { ahead }: EntryColumns): Uint32Array {
  if (ahead.length === 0) return order;
  const isAhead = new Uint8Array(order.length);
  for (const row of ahead) isAhead[row] = 1;
  const first = order.filter((row) => isAhead[row] === 1);
  const others = order.filter((row) => isAhead[row] === 0);
  order.set(first);
  order.set(others, first.length);
  return order;
}

/** The places of the entries in the input, longest waiting first. */
function* orderOfWaiting(columns: EntryColumns): Generator<void, Uint32Array> {
  const { joinedAt } = columns;
  const order = yield* radixOrder(joinedAt);
  yield;
  let pause = ENTRIES_PER_STEP;
  let start = 0;
  for (let i = 1; i <= order.length; i++) {
    if (i < order.length && joinedAt[order[i] as number] === joinedAt[order[start] as number]) continue;
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
