import type { EntryColumns } from './entry-columns.js';
import { radixOrder } from './radix-order.js';
import { StrengthList } from './strength-list.js';

/**
 * The entries that are still free. They go by their place in the order of waiting: 0 has waited longest. That order (time of
 * joining, then id) decides every tie, so the order of the input never does.
 */
export class WaitingPool {
  /** Per entry: its place in the columns. */
  readonly row: Uint32Array;
  /** Per entry: the strength by which it is matched. */
  readonly strength: Float64Array;
  /** Per entry: number of players. */
  readonly size: Int32Array;
  /** Per number of players in an entry (the index): the free entries of that size. */
  readonly lists: readonly StrengthList[];
  /** Whether every entry is a single player. */
  readonly solo: boolean;
  /** Per entry: its place in the list of its size. */
  readonly place: Int32Array;
  private readonly gone: Uint8Array;
  private playersLeft: number;

  /** `largest`: players that an entry has at most. */
  constructor(columns: EntryColumns, largest: number) {
    const length = columns.ids.length;
    this.row = orderOfWaiting(columns);
    this.strength = new Float64Array(length);
    this.size = new Int32Array(length);
    this.place = new Int32Array(length);
    this.gone = new Uint8Array(length);
    for (let i = 0; i < length; i++) {
      const row = this.row[i] as number;
      this.strength[i] = columns.strength[row] as number;
      this.size[i] = columns.size[row] as number;
    }
    this.playersLeft = columns.playerIds.length;
    this.solo = this.playersLeft === length;
    this.lists = this.listsBySize(largest);
  }

  /** Players who are still free. */
  get players(): number {
    return this.playersLeft;
  }

  has(entry: number): boolean {
    return this.gone[entry] === 0;
  }

  take(entry: number): void {
    const size = this.size[entry] as number;
    this.gone[entry] = 1;
    this.playersLeft -= size;
    this.lists[size]?.take(this.place[entry] as number);
  }

  private listsBySize(largest: number): StrengthList[] {
    const byStrength = radixOrder(ascending(this.row.length), this.strength);
    const counts = new Uint32Array(largest + 1);
    for (let i = 0; i < byStrength.length; i++) {
      const entry = byStrength[i] as number;
      const size = this.size[entry] as number;
      this.place[entry] = counts[size] as number;
      counts[size] = (counts[size] as number) + 1;
    }
    const members = Array.from(counts, (count) => new Uint32Array(count));
    for (let i = 0; i < byStrength.length; i++) {
      const entry = byStrength[i] as number;
      (members[this.size[entry] as number] as Uint32Array)[this.place[entry] as number] = entry;
    }
    return members.map((list) => new StrengthList(list, this.strength));
  }
}

function ascending(length: number): Uint32Array {
  const indices = new Uint32Array(length);
  for (let i = 0; i < length; i++) indices[i] = i;
  return indices;
}

/** The rows of the entries, longest waiting first. */
function orderOfWaiting({ ids, joinedAt }: EntryColumns): Uint32Array {
  const order = radixOrder(ascending(ids.length), joinedAt);
  let start = 0;
  for (let i = 1; i <= order.length; i++) {
    if (i < order.length && joinedAt[order[i] as number] === joinedAt[order[start] as number]) continue;
    // Those who joined in the same millisecond go by id, compared by code units: the same in every locale.
    if (i - start > 1)
      order.subarray(start, i).sort((a, b) => ((ids[a] as string) < (ids[b] as string) ? -1 : 1));
    start = i;
  }
  return order;
}
