import { randomUUID } from 'node:crypto';
import { matches, playerBlocks, queue, queueLeftovers } from '../src/index.js';
import type { Store, StoreTarget } from '../src/index.js';
import { clear, DIALECTS, START } from './databases.js';
import type { TestClock } from './databases.js';
import { aMatch, aServer, firstTeamWins, makeRunning, snapshotOf, someAccounts } from './fixtures.js';
import { withStore } from './with-store.js';

describe.each(DIALECTS)('what players wish on %s', (dialect) => {
  let store: Store;
  let clock: TestClock;
  let target: StoreTarget;
  withStore(dialect, (parts) => ({ store, clock, target } = parts));
  beforeEach(() => clear(target));

  const block = (ownerId: string, blockedId: string, limit = 3) =>
    store.writeGrouped('block', (tx) => playerBlocks.add(tx, { ownerId, blockedId, limit }));
  const unblock = (ownerId: string, blockedId: string) =>
    store.writeGrouped('unblock', (tx) => playerBlocks.remove(tx, { ownerId, blockedId }));
  const join = (accountId: string, wish: Partial<Parameters<typeof queue.join>[1]> = {}) =>
    store.writeGrouped('join', (tx) => queue.join(tx, { accountId, queue: 'duel', ...wish }));
  const snapshot = () => store.read((tx) => snapshotOf(tx, 'duel'));
  const pairs = () => store.read((tx) => queue.blockedPairs(tx, 'duel'));

  it('blocks are bounded, and each one’s own', async () => {
    const [ann = '', ...others] = await someAccounts(store, 6);
    for (const other of others.slice(0, 3)) {
      expect(await block(ann, other)).toBe('blocked');
      clock.advance(1);
    }
    expect(await block(ann, others[0] ?? '')).toBe('blocked');
    expect(await block(ann, others[3] ?? '')).toBe('too_many');
    const list = await store.read((tx) => playerBlocks.list(tx, ann));
    expect(list.map(({ accountId }) => accountId)).toEqual(others.slice(0, 3).reverse());
    expect(list[0]).toMatchObject({ name: `name ${others[2]?.slice(0, 4)}`, createdAt: START + 2 });
    expect(await store.read((tx) => playerBlocks.list(tx, others[0] ?? ''))).toEqual([]);
    expect(await unblock(ann, others[0] ?? '')).toBe(true);
    expect(await unblock(ann, others[0] ?? '')).toBe(false);
    expect(await unblock(others[1] ?? '', ann)).toBe(false);
    await expect(block(ann, randomUUID())).rejects.toMatchObject({ code: 'foreign_key' });
  });

  it('two at once do not both take the last place', async () => {
    const [ann = '', ...others] = await someAccounts(store, 8);
    const outcomes = await Promise.all(
      others.map((other) =>
        store.write('block', (tx) => playerBlocks.add(tx, { ownerId: ann, blockedId: other, limit: 3 })),
      ),
    );
    expect(outcomes.filter((outcome) => outcome === 'blocked')).toHaveLength(3);
  });

  it('the tick sees who of those that wait blocks whom, also when that changes while they wait', async () => {
    const [ann = '', bob = '', cy = '', dan = ''] = await someAccounts(store, 4);
    await block(ann, bob);
    await block(ann, dan);
    for (const id of [ann, bob, cy]) await join(id);
    await join(dan, { queue: 'team' });
    expect(await pairs()).toEqual(new Map([[ann, [bob]]]));
    expect((await snapshot()).find(({ accountId }) => accountId === ann)).toMatchObject({ blocks: 2 });
    expect((await snapshot()).find(({ accountId }) => accountId === cy)).toMatchObject({ blocks: 0 });
    await block(cy, ann);
    expect(await pairs()).toEqual(
      new Map([
        [ann, [bob]],
        [cy, [ann]],
      ]),
    );
    await unblock(ann, bob);
    await unblock(cy, ann);
    expect(await pairs()).toEqual(new Map());
    await store.write('leave', (tx) => queue.leave(tx, ann));
    expect(await pairs()).toEqual(new Map());
  });

  it('latencies and roles come with the entry; those of a later wish count', async () => {
    const [ann = '', bob = ''] = await someAccounts(store, 2);
    await join(ann, { latencies: '{"eu":20,"we\\"ird":3}', roles: '["tank"]' });
    await join(bob);
    const seen = async () => (await snapshot()).map(({ latencies, roles }) => ({ latencies, roles }));
    const both = [
      { latencies: { eu: 20, 'we"ird': 3 }, roles: ['tank'] },
      { latencies: undefined, roles: undefined },
    ];
    expect(await seen()).toEqual(both);
    await join(bob, { latencies: '{"us":5}' });
    await join(ann);
    await join(ann, { queue: 'team', latencies: '{"asia":9}' });
    expect(await store.read((tx) => queue.entryOf(tx, ann))).toMatchObject({
      latencies: '{"eu":20,"we\\"ird":3}',
    });
    expect(await store.read((tx) => queue.entryOf(tx, bob))).toMatchObject({ latencies: '{"us":5}' });
  });

  it('an entry names the opponents of the match before, if it is asked to', async () => {
    const server = await aServer(store, { capacity: 10 });
    const [a = '', b = '', c = '', d = ''] = await someAccounts(store, 4);
    const play = async (teams: string[][]) => {
      const match = await aMatch(store, server, teams);
      await makeRunning(store, match);
      clock.advance(1000);
      await store.write('result', (tx) =>
        matches.finish(tx, { matchId: match.id, serverId: server, ...firstTeamWins(match) }),
      );
    };
    await play([[a], [b]]);
    await play([
      [a, d],
      [c, b],
    ]);
    await join(a, { avoidRepeats: true });
    await join(b);
    const opponents = async (id: string) =>
      (await snapshot()).find(({ accountId }) => accountId === id)?.lastOpponents;
    expect([...((await opponents(a)) ?? [])].sort()).toEqual([b, c].sort());
    expect(await opponents(b)).toBeUndefined();
    const [fresh = ''] = await someAccounts(store, 1);
    await join(fresh, { avoidRepeats: true });
    expect(await opponents(fresh)).toBeUndefined();
  });

  it('who waits among some, with his rating', async () => {
    const [ann = '', bob = '', cy = ''] = await someAccounts(store, 3);
    for (const id of [ann, bob]) await join(id);
    const found = await store.read((tx) => queue.waitingAmong(tx, [ann, cy, randomUUID()]));
    expect(found).toEqual([{ accountId: ann, partyId: null, queue: 'duel', joinedAt: START, mu: null }]);
    expect(await store.read((tx) => queue.waitingAmong(tx, []))).toEqual([]);
  });

  it('the news of a queue are the newest that any node wrote', async () => {
    const write = (at: number, waiting: number) =>
      store.write('news', (tx) =>
        queueLeftovers.write(tx, {
          queue: 'duel',
          at,
          waiting,
          entries: '{"x":{"reason":"window","window":74,"nearest":131}}',
          waits: '[[1,1500,20]]',
        }),
      );
    await write(10, 1);
    await write(9, 2);
    await write(10, 3);
    expect(await store.read(queueLeftovers.all)).toEqual([
      {
        queue: 'duel',
        at: 10,
        waiting: 3,
        entries: { x: { reason: 'window', window: 74, nearest: 131 } },
        waits: [[1, 1500, 20]],
      },
    ]);
    expect(await store.read(queueLeftovers.times)).toEqual(new Map([['duel', 10]]));
  });
});
