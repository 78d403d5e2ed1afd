import { setImmediate as nextTurn } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import type { Leftover } from '@ranked/matchmaker';
import { queueLeftovers, type PastWait, type QueueLeftover, type Store } from '@ranked/store';
import { Clock } from '../clock/clock.js';
import { STORE } from '../store/store.module.js';
import type { QueueNews } from './queue-news.js';
import { ENTRIES_KEPT, reasonFinder, reasonText, type Reason } from './search/leftover-texts.js';
import { WaitEstimate } from './wait-estimate.js';

/** Least time between two exchanges with the rows, ms. */
export const NEWS_MS = 5_000;
/** Waits of a queue that are kept, the latest. */
const WAITS_KEPT = 256;
/** A wait that ended longer ago says nothing any more, ms. */
const WAIT_AGE_MS = 30 * 60_000;
/** Entries made into text in one turn of the event loop. */
const ENTRIES_PER_TURN = 1_000;
/** In the rows, the reason of all entries that are not named. */
const OTHERS = '*';

interface KnownNews {
  readonly at: number;
  readonly waiting: number;
  readonly waits: readonly PastWait[];
  readonly estimate: WaitEstimate;
  /** Of each entry by its id. */
  readonly reasonOf: (entryId: string) => Reason | undefined;
  /** What is still to be written. */
  unwritten: QueueNews | undefined;
}

/**
 * The latest news of each queue: in memory from this node's own ticks, and now and then exchanged with the rows, where other nodes
 * and the dashboard find them. A tick writes none of it.
 */
@Injectable()
export class QueueNewsBoard {
  private readonly queues = new Map<string, KnownNews>();
  /** When the news of each queue were made that were last read from the rows, or written there. */
  private readonly exchanged = new Map<string, number>();
  /** Waits that are not in the rows yet. */
  private readonly unshared = new Map<string, readonly PastWait[]>();
  private exchangedAt: number | undefined;

  constructor(
    @Inject(STORE) private readonly store: Store,
    private readonly clock: Clock,
  ) {}

  /** The news of a queue; undefined if there are none. */
  of(queue: string): Omit<KnownNews, 'unwritten'> | undefined {
    return this.queues.get(queue);
  }

  /** What a tick of this node found. */
  note(news: readonly QueueNews[]): void {
    for (const one of news) {
      const before = this.queues.get(one.queue);
      const waits = this.latest([...(before?.waits ?? []), ...one.waits]);
      this.unshared.set(one.queue, this.latest([...(this.unshared.get(one.queue) ?? []), ...one.waits]));
      this.queues.set(one.queue, {
        at: one.at,
        waiting: one.waiting,
        waits,
        // Most ticks end no wait, and what was sorted stays.
        estimate:
          before?.waits.length === waits.length && one.waits.length === 0
            ? before.estimate
            : new WaitEstimate(waits),
        reasonOf: reasonsOf(one),
        unwritten: one,
      });
    }
  }

  /** Writes what is new here, and reads what is newer in the rows, at most once in {@link NEWS_MS}. */
  async exchange(): Promise<void> {
    const now = this.clock.now();
    if (this.exchangedAt !== undefined && now - this.exchangedAt < NEWS_MS) return;
    this.exchangedAt = now;
    await this.read();
    for (const [queue, { unwritten: news, waits }] of [...this.queues]) {
      if (news === undefined) continue;
      const shared = this.unshared.get(queue) ?? [];
      const row = {
        queue,
        at: news.at,
        waiting: news.waiting,
        entries: await entriesText(news),
        waits: JSON.stringify(waits),
      };
      await this.store.writeGrouped('queue news', (tx) => queueLeftovers.write(tx, row));
      this.exchanged.set(queue, news.at);
      this.unshared.set(
        queue,
        (this.unshared.get(queue) ?? []).filter((wait) => !shared.includes(wait)),
      );
      const known = this.queues.get(queue);
      // A tick may have found something newer meanwhile.
      if (known?.unwritten === news) known.unwritten = undefined;
    }
  }

  /** Takes over what another node, or the process before this one, has written: its waits, and its reasons if they are newer. */
  private async read(): Promise<void> {
    const times = await this.store.read((tx) => queueLeftovers.times(tx));
    const isKnown = [...times].every(([queue, at]) => at === this.exchanged.get(queue));
    if (isKnown) return;
    for (const row of await this.store.read((tx) => queueLeftovers.all(tx))) {
      const known = this.queues.get(row.queue);
      const waits = this.latest([...row.waits, ...(this.unshared.get(row.queue) ?? [])]);
      this.queues.set(row.queue, {
        ...(known && known.at >= row.at ? known : newsOf(row)),
        waits,
        estimate: new WaitEstimate(waits),
      });
      this.exchanged.set(row.queue, row.at);
    }
  }

  private latest(waits: readonly PastWait[]): PastWait[] {
    const since = this.clock.now() - WAIT_AGE_MS;
    return waits
      .filter(([at]) => at >= since)
      .sort((a, b) => a[0] - b[0])
      .slice(-WAITS_KEPT);
  }
}

function newsOf({ at, waiting, entries }: QueueLeftover): Omit<KnownNews, 'waits' | 'estimate'> {
  const reasons = entries as Readonly<Record<string, Reason>>;
  return { at, waiting, reasonOf: (id) => reasons[id] ?? reasons[OTHERS], unwritten: undefined };
}

/** Finds reasons by entry; the index is made when it is first asked for. */
function reasonsOf({ leftovers, texts, others }: QueueNews): KnownNews['reasonOf'] {
  if (texts !== undefined) {
    const find = reasonFinder(texts.pages);
    return (entryId) => find(entryId) ?? others;
  }
  let index: Map<string, Leftover> | undefined;
  return (entryId) => {
    index ??= new Map(leftovers.map((leftover) => [leftover.entryId, leftover]));
    return index.get(entryId) ?? others;
  };
}

/** The reasons as a JSON object by entry, made in turns. */
async function entriesText({ leftovers, texts, others }: QueueNews): Promise<string> {
  if (texts !== undefined && others === undefined) return texts.oldest;
  const members = others === undefined ? [] : [reasonText(others, OTHERS)];
  for (const leftover of leftovers.slice(0, ENTRIES_KEPT)) {
    if (members.length % ENTRIES_PER_TURN === ENTRIES_PER_TURN - 1) await nextTurn();
    members.push(reasonText(leftover, leftover.entryId));
  }
  return `{${members.join(',')}}`;
}
