import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import { MsgType } from '@ranked/protocol';
import { commands, type JsonValue, type ServerCommand } from '@ranked/store';
import type { GameRig } from './support/game-rig.js';
import type { FakeServer } from './support/fake-server.js';
import { startRig, stopRigs } from './support/game-rigs.js';
import { COMMANDS_KEPT_MS, COMMANDS_PER_ROUND, CommandSweeper } from '../src/game-servers/command-sweeper.js';
import { CommandCourier } from '../src/game-servers/command-courier.js';
import { removeTempDirs } from './support/temp-dir.js';

afterEach(stopRigs);
afterAll(removeTempDirs);

async function order(rig: GameRig, server: FakeServer, type: string, payload: JsonValue): Promise<string> {
  const id = randomUUID();
  await rig.store.write('command', (tx) =>
    commands.enqueue(tx, { id, serverId: server.id, type, payload, expiresAt: rig.clock.now() + 60_000 }),
  );
  return id;
}
async function deliver(rig: GameRig): Promise<void> {
  await rig.app.get(CommandCourier, { strict: false }).deliver();
  await rig.idle();
}
const rowOf = (rig: GameRig, id: string): Promise<ServerCommand | null> =>
  rig.store.read((tx) => commands.byId(tx, id));

const matchId = randomUUID();
describe('commands of operators', () => {
  test.each([
    ['kick_player', MsgType.CmdKickPlayer, { matchId, playerId: randomUUID(), reason: 'cheating' }],
    ['force_start', MsgType.CmdForceStart, { matchId }],
    ['cancel_match', MsgType.CmdCancelMatch, { matchId, reason: 'stuck' }],
    ['shutdown', MsgType.CmdShutdown, { reason: 'update', graceMs: 60_000 }],
  ])('%s reaches its server once, and its Ack is recorded', async (type, wire, payload) => {
    const rig = await startRig();
    const [server, other] = [await rig.server(), await rig.server()];
    const id = await order(rig, server, type, payload);
    await deliver(rig);
    expect(server.commands).toEqual([{ type: wire, message: payload }]);
    expect(other.commands).toEqual([]);
    expect(await rowOf(rig, id)).toMatchObject({
      sentAt: rig.clock.now(),
      ackedAt: rig.clock.now(),
      failedAt: null,
    });
    await deliver(rig);
    expect(server.commands).toHaveLength(1);
  });

  test('a refusal is recorded with its code', async () => {
    const rig = await startRig();
    const server = await rig.server();
    server.policy = () => ({ ok: false, error: { code: 'unknown_match', message: 'no such match' } });
    const id = await order(rig, server, 'force_start', { matchId });
    await deliver(rig);
    expect(await rowOf(rig, id)).toMatchObject({
      ackedAt: null,
      failedAt: rig.clock.now(),
      error: 'unknown_match: no such match',
    });
  });

  test('without an Ack it is sent again after a heartbeat, until it is acknowledged', async () => {
    const rig = await startRig();
    const server = await rig.server();
    server.policy = () => 'silent';
    const id = await order(rig, server, 'force_start', { matchId });
    const courier = rig.app.get(CommandCourier, { strict: false });
    for (let i = 0; i < 3; i++) {
      await courier.deliver();
      server.connection?.timeOut();
      await rig.idle();
    }
    expect(server.commands).toHaveLength(1);
    rig.clock.advance(rig.config.heartbeatMs + 1);
    server.policy = () => undefined;
    await deliver(rig);
    expect(server.commands).toHaveLength(2);
    expect(await rowOf(rig, id)).toMatchObject({ ackedAt: rig.clock.now() });
  });

  test('it waits for a server that is not there, and fails when its time is over', async () => {
    const rig = await startRig();
    const server = await rig.server('away', { connect: false });
    const id = await order(rig, server, 'force_start', { matchId });
    await deliver(rig);
    expect(await rowOf(rig, id)).toMatchObject({ sentAt: null });
    rig.clock.advance(60_000);
    await rig.tick();
    server.connect();
    await deliver(rig);
    expect(server.commands).toEqual([]);
    expect(await rowOf(rig, id)).toMatchObject({ failedAt: expect.any(Number), error: 'expired' });
  });

  test.each([
    ['an unknown type', 'format_disk', {}],
    ['a name that objects inherit', 'constructor', {}],
    ['a payload that does not fit', 'kick_player', { matchId }],
  ])('%s fails at once and is not sent', async (_, type, payload) => {
    const rig = await startRig();
    const server = await rig.server();
    const id = await order(rig, server, type, payload);
    await deliver(rig);
    expect(server.commands).toEqual([]);
    expect(await rowOf(rig, id)).toMatchObject({
      failedAt: rig.clock.now(),
      error: expect.stringContaining('not a command'),
    });
  });
});

test('a match cancelled on its server ends for its players: before the start they wait again, afterwards they are free', async () => {
  const rig = await startRig();
  await rig.server();
  const ready = await rig.readyMatch();
  await order(rig, ready.server, 'cancel_match', { matchId: ready.match.id, reason: 'stuck' });
  await deliver(rig);
  expect(ready.players[0].cancelled).toEqual([{ matchId: ready.match.id, reason: 'stuck', requeued: true }]);
  await ready.players[0].leave();
  await ready.players[1].leave();

  const running = await rig.runningMatch();
  await order(rig, running.server, 'cancel_match', { matchId: running.match.id, reason: 'stuck' });
  await deliver(rig);
  expect(await rig.match(running.match.id)).toMatchObject({ state: 'cancelled' });
  expect(running.players[0].cancelled).toEqual([
    { matchId: running.match.id, reason: 'stuck', requeued: false },
  ]);
  expect(await rig.entry(running.players[0])).toBeNull();
});

test('commands that were closed long ago are removed, a bounded number at a time; open ones stay', async () => {
  const rig = await startRig();
  const server = await rig.server();
  const acked = await order(rig, server, 'force_start', { matchId });
  await deliver(rig);
  server.disconnect();
  const ids = Array.from({ length: COMMANDS_PER_ROUND + 1 }, () => randomUUID());
  const open = randomUUID();
  const expiresAt = rig.clock.now() + 2 * COMMANDS_KEPT_MS;
  await rig.store.write('failed', async (tx) => {
    for (const [n, id] of [...ids, open].entries()) {
      if (n % 200 === 0) await commands.expire(tx);
      await commands.enqueue(tx, {
        id,
        serverId: server.id,
        type: 'shutdown',
        payload: {},
        expiresAt: id === open ? expiresAt : rig.clock.now(),
      });
    }
  });
  await rig.tick();
  const sweeper = rig.app.get(CommandSweeper, { strict: false });
  const rows = async (): Promise<number> =>
    (await Promise.all([acked, open, ...ids].map((id) => rowOf(rig, id)))).filter((row) => row !== null)
      .length;
  rig.clock.advance(COMMANDS_KEPT_MS - rig.config.tickMs);
  await sweeper.sweep();
  expect(await rows()).toBe(ids.length + 2);
  rig.clock.advance(rig.config.tickMs + 1);
  await sweeper.sweep();
  expect(await rows()).toBe(3);
  await sweeper.sweep();
  expect(await rows()).toBe(1);
  expect(await rowOf(rig, open)).not.toBeNull();
});

test('a command about the match of another server cancels nothing there', async () => {
  const rig = await startRig();
  await rig.server();
  const { match } = await rig.runningMatch();
  const other = await rig.server('other');
  await order(rig, other, 'cancel_match', { matchId: match.id, reason: 'mistake' });
  await deliver(rig);
  expect(await rig.match(match.id)).toMatchObject({ state: 'running' });
});
