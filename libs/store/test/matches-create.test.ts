import { randomUUID } from 'node:crypto';
import { matches, queue } from '../src/index.js';
import type { Store } from '../src/index.js';
import { DIALECTS, START, type TestClock } from './databases.js';
import { enqueue, makeMatches, manyAccounts, matchOf, RULES, snapshotOf, someAccounts } from './fixtures.js';
import { withStore } from './with-store.js';

describe.each(DIALECTS)('creating matches on %s', (dialect) => {
  let store: Store;
  let clock: TestClock;
  let server: string;
  withStore(dialect, (parts) => ({ store, clock, server } = parts));

  const byId = (id: string) => store.read((tx) => matches.byId(tx, id));
  const join = (accountId: string, name = 'duel') =>
    store.writeGrouped('join', (tx) => queue.join(tx, { accountId, queue: name }));
  const create = (plans: readonly ReturnType<typeof matchOf>[], name = 'duel') =>
    store.write('tick', (tx) =>
      makeMatches(tx, { queue: name, rules: RULES, reserveExpiresAt: START + 3000, matches: plans }),
    );

  it('writes match, players and places, with teams, names and waiting times', async () => {
    const ids = await someAccounts(store, 4);
    for (const id of ids) {
      await join(id, 'team');
      clock.advance(7);
    }
    const waiting = await store.read((tx) => snapshotOf(tx, 'team'));
    const joinedAt = new Map(waiting.map((one) => [one.accountId, one.joinedAt]));
    const plan = matchOf(server, [ids.slice(0, 2), ids.slice(2)], (id) => joinedAt.get(id) ?? 0);
    expect(await create([plan], 'team')).toEqual({ created: [plan.id], dropped: [] });
    expect(await byId(plan.id)).toMatchObject({
      id: plan.id,
      queue: 'team',
      state: 'reserving',
      serverId: server,
      attempt: 1,
      previousServers: [],
      createdAt: START + 28,
      stateSince: START + 28,
      reserveExpiresAt: START + 3000,
      allowAckedAt: null,
      startedAt: null,
      endedAt: null,
      ratedAt: null,
      serverLostAt: null,
      players: ids.map((accountId, n) => ({
        id: plan.teams.flat()[n]?.id,
        accountId,
        team: Math.floor(n / 2),
        position: n % 2,
        name: `name ${accountId.slice(0, 4)}`,
        queuedAt: START + 7 * n,
        tokenGeneration: 0,
        allowedGeneration: -1,
        foundSentAt: null,
        muBefore: null,
        stats: null,
        requeued: null,
      })),
    });
    expect(await store.read((tx) => matches.rulesOf(tx, plan.id))).toEqual(RULES);
    expect(await store.read((tx) => matches.resultOf(tx, plan.id))).toBeNull();
  });

  it('drops only matches of which somebody does not wait there, and leaves their others waiting', async () => {
    const [a = '', b = '', c = '', d = '', e = '', f = '', absent = ''] = await someAccounts(store, 7);
    for (const id of [a, b, c, e]) await join(id);
    await join(f, 'team');
    const [good, noEntry, otherQueue] = [
      matchOf(server, [[a], [b]]),
      matchOf(server, [[c], [absent]]),
      matchOf(server, [[e], [f]]),
    ];
    const made = await create([noEntry, good, otherQueue]);
    expect(made.created).toEqual([good.id]);
    expect(new Set(made.dropped)).toEqual(new Set([noEntry.id, otherQueue.id]));
    for (const id of [c, e, f]) {
      expect(await store.read((tx) => queue.entryOf(tx, id))).toMatchObject({ matchId: null });
    }
    expect(await byId(noEntry.id)).toBeNull();
    expect(await store.read((tx) => queue.entryOf(tx, d))).toBeNull();
  });

  it('takes just the entries that it was given: who left and joined again meanwhile is not matched', async () => {
    const [a = '', b = '', c = ''] = await someAccounts(store, 3);
    for (const id of [a, b, c]) await join(id);
    const entryNo = async (id: string) =>
      (await store.read((tx) => queue.entryOf(tx, id)))?.entryNo ?? Number.NaN;
    const plan = matchOf(server, [[a], [b]]);
    const numbers = new Map<string, number>();
    for (const id of [a, b]) numbers.set(id, await entryNo(id));
    const numbered = {
      ...plan,
      teams: plan.teams.map((team) =>
        team.map((player) => ({ ...player, entryNo: numbers.get(player.accountId) ?? Number.NaN })),
      ),
    };
    await store.write('leave', (tx) => queue.leave(tx, a));
    await join(a);
    expect(await entryNo(a)).toBeGreaterThan(await entryNo(c));
    const batch = { queue: 'duel', rules: RULES, reserveExpiresAt: START + 3000, matches: [numbered] };
    const made = await store.write('tick', (tx) => matches.createMany(tx, batch));
    expect(made).toEqual({ created: [], dropped: [plan.id] });
    for (const id of [a, b])
      expect(await store.read((tx) => queue.entryOf(tx, id))).toMatchObject({ matchId: null });
    // Nor is another's entry taken in the place of his.
    const stolen = {
      ...numbered,
      teams: numbered.teams.map((team) => team.map((one) => ({ ...one, accountId: c }))),
    };
    const again = await store.write('tick', (tx) => matches.createMany(tx, { ...batch, matches: [stolen] }));
    expect(again).toEqual({ created: [], dropped: [plan.id] });
    expect(await store.read((tx) => queue.entryOf(tx, c))).toMatchObject({ matchId: null });
  });

  it('never puts an account into two matches of one batch, nor into a second later', async () => {
    const [a = '', b = '', c = ''] = await someAccounts(store, 3);
    for (const id of [a, b, c]) await join(id);
    const plans = [matchOf(server, [[a], [b]]), matchOf(server, [[b], [c]])];
    const made = await create(plans);
    expect(made.created.length).toBeLessThanOrEqual(1);
    const again = await create([matchOf(server, [[a], [b]]), matchOf(server, [[b], [c]])]);
    expect(made.created.length + again.created.length).toBeLessThanOrEqual(1);
    expect(new Set([...made.created, ...made.dropped])).toEqual(new Set(plans.map((plan) => plan.id)));
  });

  it('two ticks at once with the same players make each match once', async () => {
    const ids = await someAccounts(store, 20);
    for (const id of ids) await join(id);
    const plans = () =>
      Array.from({ length: 10 }, (_, n) => matchOf(server, [[ids[2 * n] ?? ''], [ids[2 * n + 1] ?? '']]));
    const [one, two] = await Promise.all([create(plans()), create(plans())]);
    expect(one.created.length + two.created.length).toBe(10);
    expect(one.dropped.length + two.dropped.length).toBe(10);
    const entries = await Promise.all(ids.map((id) => store.read((tx) => queue.entryOf(tx, id))));
    expect(new Set(entries.map((entry) => entry?.matchId)).size).toBe(10);
  });

  it('fails as a whole for a server that never was present', async () => {
    const [a = '', b = ''] = await someAccounts(store, 2);
    await join(a);
    await join(b);
    await expect(create([matchOf(randomUUID(), [[a], [b]])])).rejects.toMatchObject({
      code: 'foreign_key',
    });
    expect(await store.read((tx) => queue.entryOf(tx, a))).toMatchObject({ matchId: null });
  });

  it('makes more than one round of statements holds, and drops from each what is incomplete', async () => {
    const ids = await manyAccounts(store, 2004);
    const plans = Array.from({ length: 1002 }, (_, n) =>
      matchOf(server, [[ids[2 * n] ?? ''], [ids[2 * n + 1] ?? '']]),
    ).sort((one, other) => (one.id < other.id ? -1 : 1));
    const absent = [plans[3], plans[1001]].map((plan) => plan?.teams[1]?.[0]?.accountId ?? '');
    await enqueue(
      store,
      ids.filter((id) => !absent.includes(id)),
    );
    const made = await create([...plans].reverse());
    expect(made.dropped).toEqual([plans[1001]?.id, plans[3]?.id]);
    expect(new Set(made.created)).toEqual(
      new Set(plans.map((plan) => plan.id).filter((id) => !made.dropped.includes(id))),
    );
    expect((await byId(plans[1000]?.id ?? ''))?.players).toHaveLength(2);
    const waiting = await store.read((tx) => snapshotOf(tx, 'duel'));
    const partners = [plans[3], plans[1001]].map((plan) => plan?.teams[0]?.[0]?.accountId);
    expect(waiting.map((one) => one.accountId)).toEqual(expect.arrayContaining(partners));
  });

  it.each(['', 'x', 'é'.repeat(35), '0'.repeat(37)])('refuses %j for an id', async (id) => {
    const plan = matchOf(server, [[id], [randomUUID()]]);
    await expect(create([plan])).rejects.toMatchObject({ code: 'invalid_value' });
  });

  it.each(['é'.repeat(36), `","${'0'.repeat(33)}`, `'; DROP TABLE account; --${'x'.repeat(11)}`])(
    'makes nothing of %j for an id',
    async (id) => {
      const plan = matchOf(server, [[id], [randomUUID()]]);
      const { created } = await create([plan]).catch(() => ({ created: [] }));
      expect(created).toEqual([]);
      expect(await byId(plan.id)).toBeNull();
    },
  );

  it('makes nothing at all where one of many rounds is refused, whichever it is', async () => {
    const ids = await manyAccounts(store, 4000);
    await enqueue(store, ids);
    const plans = Array.from({ length: 2000 }, (_, n) =>
      matchOf(server, [[ids[2 * n] ?? ''], [ids[2 * n + 1] ?? '']]),
    );
    for (const wrong of [0, 1500]) {
      const spoilt = plans.map((plan, n) => (n === wrong ? { ...plan, id: 'none' } : plan));
      await expect(create(spoilt)).rejects.toMatchObject({ code: 'invalid_value' });
      for (const n of [0, 400, 1999]) expect(await byId(plans[n]?.id ?? '')).toBeNull();
    }
    const waiting = await store.read((tx) => snapshotOf(tx, 'duel'));
    expect(waiting.map(({ accountId }) => accountId)).toEqual(expect.arrayContaining(ids.slice(0, 3)));
    expect((await create(plans)).created).toHaveLength(2000);
  });

  it('makes nothing of nothing', async () => {
    expect(await create([])).toEqual({ created: [], dropped: [] });
  });
});
