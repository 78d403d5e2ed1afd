import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { MsgType, type CmdAllowPlayers } from '@ranked/protocol';
import { ratingModel } from '@ranked/rating';
import { matches, ratings, type StoreTarget } from '@ranked/store';
import { startRig, stopRigs } from './support/game-rigs.js';
import { startPostgres, type PostgresCluster } from './support/postgres-cluster.js';
import { removeTempDirs } from './support/temp-dir.js';

let cluster: PostgresCluster | undefined;
beforeAll(async () => {
  cluster = await startPostgres();
}, 60_000);
afterEach(stopRigs);
afterAll(async () => {
  await cluster?.stop();
  removeTempDirs();
});

let databases = 0;
async function postgresTarget(): Promise<StoreTarget> {
  if (!cluster) throw new Error('PostgreSQL did not start');
  return { kind: 'postgres', url: await cluster.createDatabase(`game_${++databases}`), poolSize: 6 };
}

describe.each(['sqlite', 'postgres'] as const)('a match from its queue to its ratings, on %s', (dialect) => {
  const rigOf = async () => startRig(dialect === 'sqlite' ? {} : { target: await postgresTarget() });

  test('two players join, are sent to a server that knows them, play, and are rated', async () => {
    const rig = await rigOf();
    const server = await rig.server();
    const [ann, bob] = await rig.pair();
    await ann.join();
    await rig.tick();
    expect(server.got(MsgType.CmdAllowPlayers)).toHaveLength(0);
    await bob.join();
    const summary = await rig.tick();
    expect(summary).toMatchObject({ leader: true, waiting: 0, calledOff: [] });

    const [allow] = server.got<CmdAllowPlayers>(MsgType.CmdAllowPlayers);
    const [found] = ann.found;
    expect(found).toMatchObject({ queue: 'duel', host: '203.0.113.5', port: server.port });
    expect(found?.teams.flat().sort()).toEqual([ann.name, bob.name].sort());
    expect(bob.found).toHaveLength(1);
    // All that a game server learns of a player.
    const entry = allow?.teams.flat().find((player) => player.id === found?.playerId);
    const digest = createHash('sha256')
      .update(Buffer.from(found?.joinToken ?? '', 'base64url'))
      .digest('hex');
    expect(entry).toEqual({ id: found?.playerId, name: ann.name, tokenDigest: digest });
    expect(JSON.stringify(allow)).not.toContain(ann.accountId);

    const matchId = summary.created[0] ?? '';
    expect(await rig.match(matchId)).toMatchObject({ state: 'ready', attempt: 1 });
    await server.start(matchId);
    expect(ann.started).toEqual([{ matchId, startedAt: rig.clock.now() }]);
    expect(bob.started).toHaveLength(1);

    rig.clock.advance(90_000);
    const annTeam = found?.team ?? 0;
    await server.result(matchId, annTeam === 0 ? [0, 1] : [1, 0], { durationMs: 90_000 });
    const finished = await rig.match(matchId);
    expect(finished).toMatchObject({ state: 'finished', endReason: 'result' });
    expect(finished.players.every((player) => player.reportedAt !== null)).toBe(true);

    const model = ratingModel(rig.config.queues[0]?.rating);
    const { teams } = model.rate({ teams: [[model.initial()], [model.initial()]], ranks: [0, 1] });
    const [winner, loser] = [teams[0]?.[0], teams[1]?.[0]];
    const ratingOf = async (accountId: string) =>
      (await rig.store.read((tx) => ratings.ofAccount(tx, accountId)))[0];
    expect(await ratingOf(ann.accountId)).toMatchObject({ ...winner, games: 1, wins: 1, queue: 'duel' });
    expect(await ratingOf(bob.accountId)).toMatchObject({ ...loser, games: 1, wins: 0 });
    expect(ann.reports).toHaveLength(1);
    expect(ann.reports[0]).toMatchObject({
      matchId,
      outcome: 'win',
      rating: { before: 1500, mu: winner?.mu },
    });
    expect(bob.reports[0]).toMatchObject({
      matchId,
      outcome: 'loss',
      teams: [{ rank: annTeam === 0 ? 0 : 1 }, { rank: annTeam === 0 ? 1 : 0 }],
    });
    expect(await rig.entry(ann)).toBeNull();
  });

  test('ratings go on from where the match before left them', async () => {
    const rig = await rigOf();
    const server = await rig.server();
    const [ann, bob] = await rig.pair();
    for (let game = 0; game < 3; game++) {
      await ann.join();
      await bob.join();
      const { created } = await rig.tick();
      await server.start(created[0] ?? '');
      await server.result(created[0] ?? '');
    }
    const { items } = await rig.store.read((tx) => matches.history(tx, ann.accountId));
    const chain = items.map(({ player }) => player).reverse();
    expect(chain).toHaveLength(3);
    expect(chain[0]).toMatchObject({ muBefore: 25, sigmaBefore: 25 / 3 });
    for (let game = 1; game < 3; game++) {
      expect(chain[game]).toMatchObject({
        muBefore: chain[game - 1]?.muAfter,
        sigmaBefore: chain[game - 1]?.sigmaAfter,
      });
    }
    expect(await rig.store.read((tx) => ratings.ofAccount(tx, ann.accountId))).toMatchObject([
      { games: 3, mu: chain[2]?.muAfter },
    ]);
  });

  test('two against two', async () => {
    const rig = await rigOf();
    const server = await rig.server();
    const players = await rig.connectedPlayers(4);
    for (const player of players) await player.join('team');
    const { created } = await rig.tick();
    expect(players.map((player) => player.found.length)).toEqual([1, 1, 1, 1]);
    await server.start(created[0] ?? '');
    await server.result(created[0] ?? '', [0, 0]);
    expect(players.map((player) => player.reports[0]?.outcome)).toEqual(['draw', 'draw', 'draw', 'draw']);
  });
});

test('two queues at once share the places of a server', async () => {
  const rig = await startRig();
  const server = await rig.server('small', { capacity: 1 });
  const players = await rig.connectedPlayers(6);
  for (const [i, player] of players.entries()) await player.join(i < 2 ? 'duel' : 'team');
  expect((await rig.tick()).created).toHaveLength(1);
  expect(server.got(MsgType.CmdAllowPlayers)).toHaveLength(1);
  expect((await rig.tick()).created).toHaveLength(0);
});

test('free places are counted from the rows, whatever the server claims', async () => {
  const rig = await startRig();
  const server = await rig.server('liar', { capacity: 1 });
  server.claims = { matches: [], players: 0 };
  const players = await rig.connectedPlayers(4);
  for (const player of players) await player.join();
  await rig.pass(3_000);
  const taken = server.got<CmdAllowPlayers>(MsgType.CmdAllowPlayers).map((allow) => allow.matchId);
  expect(new Set(taken).size).toBe(1);
});
