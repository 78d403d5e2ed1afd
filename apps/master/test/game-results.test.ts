import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { MatchResult } from '@ranked/protocol';
import { certificates, matches, ratings, type Match } from '@ranked/store';
import { MatchResults } from '../src/results/match-results.js';
import type { FakePlayer } from './support/fake-player.js';
import type { FakeServer } from './support/fake-server.js';
import type { GameRig } from './support/game-rig.js';
import { startRig, stopRigs } from './support/game-rigs.js';
import { removeTempDirs } from './support/temp-dir.js';

let rig: GameRig;
let server: FakeServer;
let match: Match;
let players: [FakePlayer, FakePlayer];
let truth: MatchResult;

beforeEach(async () => {
  rig = await startRig();
  await rig.server();
  ({ server, match, players } = await rig.runningMatch());
  rig.clock.advance(30_000);
  truth = {
    matchId: match.id,
    durationMs: 30_000,
    teams: [
      { rank: 0, score: 3 },
      { rank: 1, score: 1.5 },
    ],
    players: match.players.map(({ id }) => ({ id, playFraction: 1, stats: { kills: 3, 'ping ms': 12.5 } })),
  };
});
afterEach(stopRigs);
afterAll(removeTempDirs);

const ratingsOf = async (): Promise<unknown> =>
  Promise.all(players.map(({ accountId }) => rig.store.read((tx) => ratings.ofAccount(tx, accountId))));

describe('a result that comes again', () => {
  test('the same one is acknowledged and changes nothing, however it is written', async () => {
    await server.send(truth);
    const after = await ratingsOf();
    const stored = await rig.match(match.id);
    await server.send(truth);
    await server.send({ ...truth, players: [...truth.players].reverse() });
    rig.clock.advance(1_000);
    await server.send(JSON.parse(JSON.stringify(truth)) as MatchResult);
    expect(await ratingsOf()).toEqual(after);
    expect(await rig.match(match.id)).toEqual(stored);
    expect(players[0].reports).toHaveLength(1);
    expect(rig.app.get(MatchResults, { strict: false }).counters).toEqual({
      rated: 1,
      repeated: 3,
      conflicts: 0,
      refused: 0,
    });
  });

  test('at the same time, on two connections: rated once', async () => {
    await Promise.all([server.send(truth), server.send(truth), server.send(truth)]);
    expect(await ratingsOf()).toMatchObject([[{ games: 1 }], [{ games: 1 }]]);
    expect(rig.app.get(MatchResults, { strict: false }).counters).toMatchObject({ rated: 1, repeated: 2 });
  });

  test('a different one is refused, counted and logged', async () => {
    await server.send(truth);
    const after = await ratingsOf();
    const other = { ...truth, teams: [...truth.teams].reverse() };
    await expect(server.send(other)).rejects.toMatchObject({ code: 'conflict' });
    expect(await ratingsOf()).toEqual(after);
    expect(rig.app.get(MatchResults, { strict: false }).counters.conflicts).toBe(1);
    expect(rig.log.records()).toContainEqual(
      expect.objectContaining({ code: 'conflict', serverId: server.id, matchId: match.id }),
    );
  });

  test('two different ones at the same time: the first counts', async () => {
    const other = { ...truth, teams: [...truth.teams].reverse() };
    const outcomes = await Promise.allSettled([server.send(truth), server.send(other)]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    const stored = await rig.store.read((tx) => matches.resultOf(tx, match.id));
    expect(stored?.result).toMatchObject({ teams: truth.teams });
  });
});

describe('a result that cannot be', () => {
  type Lie = (honest: MatchResult) => MatchResult;
  const cases: [string, string, Lie][] = [
    [
      'a stranger instead of a player',
      'bad_roster',
      (r) => ({ ...r, players: [...r.players.slice(1), { id: randomUUID() }] }),
    ],
    ['a stranger besides', 'bad_roster', (r) => ({ ...r, players: [...r.players, { id: randomUUID() }] })],
    ['a player missing', 'bad_roster', (r) => ({ ...r, players: r.players.slice(1) })],
    ['nobody', 'bad_roster', (r) => ({ ...r, players: [] })],
    [
      'a player twice',
      'bad_roster',
      (r) => ({ ...r, players: [...r.players.slice(0, 1), ...r.players.slice(0, 1)] }),
    ],
    ['a team too many', 'bad_roster', (r) => ({ ...r, teams: [...r.teams, { rank: 1 }] })],
    ['a team missing', 'bad_roster', (r) => ({ ...r, teams: r.teams.slice(1) })],
    ['ranks without a best', 'bad_result', (r) => ({ ...r, teams: [{ rank: 1 }, { rank: 1 }] })],
    ['a rank beyond the teams', 'bad_result', (r) => ({ ...r, teams: [{ rank: 0 }, { rank: 2 }] })],
    ['longer than the match existed', 'bad_result', (r) => ({ ...r, durationMs: 45_000 })],
    ['longer than time', 'bad_result', (r) => ({ ...r, durationMs: Number.MAX_SAFE_INTEGER })],
    ['a match that does not exist', 'unknown_match', (r) => ({ ...r, matchId: randomUUID() })],
  ];
  test.each(cases)('%s: %s', async (_, code, lie) => {
    await expect(server.send(lie(truth))).rejects.toMatchObject({ code });
    expect(await rig.match(match.id)).toMatchObject({ state: 'running' });
    expect(await ratingsOf()).toEqual([[], []]);
    expect(players[0].reports).toHaveLength(0);
    // The truth is still taken afterwards.
    await server.send(truth);
    expect(await rig.match(match.id)).toMatchObject({ state: 'finished' });
  });

  test('account ids instead of per-match ids', async () => {
    const lie = { ...truth, players: players.map(({ accountId }) => ({ id: accountId })) };
    await expect(server.send(lie)).rejects.toMatchObject({ code: 'bad_roster' });
  });

  test('of a match of another server: refused, even when all of it is right, before and after the true one', async () => {
    const other = await rig.server('other');
    await expect(other.send(truth)).rejects.toMatchObject({ code: 'not_yours' });
    await server.send(truth);
    await expect(other.send(truth)).rejects.toMatchObject({ code: 'not_yours' });
    await expect(other.start(match.id)).rejects.toMatchObject({ code: 'not_yours' });
  });

  test('of the players of another match', async () => {
    const second = await rig.runningMatch();
    const lie = { ...truth, players: second.match.players.map(({ id }) => ({ id })) };
    await expect(server.send(lie)).rejects.toMatchObject({ code: 'bad_roster' });
  });

  test('of a match that was not started', async () => {
    const ready = await rig.readyMatch();
    await expect(ready.server.result(ready.match.id)).rejects.toMatchObject({ code: 'bad_state' });
    await ready.server.start(ready.match.id);
    await ready.server.result(ready.match.id);
  });

  test('of a server whose certificate was revoked a moment ago, although its connection still stands', async () => {
    await rig.store.write('revoke', (tx) => certificates.revoke(tx, server.id, 'stolen'));
    expect(server.isConnected).toBe(true);
    await expect(server.send(truth)).rejects.toMatchObject({ code: 'revoked' });
    expect(await rig.match(match.id)).toMatchObject({ state: 'running' });
  });
});

test('a match that started twice is acknowledged twice, and started once', async () => {
  const { startedAt } = await rig.match(match.id);
  await server.start(match.id);
  expect(await rig.match(match.id)).toMatchObject({ startedAt });
  expect(players[0].started).toHaveLength(1);
});

test('a change of the queue does not touch matches under way: they are rated by the rules they were made under', async () => {
  const [queue] = rig.config.queues;
  if (queue) queue.rating = { ...queue.rating, mu: 1_000, sigma: 5, beta: 2, tau: 0 };
  await rig.restart();
  server.connect();
  await server.send(truth);
  const [first] = (await rig.match(match.id)).players;
  expect(first).toMatchObject({ muBefore: 25, sigmaBefore: 25 / 3 });
});

test('all that rating the match again would need is kept', async () => {
  await server.send(truth);
  const stored = await rig.store.read(async (tx) => ({
    rules: await matches.rulesOf(tx, match.id),
    result: await matches.resultOf(tx, match.id),
  }));
  expect(stored.rules).toMatchObject({
    queue: 'duel',
    teams: 2,
    size: 1,
    rating: { model: 'gaussian', mu: 25, beta: 25 / 6 },
  });
  expect(stored.result?.result).toMatchObject({ durationMs: 30_000, teams: truth.teams });
  const { players: rows } = await rig.match(match.id);
  expect(rows[0]).toMatchObject({ rank: 0, score: 3, playFraction: 1, stats: { kills: 3, 'ping ms': 12.5 } });
});

test('results of many matches at once share commits', async () => {
  const more = [];
  for (let i = 0; i < 8; i++) more.push(await rig.runningMatch());
  const before = rig.store.metrics.groups;
  await Promise.all(more.map((one) => one.server.result(one.match.id)));
  for (const one of more) expect(await rig.match(one.match.id)).toMatchObject({ state: 'finished' });
  // Reports are marked in groups of their own.
  expect(rig.store.metrics.groups - before).toBeLessThan(8);
});
