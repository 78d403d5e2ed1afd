import { LinkList } from './link-list.js';
import { PlayerIndex } from './player-index.js';
import type { Entry, QueueRules } from './queue.js';
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
    entries: readonly Entry[],
    pool: WaitingPool,
    { repeats }: QueueRules,
  ): Generator<void, Meetings | undefined> {
    const index = yield* PlayerIndex.of(pool.columns);
    const blocked = new LinkList(entries.length);
    const last = new LinkList(entries.length);
    const link = (list: LinkList, from: number, names: readonly string[]) => {
      for (const name of names) {
        const to = index.entryOf(name);
        // Who is in one party has chosen that.
        if (to !== undefined && to !== from) list.add(from, to);
      }
    };
    // In the order of the input, where what is read together lies together.
    const placeOf = new Int32Array(entries.length);
    pool.row.forEach((row, place) => (placeOf[row] = place));
    let untilPause = PLAYERS_PER_STEP;
    for (let row = 0; row < entries.length; row++) {
      const { players } = entries[row] as Entry;
      const from = placeOf[row] as number;
      for (const player of players) {
        if (player.blocked !== undefined) link(blocked, from, player.blocked);
        if (player.lastOpponents !== undefined && repeats !== 'allow') link(last, from, player.lastOpponents);
      }
      untilPause -= players.length;
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
