import { randomUUID } from 'node:crypto';
import { matches, queue, ratings } from '../src/index.js';
import type { Store } from '../src/index.js';
import { DIALECTS, START, type TestClock } from './databases.js';
import { aMatch, aServer, firstTeamWins, makeRunning, RULES, someAccounts, UNRATED } from './fixtures.js';
import { withStore } from './with-store.js';

describe.each(DIALECTS)('finishing matches on %s', (dialect) => {
  let store: Store;
  let clock: TestClock;
  let server: string;
  withStore(dialect, (parts) => ({ store, clock, server } = parts));

  const byId = (id: string) => store.read((tx) => matches.byId(tx, id));
  const join = (accountId: string, name = 'duel') =>
    store.writeGrouped('join', (tx) => queue.join(tx, { accountId, queue: name }));

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
    const shuffled = JSON.parse(JSON.stringify({ teams: [{ rank: 0 }, { rank: 1 }], matchId: one.match.id }));
    expect(await finish(one)).toBe('duplicate');
    expect(await finish(one, { result: shuffled })).toBe('duplicate');
    expect(await finish(one, { result: { matchId: one.match.id, teams: [{ rank: 1 }, { rank: 0 }] } })).toBe(
      'conflict',
    );
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
