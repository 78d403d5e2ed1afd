import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import { MsgType, type CmdAllowPlayers, type CmdCancelMatch } from '@ranked/protocol';
import { gameServers } from '@ranked/store';
import type { FakeServer } from './support/fake-server.js';
import { startRig, stopRigs } from './support/game-rigs.js';
import { removeTempDirs } from './support/temp-dir.js';

afterEach(stopRigs);
afterAll(removeTempDirs);

const silentToAllow: FakeServer['policy'] = ({ type }) =>
  type === MsgType.CmdAllowPlayers ? 'silent' : undefined;
const refusesAllow: FakeServer['policy'] = ({ type }) =>
  type === MsgType.CmdAllowPlayers ? { ok: false, error: { code: 'full', message: 'no room' } } : undefined;

describe('a server that does not take a match', () => {
  test('no Ack in time: another server gets it, the players hear only of that one', async () => {
    const rig = await startRig();
    const first = await rig.server('first', { capacity: 50 });
    first.policy = silentToAllow;
    const [ann, bob] = await rig.pair();
    await ann.join();
    await bob.join();
    rig.clock.advance(rig.config.tickMs);
    const { created } = await rig.ticker.tickOnce();
    await new Promise((resolve) => setImmediate(resolve));
    const second = await rig.server('second', { capacity: 5 });
    // The courier gives up at the Ack's time-out, and the next tick moves the match.
    await until(() => first.got(MsgType.CmdAllowPlayers).length === 1);
    first.connection?.timeOut();
    await rig.idle();
    await rig.tick();
    const match = await rig.match(created[0] ?? '');
    expect(match).toMatchObject({
      state: 'ready',
      serverId: second.id,
      attempt: 2,
      previousServers: [first.id],
    });
    expect(ann.found).toHaveLength(1);
    expect(ann.found[0]?.port).toBe(second.port);
    // Should the first one have got it after all: it is told to drop it.
    expect(first.got<CmdCancelMatch>(MsgType.CmdCancelMatch).map((cancel) => cancel.matchId)).toContain(
      match.id,
    );
    // A token for the first server would not open the second.
    const [old] = first.got<CmdAllowPlayers>(MsgType.CmdAllowPlayers);
    const [now] = second.got<CmdAllowPlayers>(MsgType.CmdAllowPlayers);
    const digests = (allow?: CmdAllowPlayers) =>
      allow?.teams.flat().map((player) => player.tokenDigest) ?? [];
    expect(digests(now).filter((digest) => digests(old).includes(digest))).toEqual([]);
  });

  test('moved while the first server is still asked: the second one is asked at once all the same', async () => {
    const rig = await startRig();
    const first = await rig.server('first', { capacity: 50 });
    first.policy = silentToAllow;
    const [ann, bob] = await rig.pair();
    await ann.join();
    await bob.join();
    rig.clock.advance(rig.config.tickMs);
    const { created } = await rig.ticker.tickOnce();
    await until(() => first.got(MsgType.CmdAllowPlayers).length === 1);
    const second = await rig.server('second', { capacity: 5 });
    // A slow tick finds the reservation over before the request to the first server has given up.
    rig.clock.advance(rig.config.allowAckTimeoutMs + rig.config.tickMs);
    for (const server of [first, second]) server.heartbeat();
    expect(await rig.ticker.tickOnce()).toMatchObject({ moved: 1 });
    await until(() => second.got(MsgType.CmdAllowPlayers).length === 1);
    await until(() => ann.found.length === 1);
    expect(ann.found[0]).toMatchObject({ matchId: created[0], port: second.port });
    // The old request fails only now, and is no verdict on the new server.
    first.connection?.timeOut();
    await rig.idle();
    await rig.tick();
    expect(await rig.liveMatch(ann)).toMatchObject({ state: 'ready', serverId: second.id, attempt: 2 });
    expect(second.got(MsgType.CmdAllowPlayers)).toHaveLength(1);
  });

  test('refused: the same, without waiting for any time-out', async () => {
    const rig = await startRig();
    const first = await rig.server('first', { capacity: 50 });
    first.policy = refusesAllow;
    const second = await rig.server('second', { capacity: 5 });
    const [ann, bob] = await rig.pair();
    await ann.join();
    await bob.join();
    await rig.tick();
    await rig.tick();
    expect(await rig.liveMatch(ann)).toMatchObject({ state: 'ready', serverId: second.id });
  });

  test('no other server: back into the queue with the wait kept, and the server rests', async () => {
    const rig = await startRig();
    const only = await rig.server('only');
    only.policy = refusesAllow;
    const [ann, bob] = await rig.pair();
    await ann.join();
    await bob.join();
    const joinedAt = (await rig.entry(ann))?.joinedAt;
    await rig.tick();
    const { calledOff } = await rig.tick();
    expect(calledOff).toMatchObject([
      { reason: 'no game server took the match', players: [{ requeued: true }, { requeued: true }] },
    ]);
    expect(await rig.entry(ann)).toMatchObject({ matchId: null, joinedAt });
    expect(ann.cancelled).toMatchObject([{ requeued: true }]);
    expect(ann.found).toHaveLength(0);
    // It rests: two further ticks do not try it again, later ones do.
    await rig.pass(1_000);
    expect(only.got(MsgType.CmdAllowPlayers)).toHaveLength(1);
    only.policy = () => undefined;
    await rig.pass(6_000);
    expect(ann.found).toHaveLength(1);
  });

  test('a server that keeps failing rests longer each time', async () => {
    const rig = await startRig();
    const only = await rig.server('only');
    only.policy = refusesAllow;
    const [ann, bob] = await rig.pair();
    await ann.join();
    await bob.join();
    await rig.pass(60_000);
    // Rests of 5, 10, 20 and 40 seconds: at most four tries in a minute.
    expect(only.got(MsgType.CmdAllowPlayers).length).toBeLessThanOrEqual(4);
    expect(only.got(MsgType.CmdAllowPlayers).length).toBeGreaterThanOrEqual(3);
  });

  test('servers that acknowledge and never start rest after several matches', async () => {
    const rig = await startRig({ config: { reservationMs: 2_000, serverGraceMs: 1_000 } });
    const server = await rig.server('idler');
    const [ann, bob] = await rig.pair();
    await rig.settle();
    await ann.join();
    await bob.join();
    await rig.pass(20_000);
    expect(await rig.store.read((tx) => gameServers.byId(tx, server.id))).toMatchObject({
      failedUntil: expect.any(Number),
    });
    expect(ann.cancelled.length).toBeGreaterThanOrEqual(5);
    expect(ann.cancelled.every((notice) => notice.requeued)).toBe(true);
  });

  test('an Ack that comes after the match went elsewhere: the old server is told to drop it', async () => {
    const rig = await startRig();
    const first = await rig.server('first', { capacity: 50 });
    const second = await rig.server('second', { capacity: 5 });
    const [ann, bob] = await rig.pair();
    await ann.join();
    await bob.join();
    rig.clock.advance(500);
    // The match is moved while the first server's Ack is on its way to be written.
    first.policy = ({ type }) => {
      if (type === MsgType.CmdAllowPlayers) first.disconnect();
      return undefined;
    };
    await rig.ticker.tickOnce();
    await rig.idle();
    await rig.tick();
    expect(await rig.liveMatch(ann)).toMatchObject({ serverId: second.id, state: 'ready' });
    // Back again, it names the match it took: it is not its own.
    first.policy = () => undefined;
    const [allow] = first.got<CmdAllowPlayers>(MsgType.CmdAllowPlayers);
    if (allow) first.held.set(allow.matchId, allow);
    first.connect();
    await rig.tick();
    expect(first.got(MsgType.CmdCancelMatch)).toHaveLength(1);
    expect(first.held.size).toBe(0);
    expect(second.held.size).toBe(1);
  });
});

describe('a server that dies', () => {
  test('with a match in reserving: another server at the next tick', async () => {
    const rig = await startRig();
    const first = await rig.server('first', { capacity: 50 });
    first.policy = silentToAllow;
    const second = await rig.server('second', { capacity: 5 });
    const [ann, bob] = await rig.pair();
    await ann.join();
    await bob.join();
    rig.clock.advance(500);
    await rig.ticker.tickOnce();
    await until(() => first.got(MsgType.CmdAllowPlayers).length === 1);
    first.crash();
    await rig.idle();
    await rig.tick();
    expect(await rig.liveMatch(ann)).toMatchObject({ state: 'ready', serverId: second.id, attempt: 2 });
    expect(await rig.store.read((tx) => gameServers.byId(tx, first.id))).toMatchObject({
      online: false,
      failedUntil: null,
    });
  });

  test('with a match in ready: called off after a heartbeat, wait kept, and matched anew elsewhere', async () => {
    const rig = await startRig();
    await rig.server('first');
    await rig.settle();
    const { players, match, server } = await rig.readyMatch();
    const [ann] = players;
    server.crash();
    await rig.tick();
    // A connection that is only changing hands costs nobody his match.
    expect(await rig.match(match.id)).toMatchObject({ state: 'ready' });
    await rig.pass(rig.config.heartbeatMs + 500);
    expect(await rig.match(match.id)).toMatchObject({
      state: 'cancelled',
      endReason: 'the game server is gone',
    });
    const queuedAt = match.players.find((player) => player.accountId === ann.accountId)?.queuedAt;
    expect(await rig.entry(ann)).toMatchObject({ matchId: null, joinedAt: queuedAt });
    expect(ann.cancelled).toMatchObject([{ matchId: match.id, requeued: true }]);
    const other = await rig.server('other');
    await rig.tick();
    expect(await rig.liveMatch(ann)).toMatchObject({ state: 'ready', serverId: other.id });
  });

  test('with a running match: abandoned after the grace, the players free and told', async () => {
    const rig = await startRig();
    await rig.server();
    await rig.settle();
    const { players, match, server } = await rig.runningMatch();
    server.crash();
    await rig.tick();
    await rig.pass(rig.config.serverGraceMs - 500);
    expect(await rig.match(match.id)).toMatchObject({ state: 'running' });
    await rig.pass(1_000);
    expect(await rig.match(match.id)).toMatchObject({ state: 'abandoned' });
    expect(players[0].reports).toMatchObject([{ matchId: match.id, outcome: 'void' }]);
    expect(players[0].reports[0]).not.toHaveProperty('rating');
    expect(await rig.entry(players[0])).toBeNull();
    await players[0].join();
    expect(await rig.entry(players[0])).toMatchObject({ matchId: null });
  });

  test('starts a match in one breath with its Ack: taken, although the Ack waits to be written', async () => {
    const rig = await startRig();
    const server = await rig.server();
    const [ann, bob] = await rig.pair();
    await ann.join();
    await bob.join();
    let start: Promise<void> | undefined;
    server.policy = ({ type, message }) => {
      if (type !== MsgType.CmdAllowPlayers) return undefined;
      setImmediate(() => (start = server.start((message as CmdAllowPlayers).matchId)));
      return undefined;
    };
    await rig.tick();
    await start;
    expect(await rig.liveMatch(ann)).toMatchObject({ state: 'running' });
    expect(ann.found).toHaveLength(1);
  });

  test('and comes back in time with its running match: nothing is lost', async () => {
    const rig = await startRig();
    await rig.server();
    await rig.settle();
    const { match, server } = await rig.runningMatch();
    server.disconnect();
    await rig.pass(rig.config.serverGraceMs - 1_000);
    server.connect();
    await rig.pass(2 * rig.config.serverGraceMs);
    expect(await rig.match(match.id)).toMatchObject({ state: 'running', serverLostAt: null });
    await server.result(match.id);
    expect(await rig.match(match.id)).toMatchObject({ state: 'finished' });
  });

  test('and comes back without its running match: abandoned, but not before a result could have come', async () => {
    const rig = await startRig();
    await rig.server();
    await rig.settle();
    const { match, server } = await rig.runningMatch();
    server.crash();
    await rig.tick();
    server.connect();
    await rig.pass(rig.config.heartbeatMs);
    expect(await rig.match(match.id)).toMatchObject({ state: 'running', serverLostAt: expect.any(Number) });
    await rig.pass(2 * rig.config.heartbeatMs + 1_000);
    expect(await rig.match(match.id)).toMatchObject({ state: 'abandoned' });
  });

  test('a result that waited for the connection is taken although the heartbeat no longer names the match', async () => {
    const rig = await startRig();
    await rig.server();
    await rig.settle();
    const { match, server } = await rig.runningMatch();
    const roster = server.held.get(match.id);
    server.crash();
    await rig.pass(10_000);
    server.connect();
    await rig.pass(1_000);
    if (roster) server.held.set(match.id, roster);
    await server.result(match.id);
    expect(await rig.match(match.id)).toMatchObject({ state: 'finished', serverLostAt: null });
  });

  test('and comes back without a ready match: it is told of the players again, with the same tokens', async () => {
    const rig = await startRig();
    await rig.server();
    const { match, players, server } = await rig.readyMatch();
    const [before] = server.got<CmdAllowPlayers>(MsgType.CmdAllowPlayers);
    server.crash();
    rig.clock.advance(100);
    server.connect();
    await rig.tick();
    const allows = server.got<CmdAllowPlayers>(MsgType.CmdAllowPlayers);
    expect(allows).toHaveLength(2);
    expect(allows[1]?.teams).toEqual(before?.teams);
    expect(players[0].found).toHaveLength(1);
    await server.start(match.id);
  });
});

test('a match that does not start in time is called off, its players requeued with their wait', async () => {
  const rig = await startRig();
  await rig.server();
  await rig.settle();
  const { players, match, server } = await rig.readyMatch();
  const [ann] = players;
  await rig.pass(rig.config.reservationMs - 1_000);
  expect(await rig.match(match.id)).toMatchObject({ state: 'ready' });
  await rig.pass(1_500);
  expect(await rig.match(match.id)).toMatchObject({
    state: 'cancelled',
    endReason: 'the match did not start in time',
  });
  expect(server.got<CmdCancelMatch>(MsgType.CmdCancelMatch)).toMatchObject([{ matchId: match.id }]);
  expect(ann.cancelled).toMatchObject([{ matchId: match.id, requeued: true }]);
  expect(match.players.find((player) => player.accountId === ann.accountId)?.queuedAt).toBe(
    (await rig.entry(ann))?.joinedAt,
  );
  await expect(server.start(match.id)).rejects.toMatchObject({ code: 'bad_state' });
});

test('players who are gone when their match is called off leave the queue as anybody who is away', async () => {
  const rig = await startRig();
  await rig.server();
  await rig.settle();
  const { players, match } = await rig.readyMatch();
  const [ann, bob] = players;
  bob.disconnect();
  await rig.pass(rig.config.reservationMs + 1_000);
  expect(await rig.match(match.id)).toMatchObject({ state: 'cancelled' });
  expect(await rig.entry(bob)).toBeNull();
  expect(await rig.entry(ann)).toMatchObject({ matchId: null });
});

/** Waits for something that happens within a few turns of the event loop. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}
