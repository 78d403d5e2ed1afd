import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import { gameServers, serverLogs, type GameServer } from '@ranked/store';
import { HeartbeatIntake } from '../src/game-servers/heartbeat-intake.js';
import { PresenceBoard } from '../src/game-servers/presence-board.js';
import {
  LINES_IN_ALL,
  LINES_PER_SERVER,
  LOG_RATE,
  ServerLogBuffer,
} from '../src/game-servers/server-log-buffer.js';
import type { FakeServer } from './support/fake-server.js';
import type { GameRig } from './support/game-rig.js';
import { startRig, stopRigs } from './support/game-rigs.js';
import { ManualClock } from './support/manual-clock.js';
import { removeTempDirs } from './support/temp-dir.js';

afterEach(stopRigs);
afterAll(removeTempDirs);

const rowOf = (rig: GameRig, server: FakeServer): Promise<GameServer | null> =>
  rig.store.read((tx) => gameServers.byId(tx, server.id));

describe('heartbeats', () => {
  test('are written once per tick, with the host of the connection', async () => {
    const rig = await startRig();
    const server = await rig.server('alpha');
    expect(await rowOf(rig, server)).toBeNull();
    await rig.tick();
    expect(await rowOf(rig, server)).toMatchObject({
      online: true,
      name: 'alpha',
      host: '203.0.113.5',
      nodeId: 'node-1',
    });
  });

  test('with the name of another server are overridden, counted, and logged once per connection', async () => {
    const rig = await startRig();
    const [alpha, beta] = [await rig.server('alpha'), await rig.server('beta')];
    beta.claims = { name: 'alpha', region: 'x\u001b[2J' };
    for (let i = 0; i < 5; i++) await rig.tick();
    expect(await rowOf(rig, beta)).toMatchObject({ name: 'beta', region: 'x\\u{1b}[2J', port: beta.port });
    expect(await rowOf(rig, alpha)).toMatchObject({ name: 'alpha', port: alpha.port });
    expect(rig.app.get(PresenceBoard, { strict: false }).counters.otherNames).toBe(5);
    expect(rig.log.records().filter((line) => line['claimed'] === 'alpha')).toHaveLength(1);
  });

  test('of an older connection change nothing once a newer one is open', async () => {
    const rig = await startRig();
    const server = await rig.server('alpha');
    const older = server.connection;
    rig.clock.advance(1);
    server.claims = { build: 'new' };
    server.connect();
    expect(older?.closes).toEqual(['superseded']);
    await rig.tick();
    expect(await rowOf(rig, server)).toMatchObject({ online: true, build: 'new' });
    expect(rig.app.get(PresenceBoard, { strict: false }).size).toBe(1);
  });

  test('of a certificate that has expired meanwhile end the connection and count for nothing', async () => {
    const rig = await startRig();
    const server = await rig.server('alpha', { connect: false });
    server.expiresAt = rig.clock.now() + 1_000;
    server.connect();
    await rig.tick();
    const seen = (await rowOf(rig, server))?.lastSeen;
    rig.clock.advance(500);
    server.heartbeat();
    expect(server.connection?.closes).toEqual(['expired']);
    expect(rig.app.get(HeartbeatIntake, { strict: false }).counters.ofExpired).toBe(1);
    await rig.tick();
    expect(await rowOf(rig, server)).toMatchObject({ online: false, lastSeen: seen });
  });
});

describe('offline', () => {
  test.each([
    'ended',
    'socket-error',
    'silent',
    'slow-reader',
    'frame:hmac',
    'closed-by-peer',
    'destroyed:test',
  ] as const)('after a connection that ended by %s', async (cause) => {
    const rig = await startRig();
    const server = await rig.server();
    await rig.tick();
    server.connection?.end(cause);
    await rig.tick();
    expect(await rowOf(rig, server)).toMatchObject({ online: false });
  });

  test('not after a connection that a newer one replaced', async () => {
    const rig = await startRig();
    const server = await rig.server();
    await rig.tick();
    rig.clock.advance(1);
    server.connect();
    await rig.tick();
    expect(await rowOf(rig, server)).toMatchObject({ online: true });
  });

  test('after the process that held the connection was killed: at once if it comes back under its name', async () => {
    const rig = await startRig();
    const server = await rig.server();
    await rig.tick();
    await rig.restart();
    await rig.tick();
    expect(await rowOf(rig, server)).toMatchObject({ online: false });
    server.connect();
    await rig.tick();
    expect(await rowOf(rig, server)).toMatchObject({ online: true });
  });

  test('after the process that held the connection was killed: by its silence if another one goes on', async () => {
    const rig = await startRig();
    const server = await rig.server();
    await rig.tick();
    rig.config.nodeId = 'node-2';
    await rig.restart();
    await rig.tick();
    expect(await rowOf(rig, server)).toMatchObject({ online: true, nodeId: 'node-1' });
    await rig.pass(3 * rig.config.heartbeatMs + 3 * rig.config.tickMs);
    expect(await rowOf(rig, server)).toMatchObject({ online: false });
  });

  test('after an orderly stop: connections end after the last tick', async () => {
    const rig = await startRig();
    const server = await rig.server();
    await rig.tick();
    await rig.ticker.stop();
    server.disconnect();
    await rig.app.close();
    expect(await rowOf(rig, server)).toMatchObject({ online: false });
  });

  test('a tick whose transaction fails forgets nothing', async () => {
    const rig = await startRig();
    const server = await rig.server();
    rig.kill.dead = true;
    await expect(rig.ticker.tickOnce()).rejects.toThrow('killed');
    rig.kill.dead = false;
    await rig.ticker.tickOnce();
    expect(await rowOf(rig, server)).toMatchObject({ online: true });
    server.disconnect();
    rig.kill.dead = true;
    await expect(rig.ticker.tickOnce()).rejects.toThrow('killed');
    rig.kill.dead = false;
    await rig.ticker.tickOnce();
    expect(await rowOf(rig, server)).toMatchObject({ online: false });
  });
});

describe('logs of game servers', () => {
  test('are stored per tick, on one line, in an order nobody can change', async () => {
    const rig = await startRig();
    const server = await rig.server();
    server.log('one\nfake line\r\u0007\u202etxt.exe');
    server.log('two');
    await rig.tick();
    const lines = await rig.store.read((tx) => serverLogs.tail(tx, server.id));
    expect(lines.map((line) => line.message)).toEqual(['two', 'one\\nfake line\\r\\u{7}\\u{202e}txt.exe']);
  });

  test('beyond the rate are dropped, counted, and summed up in one line', () => {
    const clock = new ManualClock();
    const buffer = new ServerLogBuffer(clock);
    for (let i = 0; i < 1_000; i++) buffer.add('a', 'info', `line ${i}`);
    buffer.add('b', 'info', 'served all the same');
    const taken = buffer.take();
    expect(taken.filter((line) => line.serverId === 'a')).toHaveLength(LINES_PER_SERVER + 1);
    expect(taken.at(-1)).toMatchObject({
      serverId: 'a',
      level: 'warn',
      message: expect.stringContaining('800 lines'),
    });
    expect(taken.filter((line) => line.serverId === 'b')).toHaveLength(1);
    expect(buffer.take()).toEqual([]);
    clock.advance(1_000);
    for (let i = 0; i < 100; i++) buffer.add('a', 'info', 'later');
    expect(buffer.take().filter((line) => line.message === 'later')).toHaveLength(LOG_RATE.perSecond);
  });

  test('of many servers are bounded in all', () => {
    const buffer = new ServerLogBuffer(new ManualClock());
    for (let server = 0; server < 100; server++)
      for (let i = 0; i < 100; i++) buffer.add(`s${server}`, 'info', 'x');
    expect(buffer.take().filter((line) => line.message === 'x')).toHaveLength(LINES_IN_ALL);
    expect(buffer.counters).toMatchObject({ accepted: LINES_IN_ALL, droppedInAll: 10_000 - LINES_IN_ALL });
  });

  test('a time far from the clock of the master is not believed', () => {
    const clock = new ManualClock();
    const buffer = new ServerLogBuffer(clock);
    buffer.add('a', 'info', 'near', clock.now() - 1_000);
    buffer.add('a', 'info', 'far', 0);
    buffer.add('a', 'info', 'future', clock.now() * 2);
    expect(buffer.take().map((line) => line.at)).toEqual([clock.now() - 1_000, clock.now(), clock.now()]);
  });
});
