import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { gameServers, queue, settings, type PageStart, type Store } from '@ranked/store';
import type { WaitingColumns } from '@ranked/store/waiting-players';
import { Clock } from '../../clock/clock.js';
import { MasterConfig } from '../../config/master-config.js';
import { QueueModels, type QueueModel } from '../../config/queue-models.js';
import { LOGGER, type Logger } from '../../logging/logger.js';
import { PlayerPresence } from '../../queueing/player-presence.js';
import { STORE } from '../../store/store.module.js';
import { silenceMs } from '../deadlines.js';
import { FoundMatches } from './found-matches.js';
import type { SearchRequest } from './search-messages.js';
import { SearchThread } from './search-thread.js';

/** Players read in one statement: a few milliseconds of the event loop. */
const PLAYERS_PER_PAGE = 5_000;
/** What was found and not used for so long is forgotten, ms: another node holds the tick, or the queue is short again. */
const FOUND_KEPT_MS = 10_000;

/** A queue that was too long for the tick, and how many of the matches found for it the tick has dealt with. */
export interface LongQueue {
  readonly queue: string;
  /** Undefined if it knew of none. */
  readonly used: number | undefined;
  /** Players who still wait. */
  readonly waiting: number;
}

/**
 * Queues in which so many wait that they are searched between the ticks, in a thread: no transaction is open meanwhile, and the event
 * loop does nothing but pass text on. The next ticks make rows of what was found, as far as it still holds. Everything here can be
 * lost: who waits is in the rows, and is found again.
 */
@Injectable()
export class LongQueues implements OnModuleDestroy {
  /** Searches that failed: their queues are searched again after the next tick. */
  readonly counters = { failed: 0 };
  /** Players who waited in each long queue when it was seen last: to count them in the tick would take as long as to read them. */
  private readonly waiting = new Map<string, number>();
  private readonly finds = new Map<string, { matches: FoundMatches; doneAt: number }>();
  private running: Promise<void> | undefined;
  private closed = false;

  constructor(
    @Inject(STORE) private readonly store: Store,
    private readonly thread: SearchThread,
    private readonly players: PlayerPresence,
    private readonly queues: QueueModels,
    private readonly config: MasterConfig,
    private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** The long queues, and how many wait in each, as far as is known. */
  sizes(): ReadonlyMap<string, number> {
    return new Map(this.waiting);
  }

  /** What was found and is not used up, by queue. */
  found(): ReadonlyMap<string, FoundMatches> {
    const since = this.clock.now() - FOUND_KEPT_MS;
    for (const [name, { doneAt }] of this.finds) if (doneAt < since) this.finds.delete(name);
    return new Map([...this.finds].map(([name, { matches }]) => [name, matches]));
  }

  /** After the commit of a tick: notes what it used, and starts to search the queues of which nothing is left. */
  follow(long: readonly LongQueue[]): void {
    for (const { queue: name, used, waiting } of long) {
      this.note(name, waiting);
      const matches = this.finds.get(name)?.matches;
      // A search may have ended while the tick was under way.
      if (matches === undefined || used === undefined) continue;
      matches.used += used;
      if (matches.used >= matches.count) this.finds.delete(name);
    }
    const wanted = long
      .map(({ queue: name }) => name)
      .filter((name) => this.waiting.has(name) && !this.finds.has(name));
    if (this.closed || wanted.length === 0) return;
    // One that is not searched this time is wanted again after the next tick.
    this.running ??= this.searchAll(wanted).finally(() => {
      this.running = undefined;
    });
  }

  /** Resolves when nothing is being searched. */
  async idle(): Promise<void> {
    while (this.running) await this.running;
  }

  async onModuleDestroy(): Promise<void> {
    this.closed = true;
    await this.thread.close();
    await this.idle();
  }

  private async searchAll(names: readonly string[]): Promise<void> {
    for (const name of names) {
      const model = this.queues.of(name);
      if (model === undefined || this.closed) continue;
      try {
        const matches = await this.search(model);
        this.note(name, matches.waiting);
        if (this.waiting.has(name)) this.finds.set(name, { matches, doneAt: this.clock.now() });
      } catch (err) {
        if (this.closed) return;
        this.counters.failed += 1;
        this.log.error(
          { err, component: 'search', queue: name },
          'a queue was not searched: nobody in it is matched before the next search',
        );
      }
    }
  }

  /** Below the bound the tick searches the queue itself. */
  private note(name: string, waiting: number): void {
    if (waiting >= this.config.longQueue) this.waiting.set(name, waiting);
    else this.waiting.delete(name);
  }

  private async search({ config }: QueueModel): Promise<FoundMatches> {
    const at = this.clock.now();
    const { pages, accountIds, entryNos, away } = await this.read(config.name, at);
    const { servers, blockedPairs } = await this.store.read(async (tx) => ({
      servers: await gameServers.candidates(tx, {
        queue: config.name,
        masterKeyId: (await settings.masterKeyId(tx)) ?? '',
        seenSince: at - silenceMs(this.config),
      }),
      blockedPairs: await queue.blockedPairsText(tx, config.name),
    }));
    const answer = await this.thread.search({ queue: config, now: at, pages, away, blockedPairs, servers });
    return new FoundMatches(answer, { at, queue: config, accountIds, entryNos, servers });
  }

  /** Everybody who waits, and who of them is away. */
  private async read(
    name: string,
    now: number,
  ): Promise<Pick<SearchRequest, 'pages' | 'away'> & { accountIds: string[]; entryNos: number[] }> {
    const alone = this.store.dialect === 'sqlite';
    const isPresent = this.players.presentAt(now, alone);
    const pages: WaitingColumns[] = [];
    const accountIds: string[] = [];
    const entryNos: number[] = [];
    const away: number[] = [];
    let after: PageStart | undefined;
    do {
      const wanted = { queue: name, after, limit: PLAYERS_PER_PAGE };
      const page = await this.store.read((tx) => queue.waitingPage(tx, wanted));
      // Alone, nobody asks when somebody was seen.
      const lastSeen = alone ? [] : (JSON.parse(page.columns.lastSeen) as number[]);
      page.accountIds.forEach((accountId, n) => {
        if (!isPresent({ accountId, lastSeen: lastSeen[n] ?? 0 })) away.push(accountIds.length);
        accountIds.push(accountId);
      });
      for (const entryNo of page.entryNos) entryNos.push(entryNo);
      pages.push(page.columns);
      after = page.next;
      // Who joined since is for the next search; otherwise there might be no end to it.
    } while (after !== undefined && after.joinedAt <= now);
    return { pages, accountIds, entryNos, away: Uint32Array.from(away) };
  }
}
