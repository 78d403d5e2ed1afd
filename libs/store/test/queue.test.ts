import { randomUUID } from 'node:crypto';
import { matches, peerConnections, queue, ratings } from '../src/index.js';
import type { Store, StoreTarget } from '../src/index.js';
import { clear, DIALECTS, START, type TestClock } from './databases.js';
import { aMatch, aServer, makeMatches, matchOf, RULES, snapshotOf, someAccounts } from './fixtures.js';
import { withStore } from './with-store.js';

describe.each(DIALECTS)('queue on %s', (dialect) => {
  let store: Store;
  let target: StoreTarget;
  let clock: TestClock;
  withStore(dialect, (parts) => ({ store, clock, target } = parts));
  beforeEach(() => clear(target));

  const join = (accountId: string, name = 'duel') =>
    store.writeGrouped('join', (tx) => queue.join(tx, { accountId, queue: name }));
  const snapshot = (name = 'duel') => store.read((tx) => snapshotOf(tx, name));

  it('joining again keeps the place and is a sign of life; another queue is refused', async () => {
    const [id = ''] = await someAccounts(store, 1);
    expect(await join(id)).toEqual({ status: 'joined', queue: 'duel', joinedAt: START, matchId: null });
    const later = clock.advance(700);
    expect(await join(id)).toEqual({
      status: 'already_queued',
      queue: 'duel',
      joinedAt: START,
      matchId: null,
    });
    expect(await join(id, 'team')).toEqual({
      status: 'other_queue',
      queue: 'duel',
      joinedAt: START,
      matchId: null,
    });
    expect(await store.read((tx) => queue.entryOf(tx, id))).toMatchObject({
      accountId: id,
      queue: 'duel',
      joinedAt: START,
      lastSeen: later,
      matchId: null,
    });
  });

  it('parallel joins of one account make one entry', async () => {
    const [id = ''] = await someAccounts(store, 1);
    const outcomes = await Promise.all(
      Array.from({ length: 30 }, (_, n) =>
        n % 2 === 0
          ? join(id)
          : store.write('join', (tx) => queue.join(tx, { accountId: id, queue: 'duel' })),
      ),
    );
    expect(outcomes.filter((outcome) => outcome.status === 'joined')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome.status === 'already_queued')).toHaveLength(29);
    expect(await store.read(queue.counts)).toEqual({ duel: 1 });
  });

  it('joins and leaves of one account at once end in one of the two states', async () => {
    const [id = ''] = await someAccounts(store, 1);
    await Promise.all<unknown>(
      Array.from({ length: 40 }, (_, n) =>
        n % 2 === 0
          ? store.write('join', (tx) => queue.join(tx, { accountId: id, queue: 'duel' }))
          : store.write('leave', (tx) => queue.leave(tx, id)),
      ),
    );
    const { duel = 0 } = await store.read(queue.counts);
    expect(duel).toBe((await store.read((tx) => queue.entryOf(tx, id))) === null ? 0 : 1);
  });

  it('takes no account that does not exist', async () => {
    await expect(join(randomUUID())).rejects.toMatchObject({ code: 'foreign_key' });
  });

  it('a live match keeps its players out of every queue, and leaving does not end it', async () => {
    const [a = '', b = ''] = await someAccounts(store, 2);
    const match = await aMatch(store, await aServer(store), [[a], [b]]);
    for (const name of ['duel', 'team']) {
      expect(await join(a, name)).toEqual({
        status: 'in_match',
        queue: 'duel',
        joinedAt: START,
        matchId: match.id,
      });
    }
    expect(await store.write('leave', (tx) => queue.leave(tx, a))).toBe(false);
    expect(await store.write('remove', (tx) => queue.removeAll(tx, [a, b]))).toBe(0);
    expect(await snapshot()).toEqual([]);
    expect(await store.read(queue.counts)).toEqual({});
  });

  it('leave, and remove many', async () => {
    const [a = '', b = '', c = ''] = await someAccounts(store, 3);
    await Promise.all([a, b, c].map((id) => join(id)));
    expect(await store.write('leave', (tx) => queue.leave(tx, a))).toBe(true);
    expect(await store.write('leave', (tx) => queue.leave(tx, a))).toBe(false);
    expect(await store.write('remove', (tx) => queue.removeAll(tx, [a, b, randomUUID()]))).toBe(1);
    expect(await store.read(queue.counts)).toEqual({ duel: 1 });
  });

  it('snapshot: who joined first first, with his rating of that queue or the default', async () => {
    const ids = await someAccounts(store, 4);
    const [a = '', b = '', c = '', d = ''] = ids;
    await join(b);
    clock.advance(10);
    await join(a);
    clock.advance(10);
    await join(c);
    await join(d, 'team');
    await store.write('rate', (tx) =>
      ratings.upsertMany(tx, [
        {
          accountId: a,
          queue: 'duel',
          mu: 31.5,
          sigma: 2.25,
          games: 1,
          wins: 1,
          display: 1,
          lastMatchAt: null,
        },
        { accountId: b, queue: 'team', mu: 1, sigma: 1, games: 1, wins: 0, display: 1, lastMatchAt: null },
      ]),
    );
    const seen = clock.advance(5);
    await store.write('touch', (tx) => queue.touch(tx, [c]));
    const entryNo = async (id: string) => (await store.read((tx) => queue.entryOf(tx, id)))?.entryNo;
    expect(await snapshot()).toEqual([
      {
        accountId: b,
        entryNo: await entryNo(b),
        joinedAt: START,
        lastSeen: START,
        mu: 25,
        sigma: expect.closeTo(25 / 3, 12),
        blocks: 0,
      },
      {
        accountId: a,
        entryNo: await entryNo(a),
        joinedAt: START + 10,
        lastSeen: START + 10,
        mu: 31.5,
        sigma: 2.25,
        blocks: 0,
      },
      {
        accountId: c,
        entryNo: await entryNo(c),
        joinedAt: START + 20,
        lastSeen: seen,
        mu: 25,
        sigma: expect.closeTo(25 / 3, 12),
        blocks: 0,
      },
    ]);
    expect(await snapshot('nobody')).toEqual([]);
    expect(await snapshot(`'; DELETE FROM queue_entry; --`)).toEqual([]);
    expect(await store.read(queue.counts)).toEqual({ duel: 3, team: 1 });
  });

  it('snapshot: ratings are exact to a millionth, and who has one beyond all measure is in it too', async () => {
    const ids = await someAccounts(store, 4);
    const mus = [31.123_456_789, -0.000_001_4, 1e308, -1e308];
    for (const id of ids) {
      await join(id);
      clock.advance(1);
    }
    const rows = ids.map((accountId, n) => ({
      ...{ accountId, queue: 'duel', mu: mus[n] ?? 0, sigma: 8.333_333_333 },
      ...{ games: 1, wins: 1, display: 1, lastMatchAt: null },
    }));
    await store.write('rate', (tx) => ratings.upsertMany(tx, rows));
    const [exact, small, high, low] = await snapshot();
    expect(exact).toMatchObject({ mu: 31.123_457, sigma: 8.333_333 });
    expect(small?.mu).toBe(-0.000_001);
    expect(high?.mu).toBeGreaterThanOrEqual(1e12);
    expect(low?.mu).toBeLessThanOrEqual(-1e12);
  });

  it('who waits again after his match was called off is ahead of the others, until he joins anew', async () => {
    const [a = '', b = '', c = ''] = await someAccounts(store, 3);
    const { id: matchId } = await aMatch(store, await aServer(store), [[a], [b]]);
    await join(c);
    const order = { matchId, state: 'reserving', reason: 'x', requeue: [a] } as const;
    expect(await store.write('cancel', (tx) => matches.cancel(tx, order))).not.toBeNull();
    const ahead = async () => (await snapshot()).filter((one) => one.ahead).map(({ accountId }) => accountId);
    expect(await ahead()).toEqual([a]);
    expect(await store.read((tx) => queue.entryOf(tx, c))).toMatchObject({ ahead: false });
    await store.write('leave', (tx) => queue.leave(tx, a));
    await join(a);
    expect(await ahead()).toEqual([]);
  });

  it('touch marks many at once; those not seen for long are taken out, players in a match are not', async () => {
    const [a = '', b = '', c = '', d = ''] = await someAccounts(store, 4);
    await aMatch(store, await aServer(store), [[c], [d]]);
    await Promise.all([join(a), join(b, 'team')]);
    clock.advance(1000);
    expect(await store.write('touch', (tx) => queue.touch(tx, [a, randomUUID()]))).toBe(1);
    expect(await store.write('stale', (tx) => queue.removeStale(tx, START))).toEqual([]);
    expect(await store.write('stale', (tx) => queue.removeStale(tx, START + 1))).toEqual([
      { accountId: b, queue: 'team' },
    ]);
    expect(await store.read((tx) => queue.entryOf(tx, c))).not.toBeNull();
    expect(await store.write('touch', (tx) => queue.touch(tx, []))).toBe(0);
  });

  it('who left is as absent as who has been silent, unless he was seen since', async () => {
    const [a = '', b = ''] = await someAccounts(store, 2);
    await Promise.all([join(a), join(b)]);
    const left = clock.advance(1000);
    clock.advance(200);
    await store.write('touch', (tx) => queue.touch(tx, [b]));
    const away = (at: number) =>
      store.write('away', (tx) =>
        queue.markAway(
          tx,
          [a, b, randomUUID()].map((accountId) => ({ accountId, connectionId: 'c', at })),
          16_000,
        ),
      );
    expect(await away(left)).toBe(1);
    expect((await store.read((tx) => queue.entryOf(tx, a)))?.lastSeen).toBe(left - 16_000);
    expect((await store.read((tx) => queue.entryOf(tx, b)))?.lastSeen).toBe(left + 200);
    // Again, and for one who has been away for longer: nothing comes nearer.
    expect(await away(left)).toBe(0);
  });

  it('whose connection ended after a newer one was noted is not away', async () => {
    const [moved = '', left = ''] = await someAccounts(store, 2);
    await Promise.all([join(moved), join(left)]);
    await store.write('note', (tx) =>
      peerConnections.note(tx, [
        { peerId: moved, connectionId: 'new', openMs: 0 },
        { peerId: left, connectionId: 'old', openMs: 0 },
      ]),
    );
    const at = clock.advance(1000);
    const away = await store.write('away', (tx) =>
      queue.markAway(
        tx,
        [moved, left].map((accountId) => ({ accountId, connectionId: 'old', at })),
        16_000,
      ),
    );
    expect(away).toBe(1);
    expect((await store.read((tx) => queue.entryOf(tx, left)))?.lastSeen).toBe(at - 16_000);
    expect((await store.read((tx) => queue.entryOf(tx, moved)))?.lastSeen).toBe(at - 1000);
  });

  it('a player who leaves while the tick takes him is in the match or gone, never both', async () => {
    const server = await aServer(store, { capacity: 1000 });
    for (let round = 0; round < 10; round += 1) {
      const [a = '', b = ''] = await someAccounts(store, 2);
      await Promise.all([join(a), join(b)]);
      const plan = matchOf(server, [[a], [b]]);
      const [left, made] = await Promise.all([
        store.write('leave', (tx) => queue.leave(tx, a)),
        store.write('tick', (tx) =>
          makeMatches(tx, { queue: 'duel', rules: RULES, reserveExpiresAt: START, matches: [plan] }),
        ),
      ]);
      expect(made.created).toEqual(left ? [] : [plan.id]);
      expect(made.dropped).toEqual(left ? [plan.id] : []);
      const entry = await store.read((tx) => queue.entryOf(tx, b));
      expect(entry?.matchId).toBe(left ? null : plan.id);
      expect(await store.read((tx) => queue.entryOf(tx, a))).toEqual(
        left ? null : expect.objectContaining({ matchId: plan.id }),
      );
      expect((await store.read((tx) => matches.byId(tx, plan.id)))?.players ?? []).toHaveLength(left ? 0 : 2);
    }
  });
});
