import { randomUUID } from 'node:crypto';
import { gameServers, matches, matchUpkeep, queue } from '../src/index.js';
import type { Store, StoreTarget } from '../src/index.js';
import { behindTheStore, DIALECTS, START, type TestClock } from './databases.js';
import {
  aMatch,
  aServer,
  firstTeamWins,
  makeReady,
  makeRunning,
  presenceOf,
  someAccounts,
} from './fixtures.js';
import { withStore } from './with-store.js';

describe.each(DIALECTS)('matches on %s', (dialect) => {
  let store: Store;
  let clock: TestClock;
  let server: string;
  let target: StoreTarget;
  withStore(dialect, (parts) => ({ store, clock, server, target } = parts));

  const byId = (id: string) => store.read((tx) => matches.byId(tx, id));
  const join = (accountId: string, name = 'duel') =>
    store.writeGrouped('join', (tx) => queue.join(tx, { accountId, queue: name }));

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
      checking: before.checking,
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

  it('the database itself refuses a finished match without a result, a state that is none, and an end that is not that of the state', async () => {
    const [a = '', b = ''] = await someAccounts(store, 2);
    const match = await aMatch(store, server, [[a], [b]]);
    for (const change of [
      `state = 'finished', ended_at = 1`,
      `state = 'paused'`,
      `state = 'paused', ended_at = 1`,
      `state = 'cancelled'`,
      'ended_at = 1',
    ]) {
      await expect(
        behindTheStore(target, `UPDATE game_match SET ${change} WHERE id = '${match.id}'`),
      ).rejects.toThrow(/constraint/i);
    }
    await behindTheStore(
      target,
      `UPDATE game_match SET state = 'cancelled', ended_at = 1 WHERE id = '${match.id}'`,
    );
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
