import { randomUUID } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { MsgType } from '@ranked/protocol';
import { matches, queue, settings } from '@ranked/store';
import { LongQueues } from '../src/matchmaking/search/long-queues.js';
import { SearchThread } from '../src/matchmaking/search/search-thread.js';
import { STATUS_MS } from '../src/matchmaking/queue-status-courier.js';
import type { FakePlayer } from './support/fake-player.js';
import type { GameRig, GameRigOptions } from './support/game-rig.js';
import { startRig, stopRigs } from './support/game-rigs.js';
import { partyOf } from './support/party-of.js';
import { startPostgres, type PostgresCluster } from './support/postgres-cluster.js';
import { removeTempDirs } from './support/temp-dir.js';
import { TwoNodes } from './support/two-nodes.js';

const opened: GameRig[] = [];
afterEach(async () => {
  for (const rig of opened.splice(0)) await longOf(rig).onModuleDestroy();
  await stopRigs();
});
afterAll(removeTempDirs);

const longOf = (rig: GameRig) => rig.app.get(LongQueues);

/** Two who wait are a long queue here. */
async function longRig(options: GameRigOptions = {}): Promise<GameRig> {
  const rig = await startRig({ ...options, config: { longQueue: 2, ...options.config } });
  opened.push(rig);
  return rig;
}

/** Two who wait, with a server for them. */
async function waitingPair() {
  const rig = await longRig();
  const server = await rig.server();
  const [ann, bob] = await rig.pair();
  await ann.join();
  await bob.join();
  return { rig, server, ann, bob };
}

/** A tick, and all of the search that follows it. */
async function tickAndSearch(rig: GameRig) {
  const summary = await rig.tick();
  await longOf(rig).idle();
  return summary;
}

const isMatched = async (rig: GameRig, player: FakePlayer) => (await rig.liveMatch(player)) !== undefined;

describe('a queue that is searched between the ticks', () => {
  test('its matches are written by the next tick, and go their way like all others', async () => {
    const { rig, server, ann, bob } = await waitingPair();
    expect(await tickAndSearch(rig)).toMatchObject({
      created: [],
      waiting: 2,
      long: [{ queue: 'duel', used: undefined, waiting: 2 }],
    });
    expect(await rig.tick()).toMatchObject({ created: [expect.any(String)], waiting: 0 });
    for (const player of [ann, bob]) expect(player.found).toMatchObject([{ port: server.port }]);
    // Nobody waits any more, and nothing is searched.
    expect(await tickAndSearch(rig)).toMatchObject({ created: [], waiting: 0, long: [] });
    expect(rig.app.get(SearchThread).counters).toEqual({ searches: 1, crashes: 0, overdue: 0 });
  });

  test('parties, a ready check and the bound of a shorter queue are as ever', async () => {
    const rig = await longRig({ readySeconds: 20, config: { longQueue: 4 } });
    await rig.server();
    const party = await rig.pair();
    await partyOf(...party);
    const others = await rig.connectedPlayers(2);
    await party[0].join('team');
    await others[0]?.join('team');
    expect(await tickAndSearch(rig)).toMatchObject({ waiting: 3, long: [] });
    await others[1]?.join('team');
    await tickAndSearch(rig);
    const { created, proposed } = await rig.tick();
    expect(created).toHaveLength(1);
    expect(proposed).toEqual(created);
    const match = await rig.match(created[0] ?? '');
    expect(match.state).toBe('checking');
    const teamOf = (player?: FakePlayer) =>
      match.players.find(({ accountId }) => accountId === player?.accountId)?.team;
    expect(teamOf(party[0])).toBe(teamOf(party[1]));
    expect(teamOf(others[0])).toBe(teamOf(others[1]));
  });

  test('who left since is not matched; who was to play him waits on and is matched with another', async () => {
    const rig = await longRig();
    await rig.server();
    const [ann, bob, cid] = (await rig.connectedPlayers(3)) as [FakePlayer, FakePlayer, FakePlayer];
    await ann.join();
    await bob.join();
    const joinedAt = (await rig.entry(bob))?.joinedAt;
    await tickAndSearch(rig);
    await ann.leave();
    await cid.join();
    expect(await tickAndSearch(rig)).toMatchObject({ created: [], waiting: 2 });
    expect(await rig.entry(bob)).toMatchObject({ joinedAt, matchId: null });
    expect((await rig.tick()).created).toHaveLength(1);
    expect(await isMatched(rig, ann)).toBe(false);
    for (const player of [bob, cid]) expect(await isMatched(rig, player)).toBe(true);
  });

  test('who left and joined anew is judged anew, by what he says now', async () => {
    const { rig, ann } = await waitingPair();
    await tickAndSearch(rig);
    await ann.leave();
    rig.clock.advance(1);
    await ann.join();
    expect(await tickAndSearch(rig)).toMatchObject({ created: [], waiting: 2 });
    expect((await rig.tick()).created).toHaveLength(1);
  });

  test('who is away since is not matched before he is back', async () => {
    const { rig, ann } = await waitingPair();
    await tickAndSearch(rig);
    ann.disconnect();
    for (let i = 0; i < 3; i++) expect(await tickAndSearch(rig)).toMatchObject({ created: [], waiting: 2 });
    ann.connect();
    await tickAndSearch(rig);
    expect((await rig.tick()).created).toHaveLength(1);
  });

  test('a server that is gone, or has no room any more, gets none of them', async () => {
    const rig = await longRig();
    const server = await rig.server('small', { capacity: 1 });
    const players = await rig.connectedPlayers(4);
    for (const player of players.slice(0, 2)) await player.join();
    await tickAndSearch(rig);
    server.disconnect();
    expect(await tickAndSearch(rig)).toMatchObject({ created: [], waiting: 2 });
    server.connect();
    for (const player of players.slice(2)) await player.join();
    for (let i = 0; i < 4; i++) await tickAndSearch(rig);
    expect(await Promise.all(players.map((player) => isMatched(rig, player)))).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  test('whom another node has matched meanwhile is not matched twice', async () => {
    const rig = await longRig();
    const server = await rig.server();
    const players = await rig.connectedPlayers(4);
    for (const player of players) await player.join();
    await tickAndSearch(rig);
    const [ann, bob] = players as [FakePlayer, FakePlayer];
    const id = randomUUID();
    await rig.store.write('another node', async (tx) => {
      const seat = async ({ accountId }: FakePlayer) => {
        const { entryNo = 0 } = (await queue.entryOf(tx, accountId)) ?? {};
        return [{ id: randomUUID(), accountId, entryNo, queuedAt: rig.clock.now() }];
      };
      return matches.createMany(tx, {
        queue: 'duel',
        rules: {},
        reserveExpiresAt: rig.clock.now() + 60_000,
        matches: [{ id, serverId: server.id, teams: [await seat(ann), await seat(bob)] }],
      });
    });
    for (let i = 0; i < 3; i++) await tickAndSearch(rig);
    for (const player of [ann, bob]) expect((await rig.liveMatch(player))?.id).toBe(id);
    const others = await Promise.all(players.slice(2).map((player) => rig.liveMatch(player)));
    expect(others[0]?.id).toBe(others[1]?.id);
    expect(others[0]).toBeDefined();
  });

  test('a thread that dies costs a search, and nobody his place', async () => {
    const { rig, ann, bob } = await waitingPair();
    const thread = rig.app.get(SearchThread);
    Object.assign(thread, { createWorker: () => new Worker("throw new Error('it died')", { eval: true }) });
    for (let i = 1; i <= 2; i++) {
      expect(await tickAndSearch(rig)).toMatchObject({ created: [], waiting: 2 });
      expect(longOf(rig).counters).toEqual({ failed: i });
    }
    expect(rig.log.records()).toContainEqual(expect.objectContaining({ level: 'error', queue: 'duel' }));
    expect(thread.counters.crashes).toBe(2);
    Object.assign(thread, { createWorker: SearchThread.prototype['createWorker'] });
    await tickAndSearch(rig);
    expect((await rig.tick()).created).toHaveLength(1);
    for (const player of [ann, bob]) expect(player.found).toHaveLength(1);
  });

  test('a master that dies with what was found loses nobody', async () => {
    const { rig, server, ann, bob } = await waitingPair();
    const joinedAt = (await rig.entry(ann))?.joinedAt;
    await tickAndSearch(rig);
    await longOf(rig).onModuleDestroy();
    await rig.restart();
    for (const peer of [ann, bob, server]) peer.connect();
    await tickAndSearch(rig);
    expect(await rig.entry(ann)).toMatchObject({ joinedAt, matchId: null });
    expect((await rig.tick()).created).toHaveLength(1);
  });

  test('a tick that fails keeps what was found for the next', async () => {
    const { rig } = await waitingPair();
    await tickAndSearch(rig);
    const { write } = rig.store;
    rig.store.write = () => Promise.reject(new Error('the disk is full'));
    await expect(rig.tick()).rejects.toThrow('the disk is full');
    rig.store.write = write;
    expect((await rig.tick()).created).toHaveLength(1);
    expect(rig.app.get(SearchThread).counters.searches).toBe(1);
  });

  test('players hear why they wait', async () => {
    const rig = await longRig();
    const [ann, bob] = await rig.pair();
    await ann.join();
    await bob.join();
    await tickAndSearch(rig);
    for (let i = 0; i < 2 * (STATUS_MS / rig.config.tickMs); i++) await tickAndSearch(rig);
    expect(ann.statuses.at(-1)).toMatchObject({ players: 2, reason: expect.stringMatching(/server/) });
    await rig.server('full', { capacity: 1 });
    const others = await rig.connectedPlayers(2);
    for (const other of others) await other.join();
    for (let i = 0; i < 2 * (STATUS_MS / rig.config.tickMs); i++) await tickAndSearch(rig);
    expect(others[0]?.statuses.at(-1)).toMatchObject({ players: 2, reason: expect.any(String) });
  });

  test('nothing is searched while maintenance is on', async () => {
    const { rig } = await waitingPair();
    await rig.store.write('maintenance', (tx) => settings.setMaintenance(tx, true, 'a new version'));
    expect(await tickAndSearch(rig)).toMatchObject({ created: [], long: [] });
    expect(rig.app.get(SearchThread).counters.searches).toBe(0);
  });
});

describe('over two nodes on PostgreSQL', () => {
  let cluster: PostgresCluster;
  beforeAll(async () => {
    cluster = await startPostgres();
  }, 60_000);
  afterAll(() => cluster.stop());

  test('both search, each match is made once, and who is with the other node counts as there', async () => {
    const url = await cluster.createDatabase('long_queue');
    const nodes = await TwoNodes.start({ kind: 'postgres', url, poolSize: 4 }, { longQueue: 2 });
    const { a, b } = nodes;
    opened.push(a, b);
    const server = await a.server('wide', { capacity: 50 });
    const players: FakePlayer[] = [];
    for (let i = 0; i < 12; i++) {
      const player = await nodes.player(i % 3 === 0 ? a : b);
      await player.join();
      players.push(player);
    }
    for (let i = 0; i < 4; i++) {
      await nodes.tick();
      await Promise.all([a, b].map((node) => longOf(node).idle()));
    }
    for (const player of players) {
      expect(player.found).toHaveLength(1);
      expect(player.cancelled).toEqual([]);
    }
    expect(server.got(MsgType.CmdAllowPlayers)).toHaveLength(6);
  });
});
