import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { propose, type Leftover } from '@ranked/matchmaker';
import { ratingModel } from '@ranked/rating';
import type { WaitingPlayer } from '@ranked/store';
import type { WaitingColumns } from '@ranked/store/waiting-players';
import { matchmakingRules } from '../src/config/matchmaking-rules.js';
import type { QueueConfig } from '../src/config/queue-config.js';
import { createLogger } from '../src/logging/logger.js';
import { FoundMatches } from '../src/matchmaking/search/found-matches.js';
import { leftoverTexts, reasonFinder } from '../src/matchmaking/search/leftover-texts.js';
import type { SearchRequest } from '../src/matchmaking/search/search-messages.js';
import { SearchThread } from '../src/matchmaking/search/search-thread.js';
import { endedWaits } from '../src/matchmaking/queue-news.js';
import { WaitingEntriesBuilder } from '../src/matchmaking/waiting-entries.js';
import { LogSink } from './support/log-sink.js';

const NOW = 1_700_000_000_000;
const REGIONS = ['as', 'eu', 'us'];
const ROLES = ['healer', 'tank'];

/** Its thread can be killed, or be one that never answers. */
class MortalThread extends SearchThread {
  override limitMs = 120_000;
  program: string | undefined;
  private threads: Worker[] = [];

  protected override createWorker(): Worker {
    const thread =
      this.program === undefined ? super.createWorker() : new Worker(this.program, { eval: true });
    this.threads.push(thread);
    return thread;
  }

  get started(): number {
    return this.threads.length;
  }

  async kill(): Promise<void> {
    await Promise.all(this.threads.map((thread) => thread.terminate()));
  }
}

const SILENT = "require('node:worker_threads').parentPort.on('message', () => undefined)";

let log: LogSink;
let thread: MortalThread;
beforeEach(() => {
  log = new LogSink();
  thread = new MortalThread(createLogger('info', {}, log));
});
afterEach(() => thread.close());

const idOf = (n: number) => `${String(n * 7919).padStart(8, '0')}-0000-4000-8000-000000000000`;

/** As the database gives them. */
function columnsOf(players: readonly WaitingPlayer[]): WaitingColumns {
  const list = (of: (player: WaitingPlayer) => unknown) => JSON.stringify(players.map(of));
  return {
    accountIds: list((one) => one.accountId),
    entryNos: list((one) => one.entryNo),
    joinedAt: list((one) => one.joinedAt),
    lastSeen: list((one) => one.lastSeen),
    mu: list((one) => Math.round(one.mu * 1e6)),
    sigma: list((one) => Math.round(one.sigma * 1e6)),
    extras: players
      .filter((one) => one.ahead || (one.partyId ?? one.latencies ?? one.roles ?? one.lastOpponents))
      .map((one) =>
        JSON.stringify([
          one.accountId,
          one.partyId ?? null,
          one.latencies ?? null,
          one.roles ?? null,
          one.lastOpponents ?? null,
          one.blocks,
          one.ahead ? 1 : 0,
        ]),
      )
      .join(','),
  };
}

const anyQueue: fc.Arbitrary<QueueConfig> = fc
  .record({
    size: fc.integer({ min: 1, max: 3 }),
    teams: fc.integer({ min: 2, max: 3 }),
    wishes: fc.record(
      {
        latency: fc.constant({ good: 40, max: 100 }),
        roles: fc.constant<Record<string, number>>({ tank: 1 }),
        parties: fc.constantFrom('mixed' as const, 'against-parties-first' as const),
        repeats: fc.constantFrom('avoid' as const, 'allow' as const),
        searchSteps: fc.constant(200),
      },
      { requiredKeys: [] },
    ),
  })
  .map(({ size, teams, wishes }) => ({
    ...{ name: 'any', size, teams, rating: { model: 'gaussian' }, ranks: { provisional: 0.5 } },
    window: { initial: 100, perSecond: 10, max: 400, lastResortAfter: 60 },
    ...wishes,
  }));

const names = fc.option(fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 2 }), { freq: 1 });
const anyWaiting = fc
  .array(
    fc.record({
      wait: fc.constantFrom(0, 1000, 59_999, 90_000),
      mu: fc.oneof(fc.integer({ min: 20, max: 30 }), fc.double({ min: -20, max: 70, noNaN: true })),
      party: fc.option(fc.integer({ min: 0, max: 8 }), { freq: 1 }),
      latencies: fc.option(
        fc.dictionary(fc.constantFrom(...REGIONS), fc.constantFrom(10, 60, 101), { maxKeys: 3 }),
        { freq: 1 },
      ),
      roles: fc.option(fc.subarray(ROLES), { freq: 1 }),
      lastOpponents: names,
      blocked: names,
      ahead: fc.constantFrom(false, false, true),
      isAway: fc.constantFrom(false, false, false, true),
    }),
    { maxLength: 40 },
  )
  .map((list) => ({
    waiting: list.map((one, n): WaitingPlayer => ({
      accountId: idOf(n),
      entryNo: 3 * n + 1,
      joinedAt: NOW - one.wait,
      lastSeen: NOW,
      // As the database gives it, to a millionth.
      mu: Math.round(one.mu * 1e6) / 1e6,
      sigma: 2.5,
      partyId: one.party === null ? undefined : idOf(500 + one.party),
      latencies: one.latencies ?? undefined,
      roles: one.roles ?? undefined,
      lastOpponents: one.lastOpponents?.map(idOf),
      blocks: one.blocked?.length ?? 0,
      ahead: one.ahead,
    })),
    blocked: new Map(
      list.flatMap((one, n) => (one.blocked ? [[idOf(n), one.blocked.map(idOf)] as const] : [])),
    ),
    away: list.flatMap(({ isAway }, n) => (isAway ? [n] : [])),
  }));
const anyServers = fc
  .array(fc.record({ region: fc.constantFrom(...REGIONS), free: fc.integer({ min: 1, max: 5 }) }), {
    maxLength: 6,
  })
  .map((list) => list.map((server, n) => ({ id: `s${(n * 5) % 7}`, ...server })));

function requestOf(more: Partial<SearchRequest> = {}): SearchRequest {
  const queue: QueueConfig = {
    ...{ name: 'duel', teams: 2, size: 1, rating: { model: 'gaussian' }, ranks: { provisional: 0.5 } },
    window: { initial: 100, perSecond: 10, max: 400, lastResortAfter: 60 },
  };
  const servers = [{ id: 's', region: 'eu', free: 9 }];
  return { queue, now: NOW, pages: [], away: new Uint32Array(), blockedPairs: '[]', servers, ...more };
}

describe('the search in a thread', () => {
  test('finds what the matchmaker finds on this thread, bit for bit, and gives the same reasons', async () => {
    await fc.assert(
      fc.asyncProperty(anyQueue, anyWaiting, anyServers, fc.nat(), async (queue, players, servers, cut) => {
        const { waiting, blocked, away } = players;
        const model = ratingModel(queue.rating);
        const awayIds = new Set(away.map(idOf));
        const builder = new WaitingEntriesBuilder(queue, ({ accountId }) => !awayIds.has(accountId), blocked);
        builder.add(waiting);
        const here = builder.finish();
        const direct = propose({
          now: NOW,
          queue: matchmakingRules(queue, model),
          entries: here.entries,
          servers,
        });

        const middle = cut % (waiting.length + 1);
        const pages = [waiting.slice(0, middle), waiting.slice(middle)].map(columnsOf);
        const pairs = [...blocked].flatMap(([owner, others]) => others.map((other) => [owner, other]));
        const blockedPairs = JSON.stringify(pairs);
        const request = requestOf({ queue, pages, away: Uint32Array.from(away), blockedPairs, servers });
        const answer = await thread.search(request);
        const accountIds = waiting.map(({ accountId }) => accountId);
        const entryNos = waiting.map(({ entryNo }) => entryNo);
        const found = new FoundMatches(answer, { at: NOW, queue, accountIds, entryNos, servers });

        expect(answer.players).toBe(here.players);
        expect(found.oversized).toEqual(here.oversized);
        const isAsked = here.players >= queue.teams * queue.size && servers.length > 0;
        expect(answer.others === undefined).toBe(isAsked);
        if (!isAsked) return;
        const entries = new Map(
          waiting.map(({ accountId, entryNo, joinedAt: queuedAt }) => [accountId, { entryNo, queuedAt }]),
        );
        expect([...found.matches(0, found.count)]).toEqual(
          direct.matches.map(({ serverId, teams }) => ({
            serverId,
            teams: teams.map((team) => team.map((accountId) => ({ accountId, ...entries.get(accountId) }))),
          })),
        );
        const { pointsPerUnit } = model;
        expect(answer.waits).toEqual(endedWaits(direct.matches, here.entries, { now: NOW, pointsPerUnit }));
        expect(answer.leftovers).toEqual(leftoverTexts(direct.leftovers));
      }),
      { numRuns: 300 },
    );
    expect(thread.started).toBe(1);
    expect(thread.counters).toMatchObject({ crashes: 0, overdue: 0 });
  });

  test('who is on two pages counts as he is on the later one', async () => {
    const [ann, bob] = [0, 1].map((n): WaitingPlayer => ({
      ...{
        accountId: idOf(n),
        entryNo: n,
        joinedAt: NOW - 1000,
        lastSeen: NOW,
        mu: 25,
        sigma: 2,
        blocks: 0,
        ahead: false,
      },
    })) as [WaitingPlayer, WaitingPlayer];
    const pages = [[ann, bob], [{ ...ann, joinedAt: NOW }]].map(columnsOf);
    const answer = await thread.search(requestOf({ pages }));
    expect([...answer.rows].sort()).toEqual([1, 2]);
    expect([...answer.queuedAt].sort()).toEqual([NOW - 1000, NOW]);
  });

  test('what the matchmaker refuses fails that search only', async () => {
    const players = [0, 1].map((n): WaitingPlayer => ({
      ...{ accountId: idOf(n), entryNo: n, joinedAt: NOW, lastSeen: NOW, mu: 25, sigma: n - 1, blocks: 0 },
    }));
    await expect(thread.search(requestOf({ pages: [columnsOf(players)] }))).rejects.toThrow(/rating/);
    await expect(
      thread.search(requestOf({ pages: [{ ...columnsOf([]), mu: 'no JSON' }] })),
    ).rejects.toThrow();
    expect(await thread.search(requestOf())).toMatchObject({ players: 0 });
    expect(thread.started).toBe(1);
  });

  test('a thread that dies takes its search with it; the next search gets a new thread', async () => {
    thread.program = SILENT;
    const doomed = thread.search(requestOf());
    await expect(thread.search(requestOf())).rejects.toThrow('busy');
    await thread.kill();
    await expect(doomed).rejects.toThrow('the search thread ended');
    thread.program = "throw new Error('no such program')";
    await expect(thread.search(requestOf())).rejects.toThrow('no such program');
    expect(thread.counters).toEqual({ searches: 0, crashes: 2, overdue: 0 });
    expect(log.records()).toMatchObject([1, 2].map(() => ({ level: 'error', component: 'search' })));
    thread.program = undefined;
    expect(await thread.search(requestOf())).toMatchObject({ players: 0 });
    expect(thread.counters).toEqual({ searches: 1, crashes: 2, overdue: 0 });
  });

  test('a search that takes too long is ended, and the next gets a new thread', async () => {
    thread.program = SILENT;
    thread.limitMs = 1;
    await expect(thread.search(requestOf())).rejects.toThrow('the search took too long');
    expect(thread.counters).toEqual({ searches: 0, crashes: 0, overdue: 1 });
    expect(log.records()).toMatchObject([{ level: 'error', component: 'search' }]);
    thread.program = undefined;
    thread.limitMs = 120_000;
    expect(await thread.search(requestOf())).toMatchObject({ players: 0 });
  });

  test('closed, it rejects what is under way and takes nothing more', async () => {
    thread.program = SILENT;
    const open = thread.search(requestOf());
    const rejected = expect(open).rejects.toThrow('the search thread is closed');
    await thread.close();
    await rejected;
    await expect(thread.search(requestOf())).rejects.toThrow('the search thread is closed');
    expect(thread.counters.crashes).toBe(0);
  });
});

test('reasons are found among thousands of pages, and in the text of the rows up to ten thousand', () => {
  const leftovers = Array.from({ length: 12_345 }, (_, n): Leftover => ({
    ...{ entryId: idOf(n), reason: 'window', window: n, nearest: n + 0.5 },
  }));
  const { oldest, pages } = leftoverTexts(leftovers);
  const find = reasonFinder(pages);
  for (const { entryId, ...reason } of leftovers) expect(find(entryId)).toEqual(reason);
  expect(find('nobody')).toBeUndefined();
  expect(reasonFinder([])('nobody')).toBeUndefined();
  expect(Object.keys(JSON.parse(oldest) as object)).toEqual(
    leftovers.slice(0, 10_000).map(({ entryId }) => entryId),
  );
  expect(Math.max(...pages.map(({ length }) => length))).toBeLessThan(100_000);
});
