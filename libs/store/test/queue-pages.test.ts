import { playerBlocks, queue } from '../src/index.js';
import type { PageStart, Store, StoreTarget, WaitingPage } from '../src/index.js';
import { waitingPlayers } from '../src/repositories/waiting-players.js';
import { clear, DIALECTS, START, type TestClock } from './databases.js';
import {
  aServer,
  enqueue,
  makeMatches,
  manyAccounts,
  matchOf,
  RULES,
  snapshotOf,
  someAccounts,
  UNRATED,
} from './fixtures.js';
import { withStore } from './with-store.js';

describe.each(DIALECTS)('a queue read in pages on %s', (dialect) => {
  let store: Store;
  let clock: TestClock;
  let target: StoreTarget;
  withStore(dialect, (parts) => ({ store, clock, target } = parts));
  beforeEach(() => clear(target));

  const join = (accountId: string, wishes: { latencies?: string; roles?: string } = {}) =>
    store.writeGrouped('join', (tx) => queue.join(tx, { accountId, queue: 'duel', ...wishes }));
  const leave = (accountId: string) => store.writeGrouped('leave', (tx) => queue.leave(tx, accountId));
  const page = (limit: number, after?: PageStart) =>
    store.read((tx) => queue.waitingPage(tx, { queue: 'duel', after, limit }));
  const snapshot = () => store.read((tx) => snapshotOf(tx, 'duel'));

  async function allPages(limit: number): Promise<WaitingPage[]> {
    const pages = [await page(limit)];
    for (let next = pages[0]?.next; next !== undefined; next = pages.at(-1)?.next) {
      pages.push(await page(limit, next));
    }
    return pages;
  }

  it('is the same as read at once, also where many joined in one millisecond', async () => {
    const ids = await someAccounts(store, 11);
    for (const [n, id] of ids.entries()) {
      await join(id, n % 3 === 0 ? { latencies: '{"eu":30}', roles: '["tank"]' } : {});
      if (n % 4 === 3) clock.advance(5);
    }
    const whole = await snapshot();
    expect(whole).toHaveLength(11);
    for (const limit of [1, 3, 4, 10, 11, 12]) {
      const pages = await allPages(limit);
      expect(pages.flatMap(({ columns }) => waitingPlayers(columns, UNRATED))).toEqual(whole);
      expect(pages.flatMap(({ accountIds }) => accountIds)).toEqual(whole.map(({ accountId }) => accountId));
    }
    const first = await store.read((tx) => snapshotOf(tx, 'duel', 5));
    expect(first).toEqual(whole.slice(0, 5));
  });

  it('is read in parts by a tick, all of them and as many as it wants', async () => {
    const ids = await manyAccounts(store, 5001);
    await enqueue(store, ids.slice(0, 5000));
    const idsOf = async (limit?: number) => {
      const players = await store.write('tick', (tx) => snapshotOf(tx, 'duel', limit));
      return players.map(({ accountId }) => accountId);
    };
    expect(await idsOf()).toEqual(ids.slice(0, 5000));
    await enqueue(store, ids.slice(5000), 'team');
    for (const limit of [1, 2499, 2500, 2501, 4999, 5000, 5001]) {
      expect(await idsOf(limit)).toEqual(ids.slice(0, Math.min(limit, 5000)));
    }
    const [last] = (await store.read((tx) => snapshotOf(tx, 'duel'))).slice(-1);
    expect(last).toMatchObject({ joinedAt: START + 1666, lastSeen: START + 1666, mu: 25 });
    await clear(target);
  });

  it('of nobody is one empty page', async () => {
    expect(await page(5)).toMatchObject({ accountIds: [], next: undefined });
  });

  it('who joins again between two pages is in the later one too, with his new time', async () => {
    const ids = await someAccounts(store, 4);
    for (const id of ids) {
      await join(id);
      clock.advance(5);
    }
    const [first = ''] = ids;
    const { next } = await page(2);
    await leave(first);
    await join(first);
    const later = await page(10, next);
    const again = waitingPlayers(later.columns, UNRATED).find(({ accountId }) => accountId === first);
    expect(again?.joinedAt).toBe(START + 20);
  });

  it('blocks are the same as text', async () => {
    const [ann = '', bob = '', cid = ''] = await someAccounts(store, 3);
    expect(await store.read((tx) => queue.blockedPairsText(tx, 'duel'))).toBe('[]');
    for (const other of [bob, cid]) {
      await store.write('block', (tx) => playerBlocks.add(tx, { ownerId: ann, blockedId: other, limit: 10 }));
    }
    for (const id of [ann, bob, cid]) await join(id);
    const pairs = await store.read((tx) => queue.blockedPairs(tx, 'duel'));
    const text = JSON.parse(await store.read((tx) => queue.blockedPairsText(tx, 'duel'))) as [
      string,
      string,
    ][];
    expect(new Set(text.map(([, other]) => other))).toEqual(new Set(pairs.get(ann)));
    expect(text.every(([owner]) => owner === ann)).toBe(true);
    expect(text).toHaveLength(2);
  });

  it('tells who of those who were read does not wait as he did, or was not seen lately', async () => {
    const ids = await someAccounts(store, 6);
    const [stays = '', left = '', again = '', other = '', taken = '', mate = ''] = ids;
    for (const id of ids) await join(id);
    const server = await aServer(store);
    const players = (await snapshot()).map(({ accountId, entryNo, joinedAt }) => ({
      accountId,
      entryNo,
      joinedAt,
    }));
    const ask = (seenAfter: number) =>
      store.read((tx) => queue.waitsNoMore(tx, { queue: 'duel', players, seenAfter }));
    expect(await ask(START - 1)).toEqual([]);
    clock.advance(1000);
    await leave(left);
    await leave(again);
    await join(again);
    await leave(other);
    await store.writeGrouped('join', (tx) => queue.join(tx, { accountId: other, queue: 'team' }));
    await store.write('tick', (tx) =>
      makeMatches(tx, {
        queue: 'duel',
        rules: RULES,
        reserveExpiresAt: START + 9000,
        matches: [matchOf(server, [[taken], [mate]])],
      }),
    );
    const gone = (await ask(START - 1)).sort((a, b) => (a.accountId < b.accountId ? -1 : 1));
    expect(gone).toEqual(
      [left, again, other, taken, mate].sort().map((accountId) => ({ accountId, lastSeen: null })),
    );
    // Also those who wait as before, if they have not been seen since.
    expect(await ask(START)).toContainEqual({ accountId: stays, lastSeen: START });
    await store.write('touch', (tx) => queue.touch(tx, [stays]));
    expect((await ask(START)).map(({ accountId }) => accountId)).not.toContain(stays);
  });
});
