import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import { MsgType, type CmdAllowPlayers, type CmdCancelMatch } from '@ranked/protocol';
import { accounts, settings } from '@ranked/store';
import { startRig, stopRigs } from './support/game-rigs.js';
import { removeTempDirs } from './support/temp-dir.js';

afterEach(stopRigs);
afterAll(removeTempDirs);

describe('joining a queue', () => {
  test('twice keeps the place; another queue is refused while one waits', async () => {
    const rig = await startRig();
    const [ann] = await rig.pair();
    await ann.join();
    const joinedAt = (await rig.entry(ann))?.joinedAt;
    rig.clock.advance(1_000);
    await ann.join();
    expect(await rig.entry(ann)).toMatchObject({ joinedAt, queue: 'duel' });
    await expect(ann.join('team')).rejects.toMatchObject({ code: 'already_queued' });
    expect(await rig.entry(ann)).toMatchObject({ joinedAt, queue: 'duel' });
  });

  test.each([
    ['a queue that is not configured', 'unknown_queue', 'no-such-queue', async () => undefined],
    ['a name that objects inherit', 'unknown_queue', '__proto__', async () => undefined],
  ])('%s is refused with %s', async (_, code, queueName, prepare) => {
    const rig = await startRig();
    const [ann] = await rig.pair();
    await prepare();
    await expect(ann.join(queueName)).rejects.toMatchObject({ code });
    expect(await rig.entry(ann)).toBeNull();
  });

  test('a banned account is refused, and so is everybody during maintenance', async () => {
    const rig = await startRig();
    const [ann, bob] = await rig.pair();
    await rig.store.write('ban', (tx) =>
      accounts.ban(tx, ann.accountId, { until: rig.clock.now() + 1_000, reason: 'test' }),
    );
    await expect(ann.join()).rejects.toMatchObject({ code: 'banned' });
    rig.clock.advance(1_000);
    await ann.join();
    await rig.store.write('maintenance', (tx) => settings.setMaintenance(tx, true));
    await expect(bob.join()).rejects.toMatchObject({ code: 'maintenance' });
    expect(await rig.entry(bob)).toBeNull();
  });

  test('during maintenance nobody is matched, places are kept, and who plays is routed back', async () => {
    const rig = await startRig();
    await rig.server();
    const { players, match } = await rig.runningMatch();
    const [cy, dan] = await rig.pair();
    await cy.join();
    await dan.join();
    await rig.store.write('maintenance', (tx) => settings.setMaintenance(tx, true));
    expect((await rig.tick()).created).toHaveLength(0);
    players[0].disconnect();
    players[0].connect();
    await rig.idle();
    expect(players[0].found).toHaveLength(2);
    rig.clock.advance(2_000);
    await players[0].join();
    expect(players[0].found.at(-1)?.matchId).toBe(match.id);
    await rig.store.write('maintenance', (tx) => settings.setMaintenance(tx, false));
    expect((await rig.tick()).created).toHaveLength(1);
  });
});

describe('who is away', () => {
  test('keeps his place for the grace, is not matched meanwhile, and is matched when he is back', async () => {
    const rig = await startRig();
    await rig.server();
    await rig.settle();
    const [ann, bob] = await rig.pair();
    await ann.join();
    const joinedAt = (await rig.entry(ann))?.joinedAt;
    await rig.tick();
    ann.disconnect();
    await bob.join();
    await rig.pass(rig.config.queueGraceMs - 2_000);
    expect(await rig.entry(ann)).toMatchObject({ matchId: null, joinedAt });
    ann.connect();
    await rig.idle();
    await rig.tick();
    expect(ann.found).toHaveLength(1);
  });

  test('loses his place after the grace', async () => {
    const rig = await startRig();
    await rig.settle();
    const [ann, bob] = await rig.pair();
    await ann.join();
    await bob.join();
    await rig.tick();
    ann.disconnect();
    await rig.pass(rig.config.queueGraceMs + rig.config.heartbeatMs + 1_000);
    expect(await rig.entry(ann)).toBeNull();
    expect(await rig.entry(bob)).toMatchObject({ matchId: null });
  });

  test('an older connection that ends after a newer one opened is no absence', async () => {
    const rig = await startRig();
    await rig.server();
    const [ann, bob] = await rig.pair();
    await ann.join();
    const older = ann.connection;
    ann.connect();
    expect(older?.closes).toEqual(['superseded']);
    await bob.join();
    await rig.tick();
    expect(ann.found).toHaveLength(1);
  });
});

describe('a player who comes back', () => {
  test('while his match is in reserving: told once it is ready, with the first token', async () => {
    const rig = await startRig();
    const server = await rig.server();
    server.policy = ({ type }) => (type === MsgType.CmdAllowPlayers ? 'silent' : undefined);
    const [ann, bob] = await rig.pair();
    await ann.join();
    await bob.join();
    rig.clock.advance(500);
    const { created } = await rig.ticker.tickOnce();
    await until(() => server.got(MsgType.CmdAllowPlayers).length === 1);
    ann.disconnect();
    ann.connect();
    server.policy = () => undefined;
    server.connection?.timeOut();
    await rig.idle();
    expect(ann.found).toHaveLength(0);
    expect(await rig.match(created[0] ?? '')).toMatchObject({ state: 'reserving' });
    const other = await rig.server('other');
    await rig.tick();
    expect(ann.found).toMatchObject([{ port: other.port }]);
    expect((await rig.liveMatch(ann))?.players.map((player) => player.tokenGeneration)).toEqual([0, 0]);
  });

  test.each(['ready', 'running'] as const)(
    'while his match is %s: routed back with a new token, the old one void',
    async (state) => {
      const rig = await startRig();
      await rig.server();
      const { players, match, server } =
        state === 'ready' ? await rig.readyMatch() : await rig.runningMatch();
      const [ann, bob] = players;
      const [first] = ann.found;
      ann.disconnect();
      await rig.pass(2_000);
      ann.connect();
      await rig.idle();
      expect(ann.found).toHaveLength(2);
      const second = ann.found[1];
      expect(second).toMatchObject({ matchId: match.id, playerId: first?.playerId, port: server.port });
      expect(second?.expiresAt).toBeGreaterThan(rig.clock.now());
      expect(second?.joinToken).not.toBe(first?.joinToken);
      expect(server.admits(match.id, first?.playerId ?? '', first?.joinToken ?? '')).toBe(false);
      expect(server.admits(match.id, second?.playerId ?? '', second?.joinToken ?? '')).toBe(true);
      // The other one keeps his: his digest is unchanged, and he hears nothing.
      expect(server.admits(match.id, bob.found[0]?.playerId ?? '', bob.found[0]?.joinToken ?? '')).toBe(true);
      expect(bob.found).toHaveLength(1);
      expect(ann.started).toHaveLength(state === 'running' ? 2 : 0);
      expect(
        (await rig.match(match.id)).players.find((player) => player.accountId === ann.accountId),
      ).toMatchObject({
        tokenGeneration: 1,
        allowedGeneration: 1,
        foundSentAt: rig.clock.now(),
      });
    },
  );

  test('is told of the new token only after its server acknowledged it', async () => {
    const rig = await startRig();
    await rig.server();
    const { players, server } = await rig.runningMatch();
    server.policy = () => ({ ok: false, error: { code: 'busy', message: 'later' } });
    players[0].disconnect();
    players[0].connect();
    await rig.idle();
    expect(players[0].found).toHaveLength(1);
    server.policy = () => undefined;
    await rig.pass(3_000);
    expect(players[0].found).toHaveLength(2);
  });

  test('finds the report of a match that ended without him', async () => {
    const rig = await startRig();
    await rig.server();
    const { players, match, server } = await rig.runningMatch();
    players[1].disconnect();
    await server.result(match.id);
    expect(players[1].reports).toHaveLength(0);
    await rig.pass(5_000);
    players[1].connect();
    await rig.idle();
    expect(players[1].reports).toMatchObject([{ matchId: match.id }]);
    expect(players[1].found).toHaveLength(1);
    players[1].disconnect();
    players[1].connect();
    await rig.idle();
    expect(players[1].reports).toHaveLength(1);
  });

  test('is told once of a match that was called off while he was away, and whether he still waits', async () => {
    const rig = await startRig();
    await rig.server();
    const { players, match } = await rig.readyMatch();
    const [ann, bob] = players;
    ann.disconnect();
    await bob.leave();
    await rig.tick();
    expect(ann.cancelled).toEqual([]);
    ann.connect();
    await rig.idle();
    expect(ann.cancelled).toEqual([{ matchId: match.id, reason: 'a player left', requeued: true }]);
    expect(bob.cancelled).toHaveLength(1);
    for (const player of players) {
      player.disconnect();
      player.connect();
    }
    await rig.pass(2_000);
    expect(ann.cancelled).toHaveLength(1);
    expect(bob.cancelled).toHaveLength(1);
  });

  test.each([
    ['after he lost his place in the queue: that he does not wait any more', 60_000, [false]],
    ['much later: nothing, it is no news', 11 * 60_000, []],
  ])('%s', async (_, away, requeued) => {
    const rig = await startRig();
    await rig.server();
    await rig.settle();
    const { players } = await rig.readyMatch();
    players[0].disconnect();
    await players[1].leave();
    await rig.pass(away);
    players[0].connect();
    await rig.idle();
    expect(players[0].cancelled.map((one) => one.requeued)).toEqual(requeued);
  });

  test('is told even if the master died before it could tell anybody', async () => {
    const rig = await startRig();
    await rig.server();
    const { players, match } = await rig.readyMatch();
    const [ann, bob] = players;
    rig.kill.arm(2);
    await expect(bob.leave()).rejects.toThrow('killed');
    await rig.restart();
    expect(await rig.match(match.id)).toMatchObject({ state: 'cancelled' });
    rig.clock.advance(10_000);
    for (const player of players) player.connect();
    await rig.tick();
    await rig.tick();
    expect(ann.cancelled).toMatchObject([{ matchId: match.id, requeued: true }]);
    expect(bob.cancelled).toMatchObject([{ matchId: match.id, requeued: false }]);
  });

  test('and joins a queue instead is routed back, at most once a second', async () => {
    const rig = await startRig();
    await rig.server();
    const { players, match, server } = await rig.readyMatch();
    const [ann] = players;
    rig.clock.advance(1_500);
    await ann.join('team');
    expect(ann.found).toHaveLength(2);
    expect(ann.found[1]?.matchId).toBe(match.id);
    for (let i = 0; i < 20; i++) await ann.join();
    expect(ann.found).toHaveLength(2);
    expect(server.got(MsgType.CmdAllowPlayers)).toHaveLength(2);
    expect(await rig.entry(ann)).toMatchObject({ matchId: match.id });
  });
});

describe('leaving', () => {
  test('the queue, and nothing at all', async () => {
    const rig = await startRig();
    const [ann] = await rig.pair();
    await ann.leave();
    await ann.join();
    await ann.leave();
    expect(await rig.entry(ann)).toBeNull();
    await ann.leave();
  });

  test('a match in reserving: called off, the other requeued with his wait, the server told', async () => {
    const rig = await startRig();
    const server = await rig.server();
    server.policy = ({ type }) => (type === MsgType.CmdAllowPlayers ? 'silent' : undefined);
    const [ann, bob] = await rig.pair();
    await ann.join();
    await bob.join();
    const joinedAt = (await rig.entry(bob))?.joinedAt;
    rig.clock.advance(500);
    const { created } = await rig.ticker.tickOnce();
    await until(() => server.got(MsgType.CmdAllowPlayers).length === 1);
    const left = ann.leave();
    await until(() => server.got(MsgType.CmdCancelMatch).length === 1);
    server.connection?.timeOut();
    await left;
    expect(await rig.match(created[0] ?? '')).toMatchObject({
      state: 'cancelled',
      endReason: 'a player left',
    });
    expect(await rig.entry(ann)).toBeNull();
    expect(await rig.entry(bob)).toMatchObject({ matchId: null, joinedAt });
    // A late verdict on the match that is no more moves nothing.
    await rig.tick();
    expect(await rig.match(created[0] ?? '')).toMatchObject({ state: 'cancelled', attempt: 1 });
  });

  test('a match in ready: the same, and everybody hears of it', async () => {
    const rig = await startRig();
    await rig.server();
    const { players, match, server } = await rig.readyMatch();
    const [ann, bob] = players;
    const queuedAt = match.players.find((player) => player.accountId === bob.accountId)?.queuedAt;
    await ann.leave();
    expect(ann.cancelled).toEqual([{ matchId: match.id, reason: 'a player left', requeued: false }]);
    expect(bob.cancelled).toEqual([{ matchId: match.id, reason: 'a player left', requeued: true }]);
    expect(await rig.entry(ann)).toBeNull();
    expect(await rig.entry(bob)).toMatchObject({ matchId: null, joinedAt: queuedAt });
    expect(server.got<CmdCancelMatch>(MsgType.CmdCancelMatch)).toMatchObject([{ matchId: match.id }]);
    expect(server.held.size).toBe(0);
    await rig.pass(2_000);
    expect(bob.cancelled).toHaveLength(1);
  });

  test('a running match is refused', async () => {
    const rig = await startRig();
    await rig.server();
    const { players, match } = await rig.runningMatch();
    await expect(players[0].leave()).rejects.toMatchObject({ code: 'bad_state' });
    expect(await rig.match(match.id)).toMatchObject({ state: 'running' });
  });

  test('at the very moment the Ack comes: one of the two wins, never both', async () => {
    const rig = await startRig();
    const server = await rig.server();
    for (let round = 0; round < 10; round++) {
      const [ann, bob] = await rig.pair();
      await ann.join();
      await bob.join();
      rig.clock.advance(500);
      const { created } = await rig.ticker.tickOnce();
      await Promise.all([ann.leave(), rig.idle()]);
      await rig.idle();
      const match = await rig.match(created[0] ?? '');
      expect(match.state).toBe('cancelled');
      expect(server.held.has(match.id)).toBe(false);
      expect(await rig.entry(bob)).toMatchObject({ matchId: null });
      await bob.leave();
    }
    expect(server.got<CmdAllowPlayers>(MsgType.CmdAllowPlayers).length).toBeGreaterThan(0);
  });
});

/** Waits for something that happens within a few turns of the event loop. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}
