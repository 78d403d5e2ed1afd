import { randomUUID } from 'node:crypto';
import { gameServers, matches, matchUpkeep, queue, ratings } from '../src/index.js';
import type { Store } from '../src/index.js';
import { json } from '../src/sql/text.js';
import { behindTheStore, DIALECTS, freshDatabase, open, START, TestClock } from './databases.js';
import type { FreshDatabase } from './databases.js';
import {
  aMatch,
  aServer,
  firstTeamWins,
  makeReady,
  makeRunning,
  matchOf,
  presenceOf,
  RULES,
  someAccounts,
  UNRATED,
} from './fixtures.js';

describe.each(DIALECTS)('matches on %s', (dialect) => {
  let database: FreshDatabase;
  let store: Store;
  let clock: TestClock;
  let server: string;

  beforeAll(async () => {
    clock = new TestClock();
    database = await freshDatabase(dialect);
    store = await open(database.target, { now: () => clock.ms });
    server = await aServer(store, { capacity: 1000 });
  });
  beforeEach(() => {
    clock.ms = START;
  });
  afterAll(async () => {
    await store.close();
    await database.drop();
  });

  const byId = (id: string) => store.read((tx) => matches.byId(tx, id));
  const join = (accountId: string, name = 'duel') =>
    store.writeGrouped('join', (tx) => queue.join(tx, { accountId, queue: name }));
  const create = (plans: readonly ReturnType<typeof matchOf>[], name = 'duel') =>
    store.write('tick', (tx) =>
      matches.createMany(tx, { queue: name, rules: RULES, reserveExpiresAt: START + 3000, matches: plans }),
    );

  describe('createMany', () => {
    it('writes match, players and places, with teams, names and waiting times', async () => {
      const ids = await someAccounts(store, 4);
      for (const id of ids) {
        await join(id, 'team');
        clock.advance(7);
      }
      const waiting = await store.read((tx) => queue.snapshotForTick(tx, 'team', UNRATED));
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
      const ids = Array.from({ length: 2004 }, () => randomUUID());
      await store.write('accounts', (tx) =>
        tx.run(
          `INSERT INTO account (id, username, username_key, display_name, password_hash, created_at)
           SELECT a.value, a.value, a.value, 'x', 'x', 1 FROM ${tx.dialect.textRows('a', '$1')}`,
          [json(ids)],
        ),
      );
      const plans = Array.from({ length: 1002 }, (_, n) =>
        matchOf(server, [[ids[2 * n] ?? ''], [ids[2 * n + 1] ?? '']]),
      ).sort((one, other) => (one.id < other.id ? -1 : 1));
      const absent = [plans[3], plans[1001]].map((plan) => plan?.teams[1]?.[0]?.accountId ?? '');
      await store.write('join', (tx) =>
        tx.run(
          `INSERT INTO queue_entry (account_id, queue, joined_at, last_seen)
           SELECT a.value, 'duel', 1, 1 FROM ${tx.dialect.textRows('a', '$1')}`,
          [json(ids.filter((id) => !absent.includes(id)))],
        ),
      );
      const made = await create([...plans].reverse());
      expect(made.dropped).toEqual([plans[3]?.id, plans[1001]?.id]);
      expect(new Set(made.created)).toEqual(
        new Set(plans.map((plan) => plan.id).filter((id) => !made.dropped.includes(id))),
      );
      expect((await byId(plans[1000]?.id ?? ''))?.players).toHaveLength(2);
      const waiting = await store.read((tx) => queue.snapshotForTick(tx, 'duel', UNRATED));
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

    it('makes nothing of nothing', async () => {
      expect(await create([])).toEqual({ created: [], dropped: [] });
    });
  });

  it('routes an account back to its live match, with the address that players are given', async () => {
    const host = await aServer(store, { host: '198.51.100.4', port: 9000 }, { publicHost: 'play.example' });
    const [a = '', b = ''] = await someAccounts(store, 2);
    expect(await store.read((tx) => matches.liveForAccount(tx, a))).toBeNull();
    const match = await aMatch(store, host, [[a], [b]]);
    expect(await store.read((tx) => matches.liveForAccount(tx, b))).toMatchObject({
      match: { id: match.id, state: 'reserving' },
      player: { accountId: b, team: 1 },
      server: { host: 'play.example', port: 9000, online: true, nodeId: 'node-1' },
    });
    await store.write('cancel', (tx) =>
      matches.cancel(tx, { matchId: match.id, state: 'reserving', reason: 'x', requeue: 'all' }),
    );
    expect(await store.read((tx) => matches.liveForAccount(tx, b))).toBeNull();
  });

  it('reassigns a reservation once per attempt', async () => {
    const other = await aServer(store);
    const [a = '', b = ''] = await someAccounts(store, 2);
    const match = await aMatch(store, server, [[a], [b]]);
    const move = (attempt: number, toServerId: string) =>
      store.write('move', (tx) =>
        matches.reassign(tx, { matchId: match.id, attempt, toServerId, reserveExpiresAt: START + 9000 }),
      );
    expect(await move(2, other)).toBe(false);
    expect(await move(1, other)).toBe(true);
    expect(await move(1, server)).toBe(false);
    expect(await byId(match.id)).toMatchObject({
      serverId: other,
      attempt: 2,
      previousServers: [server],
      reserveExpiresAt: START + 9000,
      state: 'reserving',
    });
    expect(await move(2, server)).toBe(true);
    expect((await byId(match.id))?.previousServers).toEqual([server, other]);
  });

  it('starts only on its own server and only when ready; again is a duplicate', async () => {
    const [a = '', b = ''] = await someAccounts(store, 2);
    const match = await aMatch(store, server, [[a], [b]]);
    const other = await aServer(store);
    const start = (serverId: string, matchId = match.id) =>
      store.writeGrouped('started', (tx) => matches.markRunning(tx, { matchId, serverId }));
    expect(await start(server)).toBe('bad_state');
    await makeReady(store, match);
    expect(await start(other)).toBe('not_yours');
    expect(await start(server, randomUUID())).toBe('unknown_match');
    clock.advance(50);
    expect(await start(server)).toBe('running');
    expect(await start(server)).toBe('duplicate');
    expect(await byId(match.id)).toMatchObject({
      state: 'running',
      startedAt: START + 50,
      stateSince: START + 50,
    });
  });

  describe('cancel', () => {
    it('puts those who are to wait back where they were, and frees the others', async () => {
      const [a = '', b = '', c = '', d = ''] = await someAccounts(store, 4);
      const match = await aMatch(store, server, [
        [a, b],
        [c, d],
      ]);
      clock.advance(5000);
      const released = await store.write('cancel', (tx) =>
        matches.cancel(tx, {
          matchId: match.id,
          state: 'reserving',
          attempt: 1,
          reason: 'no Ack',
          requeue: [a, d],
        }),
      );
      expect(released).toEqual(
        match.teams.flat().map((player) => ({
          accountId: player.accountId,
          playerId: player.id,
          requeued: [a, d].includes(player.accountId),
        })),
      );
      expect(await store.read((tx) => queue.entryOf(tx, a))).toMatchObject({
        joinedAt: START,
        matchId: null,
      });
      expect(await store.read((tx) => queue.entryOf(tx, b))).toBeNull();
      const after = await byId(match.id);
      expect(after).toMatchObject({ state: 'cancelled', endReason: 'no Ack', endedAt: START + 5000 });
      expect(after?.players.map((player) => player.requeued)).toEqual([true, false, false, true]);
    });

    it.each([
      ['all', true],
      ['none', false],
    ] as const)('requeue %s', async (requeue, requeued) => {
      const [a = '', b = ''] = await someAccounts(store, 2);
      const match = await aMatch(store, server, [[a], [b]]);
      const released = await store.write('cancel', (tx) =>
        matches.cancel(tx, { matchId: match.id, state: 'reserving', reason: 'x', requeue }),
      );
      expect(released?.map((player) => player.requeued)).toEqual([requeued, requeued]);
      expect((await store.read((tx) => queue.entryOf(tx, a))) !== null).toBe(requeued);
    });

    it('does nothing in another state or attempt, or twice', async () => {
      const [a = '', b = ''] = await someAccounts(store, 2);
      const match = await aMatch(store, server, [[a], [b]]);
      const cancel = (order: {
        state: 'reserving' | 'ready' | 'running';
        attempt?: number;
        matchId?: string;
      }) =>
        store.write('cancel', (tx) =>
          matches.cancel(tx, { matchId: match.id, reason: 'x', requeue: 'all', ...order }),
        );
      expect(await cancel({ state: 'ready' })).toBeNull();
      expect(await cancel({ state: 'reserving', attempt: 2 })).toBeNull();
      expect(await cancel({ state: 'reserving', matchId: randomUUID() })).toBeNull();
      expect((await byId(match.id))?.state).toBe('reserving');
      expect(await cancel({ state: 'reserving', attempt: 1 })).toHaveLength(2);
      expect(await cancel({ state: 'reserving' })).toBeNull();
    });
  });

  describe('finish', () => {
    async function running() {
      const ids = await someAccounts(store, 2);
      const match = await aMatch(store, server, [[ids[0] ?? ''], [ids[1] ?? '']]);
      await makeRunning(store, match);
      return { match, ids, ...firstTeamWins(match) };
    }
    type Running = Awaited<ReturnType<typeof running>>;
    const finish = (one: Running, change: Partial<Parameters<typeof matches.finish>[1]> = {}) =>
      store.writeGrouped('result', (tx) =>
        matches.finish(tx, {
          matchId: one.match.id,
          serverId: server,
          result: one.result,
          players: one.players,
          ...change,
        }),
      );

    it('keeps all that rating the match again needs, to the last bit, and frees the players', async () => {
      const one = await running();
      clock.advance(90_000);
      expect(await finish(one)).toBe('finished');
      const after = await byId(one.match.id);
      expect(after).toMatchObject({
        state: 'finished',
        endReason: 'result',
        endedAt: START + 90_000,
        ratedAt: START + 90_000,
      });
      expect(after?.players).toMatchObject(one.players);
      expect(await store.read((tx) => matches.resultOf(tx, one.match.id))).toEqual({
        result: one.result,
        digest: expect.stringMatching(/^[0-9a-f]{64}$/),
      });
      expect(await store.read((tx) => matches.rulesOf(tx, one.match.id))).toEqual(RULES);
      for (const id of one.ids) expect(await join(id)).toMatchObject({ status: 'joined' });
    });

    it('keeps doubles exactly', async () => {
      // Decimal texts that SQLite's own parser and printer do not carry over exactly.
      const hard = [
        0.1 + 0.2,
        25 / 3,
        Math.PI,
        1.7976931348623157e308,
        5e-324,
        2.2250738585072014e-308,
        -123456.789e-17,
      ];
      for (const value of hard) {
        const one = await running();
        const players = one.players.map((player) => ({
          ...player,
          muBefore: value,
          muAfter: -value,
          score: value,
        }));
        expect(await finish(one, { players })).toBe('finished');
        for (const player of (await byId(one.match.id))?.players ?? []) {
          expect([player.muBefore, player.muAfter, player.score]).toEqual([value, -value, value]);
        }
      }
    });

    it('takes the same result again for a duplicate and another for a conflict, and changes nothing', async () => {
      const one = await running();
      expect(await finish(one)).toBe('finished');
      const after = await byId(one.match.id);
      clock.advance(1000);
      const shuffled = JSON.parse(
        JSON.stringify({ teams: [{ rank: 0 }, { rank: 1 }], matchId: one.match.id }),
      );
      expect(await finish(one)).toBe('duplicate');
      expect(await finish(one, { result: shuffled })).toBe('duplicate');
      expect(
        await finish(one, { result: { matchId: one.match.id, teams: [{ rank: 1 }, { rank: 0 }] } }),
      ).toBe('conflict');
      expect(await byId(one.match.id)).toEqual(after);
    });

    it('takes one of many simultaneous results, whatever they say', async () => {
      const one = await running();
      const outcomes = await Promise.all(
        Array.from({ length: 12 }, (_, n) =>
          n % 3 === 0
            ? store.write('result', (tx) =>
                matches.finish(tx, {
                  matchId: one.match.id,
                  serverId: server,
                  result: { n: 0 },
                  players: one.players,
                }),
              )
            : finish(one, { result: { n: n % 2 } }),
        ),
      );
      expect(outcomes.filter((outcome) => outcome === 'finished')).toHaveLength(1);
      expect(new Set(outcomes)).toEqual(new Set(['finished', 'duplicate', 'conflict']));
    });

    it('refuses a result from elsewhere, too early, or for other players', async () => {
      const one = await running();
      const other = await aServer(store);
      const [first, second] = one.players;
      if (first === undefined || second === undefined) throw new Error('two players');
      expect(await finish(one, { serverId: other })).toBe('not_yours');
      expect(await finish(one, { matchId: randomUUID() })).toBe('unknown_match');
      for (const players of [
        [],
        [first],
        [first, first],
        [first, { ...second, id: randomUUID() }],
        [first, second, { ...second, id: randomUUID() }],
      ]) {
        expect(await finish(one, { players })).toBe('bad_roster');
      }
      expect((await byId(one.match.id))?.state).toBe('running');

      const [a = '', b = ''] = await someAccounts(store, 2);
      const early = await aMatch(store, server, [[a], [b]]);
      const result = { matchId: early.id, serverId: server, ...firstTeamWins(early) };
      expect(await store.write('early', (tx) => matches.finish(tx, result))).toBe('bad_state');
    });

    it('is taken back with its transaction', async () => {
      const one = await running();
      await expect(
        store.writeGrouped('result', async (tx) => {
          await matches.finish(tx, {
            matchId: one.match.id,
            serverId: server,
            result: one.result,
            players: one.players,
          });
          throw new Error('rating failed');
        }),
      ).rejects.toThrow('rating failed');
      expect((await byId(one.match.id))?.state).toBe('running');
      expect(await finish(one)).toBe('finished');
    });

    it('stores names of stats that no database text can hold', async () => {
      const one = await running();
      const stats = { 'a\0b': 1, '\ud800': 2, "'; --": 3 };
      expect(await finish(one, { players: one.players.map((player) => ({ ...player, stats })) })).toBe(
        'finished',
      );
      expect((await byId(one.match.id))?.players[0]?.stats).toEqual(stats);
    });

    it('works for a team of one and a roster of hundreds', async () => {
      const ids = await someAccounts(store, 200);
      const match = await aMatch(store, server, [ids.slice(0, 100), ids.slice(100)], 'huge');
      await makeRunning(store, match);
      const { result, players } = firstTeamWins(match);
      expect(
        await store.write('r', (tx) =>
          matches.finish(tx, { matchId: match.id, serverId: server, result, players }),
        ),
      ).toBe('finished');
      expect((await byId(match.id))?.players).toMatchObject(players);
    });

    it('forResult reads the match with rules and present ratings', async () => {
      const one = await running();
      const [a = ''] = one.ids;
      const row = {
        accountId: a,
        queue: 'duel',
        mu: 0.1 + 0.2,
        sigma: Math.E,
        volatility: 0.06,
        games: 3,
        wins: 2,
        display: 1512.5,
        lastMatchAt: START,
        tier: 'Gold',
      };
      await store.write('rate', (tx) => ratings.upsertMany(tx, [row]));
      const read = await store.write('for', (tx) => matches.forResult(tx, one.match.id, UNRATED));
      expect(read).toMatchObject({
        match: { id: one.match.id, state: 'running' },
        rules: RULES,
        resultDigest: null,
      });
      expect(read?.ratings).toEqual([
        row,
        {
          accountId: one.ids[1],
          queue: 'duel',
          ...UNRATED,
          volatility: null,
          games: 0,
          wins: 0,
          display: 0,
          lastMatchAt: null,
          tier: null,
        },
      ]);
      await finish(one);
      const digest = (await store.read((tx) => matches.resultOf(tx, one.match.id)))?.digest;
      expect(
        (await store.write('for', (tx) => matches.forResult(tx, one.match.id, UNRATED)))?.resultDigest,
      ).toBe(digest);
      expect(await store.write('for', (tx) => matches.forResult(tx, randomUUID(), UNRATED))).toBeNull();
    });
  });

  it('abandons live matches for good, and only those', async () => {
    const ids = await someAccounts(store, 6);
    const [lost, done, kept] = [
      await aMatch(store, server, [[ids[0] ?? ''], [ids[1] ?? '']]),
      await aMatch(store, server, [[ids[2] ?? ''], [ids[3] ?? '']]),
      await aMatch(store, server, [[ids[4] ?? ''], [ids[5] ?? '']]),
    ];
    await makeRunning(store, lost);
    await makeRunning(store, done);
    await store.write('result', (tx) =>
      matches.finish(tx, { matchId: done.id, serverId: server, ...firstTeamWins(done) }),
    );
    expect(
      await store.write('abandon', (tx) =>
        matches.abandon(tx, { matchIds: [lost.id, done.id, randomUUID()], reason: 'server lost' }),
      ),
    ).toEqual([lost.id]);
    expect(await byId(lost.id)).toMatchObject({
      state: 'abandoned',
      endReason: 'server lost',
      ratedAt: null,
    });
    expect((await byId(done.id))?.state).toBe('finished');
    expect((await byId(kept.id))?.state).toBe('reserving');
    expect(await join(ids[0] ?? '')).toMatchObject({ status: 'joined' });
    const late = { matchId: lost.id, serverId: server, ...firstTeamWins(lost) };
    expect(await store.write('late', (tx) => matches.finish(tx, late))).toBe('bad_state');
  });

  it('counts live matches and names those of a server', async () => {
    const here = await aServer(store, { capacity: 3 });
    const ids = await someAccounts(store, 6);
    const before = await store.read(matches.liveCounts);
    const made = [
      await aMatch(store, here, [[ids[0] ?? ''], [ids[1] ?? '']]),
      await aMatch(store, here, [[ids[2] ?? ''], [ids[3] ?? '']]),
      await aMatch(store, here, [[ids[4] ?? ''], [ids[5] ?? '']]),
    ] as const;
    await makeReady(store, made[1]);
    await makeRunning(store, made[2]);
    expect(await store.read(matches.liveCounts)).toEqual({
      reserving: before.reserving + 1,
      ready: before.ready + 1,
      running: before.running + 1,
    });
    const live = async () =>
      (await store.read((tx) => matches.byServer(tx, here))).map((match) => match.id).sort();
    expect(await live()).toEqual(made.map((match) => match.id).sort());
    await store.write('abandon', (tx) => matches.abandon(tx, { matchIds: [made[2].id], reason: 'x' }));
    expect(await live()).toHaveLength(2);
  });

  it('reports ended matches until that is marked, per player', async () => {
    const [a = '', b = ''] = await someAccounts(store, 2);
    const match = await aMatch(store, server, [[a], [b]]);
    const due = (accountIds: string[]) => store.read((tx) => matches.reportsDue(tx, accountIds));
    expect(await due([a, b])).toEqual([]);
    await makeRunning(store, match);
    await store.write('result', (tx) =>
      matches.finish(tx, { matchId: match.id, serverId: server, ...firstTeamWins(match) }),
    );
    expect((await due([a, b])).map(({ player }) => player.accountId).sort()).toEqual([a, b].sort());
    const [mine] = await due([a]);
    expect(mine).toMatchObject({
      match: { id: match.id, state: 'finished' },
      player: { accountId: a, rank: 0 },
    });
    const place = { matchId: match.id, playerId: mine?.player.id ?? '' };
    expect(await store.write('told', (tx) => matches.markReported(tx, [place, place]))).toBe(1);
    expect(await store.write('told', (tx) => matches.markReported(tx, [place]))).toBe(0);
    expect(await due([a])).toEqual([]);
    expect(await due([b])).toHaveLength(1);
  });

  describe('history', () => {
    it('pages through ended matches, newest first, also those that ended at the same instant', async () => {
      const [me = '', ...others] = await someAccounts(store, 8);
      const ended: string[] = [];
      for (const [n, other] of others.entries()) {
        const match = await aMatch(store, server, [[me], [other]]);
        if (n === 6) break;
        if (n === 5) {
          await store.write('cancel', (tx) =>
            matches.cancel(tx, { matchId: match.id, state: 'reserving', reason: 'x', requeue: 'none' }),
          );
          continue;
        }
        await makeRunning(store, match);
        if (n === 1)
          await store.write('end', (tx) => matches.abandon(tx, { matchIds: [match.id], reason: 'x' }));
        else
          await store.write('end', (tx) =>
            matches.finish(tx, { matchId: match.id, serverId: server, ...firstTeamWins(match) }),
          );
        ended.push(match.id);
        if (n % 2 === 1) clock.advance(1000);
      }
      const seen: string[] = [];
      let pages = 0;
      for (let before: string | undefined; ; pages += 1) {
        const page = await store.read((tx) =>
          matches.history(tx, me, { limit: 2, ...(before === undefined ? {} : { before }) }),
        );
        expect(page.items.every(({ player }) => player.accountId === me)).toBe(true);
        seen.push(...page.items.map(({ match }) => match.id));
        if (page.next === null) break;
        before = page.next;
      }
      expect(pages).toBe(2);
      expect([...seen].sort()).toEqual([...ended].sort());
      const ends = await Promise.all(seen.map(async (id) => (await byId(id))?.endedAt ?? 0));
      expect(ends).toEqual([...ends].sort((x, y) => y - x));
    });

    it('is empty for strangers, and refuses a cursor that is none', async () => {
      expect(await store.read((tx) => matches.history(tx, randomUUID()))).toEqual({ items: [], next: null });
      for (const before of [
        '',
        'x',
        '1.',
        `1.' OR 1=1`,
        '99999999999999999.00000000-0000-0000-0000-000000000000',
      ]) {
        await expect(store.read((tx) => matches.history(tx, 'a', { before }))).rejects.toMatchObject({
          code: 'invalid_value',
        });
      }
    });
  });

  it('the database itself refuses a finished match without a result and a state that is none', async () => {
    const [a = '', b = ''] = await someAccounts(store, 2);
    const match = await aMatch(store, server, [[a], [b]]);
    for (const state of ['finished', 'paused']) {
      await expect(
        behindTheStore(database.target, `UPDATE game_match SET state = '${state}' WHERE id = '${match.id}'`),
      ).rejects.toThrow(/constraint/i);
    }
  });

  it('counts free places of a server from match rows', async () => {
    const small = await aServer(store, { capacity: 2 });
    const free = async () => {
      const found = await store.read((tx) =>
        gameServers.candidates(tx, { queue: 'duel', masterKeyId: 'a'.repeat(32), seenSince: 0 }),
      );
      return found.find((one) => one.id === small)?.free ?? 0;
    };
    const ids = await someAccounts(store, 4);
    expect(await free()).toBe(2);
    const one = await aMatch(store, small, [[ids[0] ?? ''], [ids[1] ?? '']]);
    // What the server claims to hold does not count.
    await store.write('presence', (tx) =>
      gameServers.upsertPresence(tx, [presenceOf(small, { capacity: 2, matches: 9 })]),
    );
    expect(await free()).toBe(1);
    await aMatch(store, small, [[ids[2] ?? ''], [ids[3] ?? '']]);
    expect(await free()).toBe(0);
    await store.write('abandon', (tx) => matches.abandon(tx, { matchIds: [one.id], reason: 'x' }));
    expect(await free()).toBe(1);
    expect(await store.read((tx) => matchUpkeep.liveOnServers(tx, [small]))).toHaveLength(1);
  });
});
