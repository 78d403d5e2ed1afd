import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import { MsgType } from '@ranked/protocol';
import { gameServers } from '@ranked/store';
import type { FakePlayer } from './support/fake-player.js';
import type { FakeServer } from './support/fake-server.js';
import type { GameRig } from './support/game-rig.js';
import { startRig, stopRigs } from './support/game-rigs.js';
import { removeTempDirs } from './support/temp-dir.js';

afterEach(stopRigs);
afterAll(removeTempDirs);

const MINUTE_MS = 60_000;
const matchesOf = (server: FakeServer) => server.got(MsgType.CmdAllowPlayers).length;
const rowOf = (rig: GameRig, { id }: FakeServer) => rig.store.read((tx) => gameServers.byId(tx, id));

/** It has finished enough matches, a minute apart. */
async function prove(rig: GameRig, { id }: FakeServer): Promise<void> {
  for (let i = 0; i < gameServers.PROVEN_MATCHES; i++) {
    rig.clock.advance(MINUTE_MS);
    await rig.store.write('prove', (tx) => gameServers.countProven(tx, [id]));
  }
}

async function allJoin(players: readonly FakePlayer[]): Promise<void> {
  for (const player of players) await player.join();
}

/** A duel from its beginning to its result, which the server sends twice. */
async function playDuel(rig: GameRig, players: readonly FakePlayer[], server: FakeServer): Promise<void> {
  await allJoin(players);
  await rig.tick();
  const matchId = (await rig.liveMatch(players[0] as FakePlayer))?.id ?? '';
  await server.start(matchId);
  const roster = (server.held.get(matchId)?.teams.flat() ?? []).map(({ id }) => ({ id }));
  const result = { matchId, durationMs: 0, teams: [{ rank: 0 }, { rank: 1 }], players: roster };
  for (let i = 0; i < 2; i++) await server.send(result);
  server.held.delete(matchId);
  await rig.tick();
}

describe('a server on probation', () => {
  test('gets its share beside a proven one, however much room it says it has', async () => {
    const rig = await startRig();
    const proven = await rig.server('proven', { capacity: 100 });
    await rig.tick();
    await prove(rig, proven);
    const stranger = await rig.server('stranger', { capacity: 10_000 });
    await rig.tick();
    const players = await rig.connectedPlayers(80);
    await allJoin(players);
    expect((await rig.tick()).created).toHaveLength(40);
    // A tenth, rounded up.
    expect(matchesOf(stranger)).toBeLessThanOrEqual(4);
    expect(matchesOf(proven)).toBe(40 - matchesOf(stranger));
  });

  test('gets everything where nobody is proven', async () => {
    const rig = await startRig();
    const only = await rig.server('only');
    await allJoin(await rig.connectedPlayers(6));
    await rig.tick();
    expect(matchesOf(only)).toBe(3);
  });

  test('is proven by matches that it finished, not by how fast it says so, and not by repeating itself', async () => {
    const rig = await startRig();
    const server = await rig.server();
    const players = await rig.pair();
    for (let i = 0; i < 3; i++) await playDuel(rig, players, server);
    expect(await rowOf(rig, server)).toMatchObject({ provenMatches: 1 });
    for (let i = 2; i <= gameServers.PROVEN_MATCHES; i++) {
      expect((await rowOf(rig, server))?.provenMatches).toBe(i - 1);
      await rig.pass(MINUTE_MS);
      await playDuel(rig, players, server);
    }
    expect(await rowOf(rig, server)).toMatchObject({ provenMatches: gameServers.PROVEN_MATCHES });
  });

  test('a tick that is not committed forgets nothing that was finished', async () => {
    const rig = await startRig();
    const server = await rig.server();
    const players = await rig.pair();
    await allJoin(players);
    await rig.tick();
    const matchId = (await rig.liveMatch(players[0]))?.id ?? '';
    await server.start(matchId);
    await server.result(matchId);
    const { write } = rig.store;
    rig.store.write = () => Promise.reject(new Error('the disk is full'));
    await expect(rig.tick()).rejects.toThrow('the disk is full');
    rig.store.write = write;
    await rig.tick();
    expect(await rowOf(rig, server)).toMatchObject({ provenMatches: 1 });
  });

  test('is what a server is again once it has failed', async () => {
    const rig = await startRig();
    const failing = await rig.server('failing', { capacity: 1_000 });
    const other = await rig.server('other', { capacity: 100 });
    await rig.tick();
    for (const server of [failing, other]) await prove(rig, server);
    failing.policy = ({ type }) =>
      type === MsgType.CmdAllowPlayers
        ? { ok: false, error: { code: 'full', message: 'no room' } }
        : undefined;
    await rig.tick();
    await allJoin(await rig.pair());
    await rig.tick();
    await rig.tick();
    expect(matchesOf(failing)).toBe(1);
    expect(matchesOf(other)).toBe(1);
    failing.policy = () => undefined;
    await rig.pass(10_000);
    await allJoin(await rig.connectedPlayers(60));
    await rig.tick();
    expect(matchesOf(failing)).toBeLessThanOrEqual(1 + 3);
  });
});

describe('a match that moves', () => {
  test('goes to a proven server rather than to one with more room that is not', async () => {
    const rig = await startRig();
    const [first, proven] = [await rig.server('first', { capacity: 50 }), await rig.server('proven')];
    await rig.tick();
    for (const server of [first, proven]) await prove(rig, server);
    first.policy = ({ type }) =>
      type === MsgType.CmdAllowPlayers
        ? { ok: false, error: { code: 'full', message: 'no room' } }
        : undefined;
    await rig.tick();
    const [ann, bob] = await rig.pair();
    await allJoin([ann, bob]);
    await rig.tick();
    await rig.server('stranger', { capacity: 10_000 });
    await rig.tick();
    expect(await rig.liveMatch(ann)).toMatchObject({ serverId: proven.id, previousServers: [first.id] });
  });
});

describe('a server that rests', () => {
  test('gets nothing but those who wait beyond the limit, and those only where nobody else has room', async () => {
    const rig = await startRig();
    const resting = await rig.server('resting');
    await rig.tick();
    const rest = (ms: number) =>
      rig.store.write('rest', (tx) => gameServers.setFailed(tx, resting.id, rig.clock.now() + ms));
    await rest(1_000_000);
    await allJoin(await rig.pair());
    // Beyond the limit by far, but most of a long rest is a rest.
    await rig.pass(300_000);
    expect(matchesOf(resting)).toBe(0);
    await rest(50_000);
    await allJoin(await rig.pair());
    await rig.tick();
    // Those who waited long, and nobody else.
    expect(matchesOf(resting)).toBe(1);
    await rest(50_000);
    const other = await rig.server('other');
    await rig.tick();
    expect(matchesOf(resting)).toBe(1);
    expect(matchesOf(other)).toBe(1);
  });
});
