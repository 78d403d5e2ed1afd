import type { EntryColumns } from './entry-columns.js';
import type { IdIndex } from './id-index.js';
import { LinkList } from './link-list.js';
import type { Entry, ProposeInput } from './queue.js';
import type { WaitingPool } from './waiting-pool.js';

/** Players read between two pauses. */
const PLAYERS_PER_STEP = 5000;

/** Which of the waiting entries do not want to meet, or met in their last match. Entries go by their place in the pool. */
export class Meetings {
  private constructor(
    private readonly blocked: LinkList,
    private readonly last: LinkList,
  ) {}

  /** Undefined where nobody who waits names anybody else who waits. Yields between portions of the work. */
  static *of(
    { entries, queue: { repeats } }: Pick<ProposeInput, 'entries' | 'queue'>,
    columns: EntryColumns,
    pool: WaitingPool,
    players: IdIndex,
  ): Generator<void, Meetings | undefined> {
    const entryOf = ownersOf(columns, pool);
    yield;
    const blocked = new LinkList(entries.length);
    const last = new LinkList(entries.length);
    const link = (list: LinkList, from: number, names: readonly string[]) => {
      for (const name of names) {
        const player = players.placeOf(name);
        const to = player === undefined ? from : (entryOf[player] as number);
        // Who is in one party has chosen that.
        if (to !== from) list.add(from, to);
      }
    };
    let player = 0;
    let untilPause = PLAYERS_PER_STEP;
    for (let row = 0; row < entries.length; row++) {
      const members = (entries[row] as Entry).players;
      const from = entryOf[player] as number;
      player += members.length;
      for (const member of members) {
        if (member.blocked !== undefined) link(blocked, from, member.blocked);
        if (member.lastOpponents !== undefined && repeats !== 'allow') link(last, from, member.lastOpponents);
      }
      untilPause -= members.length;
      if (untilPause > 0) continue;
      untilPause = PLAYERS_PER_STEP;
      yield;
    }
    if (blocked.length + last.length === 0) return undefined;
    blocked.close();
    yield;
    last.close();
    return new Meetings(blocked, last);
  }

  /** Whether two entries may not be in one match. */
  mayNotMeet(a: number, b: number): boolean {
    return this.blocked.count(a, b) > 0;
  }

  /** Whether two entries met in their last match. */
  metLately(a: number, b: number): boolean {
    return this.last.count(a, b) > 0;
  }

  /** The entries that may not be in one match with this one. */
  blockedBy(entry: number): ReadonlySet<number> {
    return new Set(this.blocked.of(entry));
  }

  /** Pairs of players among these entries who met in their last match; one who alone remembers it makes a pair too. */
  repeats(entries: readonly number[]): number {
    let pairs = 0;
    for (let i = 1; i < entries.length; i++) {
      for (let k = 0; k < i; k++) {
        // Usually each of the two names the other.
        pairs += Math.ceil(this.last.count(entries[i] as number, entries[k] as number) / 2);
      }
    }
    return pairs;
  }
}

/** Per player, in the order of the input, the place of his entry in the pool. */
function ownersOf(columns: EntryColumns, pool: WaitingPool): Int32Array {
  const entryOf = new Int32Array(columns.players);
  for (let place = 0; place < pool.row.length; place++) {
    const row = pool.row[place] as number;
    const first = columns.firstPlayer[row] as number;
    entryOf.fill(place, first, first + (columns.size[row] as number));
  }
  return entryOf;
}
