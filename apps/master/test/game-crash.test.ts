import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import { MsgType } from '@ranked/protocol';
import { faultsOf } from './support/check-books.js';
import type { FakePlayer } from './support/fake-player.js';
import { GameProcess } from './support/game-process.js';
import type { GameRig } from './support/game-rig.js';
import { startRig, stopRigs } from './support/game-rigs.js';
import { Killed } from './support/kill-switch.js';
import { removeTempDirs } from './support/temp-dir.js';

afterEach(stopRigs);
afterAll(removeTempDirs);

/** What happens until a master dies, or to the end. */
async function survived(work: () => Promise<void>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (error instanceof Killed) return false;
    throw error;
  }
}

/** A new master, and everybody back on it. */
async function comeBack(
  rig: GameRig,
  processes: readonly GameProcess[],
  players: readonly FakePlayer[],
): Promise<void> {
  await rig.restart();
  for (const process of processes) await process.reconnect();
  for (const player of players) player.connect();
  await rig.idle();
}

/** Everybody who is asked whether he is ready says so. */
async function acceptAll(rig: GameRig, players: readonly FakePlayer[]): Promise<void> {
  for (const player of players) {
    const live = await rig.liveMatch(player);
    if (live?.state === 'checking') await player.reply(true, live.id);
  }
}

describe('a master killed at any one point of a match’s life goes on from the rows', () => {
  /** The whole life, as often as it takes: each step is done if it is not done yet. */
  async function play(rig: GameRig, process: GameProcess, players: readonly FakePlayer[]): Promise<void> {
    const played = process.resultAcked.size;
    for (const player of players)
      if (!(await rig.entry(player)) && player.reports.length === 0) await player.join();
    for (let i = 0; i < 3; i++) {
      await rig.tick();
      await acceptAll(rig, players);
    }
    for (const matchId of process.startable) await process.start(matchId);
    for (const matchId of process.endable) await process.end(matchId, [0, 1]);
    await rig.tick();
    if (process.resultAcked.size === played) throw new Error('the match was not played');
  }

  test.each([
    ['without', undefined],
    ['with', 20],
  ])(
    'every point in turn, %s a ready check',
    async (_, readySeconds) => {
      const rig = await startRig({ readySeconds });
      const process = new GameProcess(await rig.server());
      let point = 0;
      for (let killed = true; killed;) {
        point += 1;
        const players = await rig.pair();
        rig.kill.arm(point);
        const first = await survived(() => play(rig, process, players));
        killed = rig.kill.dead;
        if (killed) {
          await comeBack(rig, [process], players);
          if (process.resultAcked.size < point) await play(rig, process, players);
        } else expect(first).toBe(true);
        rig.kill.arm(Number.POSITIVE_INFINITY);
        await rig.tick();
        const where = `killed at point ${point}`;
        expect([where, ...(await faultsOf(rig, [process]))]).toEqual([where]);
        expect([where, process.resultAcked.size]).toEqual([where, point]);
        expect([
          where,
          ...players.map((player) => new Set(player.reports.map(({ matchId }) => matchId)).size),
        ]).toEqual([where, 1, 1]);
        for (const player of players) player.disconnect();
      }
      // A life has at least its commits: joins, ticks, Ack, found, start, result, reports; and a point for each message.
      expect(point).toBeGreaterThan(20);
    },
    120_000,
  );
});

test('a master that was down for longer than every grace: nobody is judged by that', async () => {
  const rig = await startRig();
  const process = new GameProcess(await rig.server());
  const running = await rig.runningMatch();
  const ready = await rig.readyMatch();
  const [cy] = await rig.connectedPlayers(1);
  await cy?.join();
  const joinedAt = cy && (await rig.entry(cy))?.joinedAt;
  process.server.disconnect();
  await rig.tick();
  await rig.restart();
  rig.clock.advance(3_600_000);
  await rig.tick();
  await rig.pass(2_000);
  await process.reconnect();
  for (const player of rig.players) player.connect();
  await rig.idle();
  await rig.pass(2_000);
  expect(await rig.match(running.match.id)).toMatchObject({ state: 'running', serverLostAt: null });
  expect(await rig.match(ready.match.id)).toMatchObject({ state: 'ready' });
  expect(cy && (await rig.entry(cy))).toMatchObject({ joinedAt, matchId: null });
  await process.server.start(ready.match.id);
  await process.server.result(running.match.id);
  await process.server.result(ready.match.id);
  await rig.pass(120_000);
  expect(running.players[0].reports).toMatchObject([{ matchId: running.match.id }]);
  expect(await rig.match(ready.match.id)).toMatchObject({ state: 'finished' });
  expect(await faultsOf(rig, [process])).toEqual([]);
});

describe('random lives', () => {
  const seed = Number(process.env['GAME_TEST_SEED'] ?? Math.floor(Math.random() * 1_000_000));

  test.each([0, 1, 2])(
    `seed ${seed}, run %i`,
    async (run) => {
      const next = random(seed * 31 + run);
      const pick = <T>(from: readonly T[]): T | undefined => from[Math.floor(next() * from.length)];
      const chance = (p: number): boolean => next() < p;
      const rig = await startRig({
        // The last of the runs has no ready checks.
        readySeconds: run === 2 ? undefined : 4,
        config: {
          serverGraceMs: 6_000,
          queueGraceMs: 6_000,
          reservationMs: 8_000,
          heartbeatMs: 1_000,
          cooldownMs: 1_000,
          cooldownMaxMs: 8_000,
        },
      });
      const processes: GameProcess[] = [];
      for (let i = 0; i < 3; i++)
        processes.push(new GameProcess(await rig.server(undefined, { capacity: 3 })));
      const players = await rig.connectedPlayers(8);
      let kills = 0;

      for (const process of processes) {
        process.server.policy = ({ type }) => {
          if (type !== MsgType.CmdAllowPlayers || chance(0.85)) return undefined;
          if (chance(0.5)) return { ok: false, error: { code: 'busy', message: 'not now' } };
          setImmediate(() => process.server.connection?.timeOut());
          return 'silent';
        };
      }

      const deeds: (() => Promise<void>)[] = [
        async () => {
          const player = pick(players.filter((one) => one.isConnected));
          await player?.join(chance(0.7) ? 'duel' : 'team').catch(unlessKilled);
        },
        async () => {
          const player = pick(players.filter((one) => one.isConnected));
          if (chance(0.3)) await player?.leave().catch(unlessKilled);
        },
        async () => {
          const player = pick(players);
          if (player?.isConnected) player.disconnect();
          else player?.connect();
        },
        async () => {
          const player = pick(players.filter((one) => one.isConnected && one.proposed.length > 0));
          await player?.reply(chance(0.9)).catch(unlessKilled);
        },
        async () => {
          for (const player of players.filter((one) => one.isConnected && one.proposed.length > 0))
            if (chance(0.9)) await player.reply(true).catch(unlessKilled);
        },
        async () => void (await rig.tick(chance(0.2) ? 2_000 : 500)),
        async () => void (await rig.tick()),
        async () => {
          const process = pick(processes.filter((one) => one.server.isConnected && one.startable.length > 0));
          await process?.start(pick(process.startable) ?? '');
        },
        async () => {
          const process = pick(processes.filter((one) => one.server.isConnected && one.endable.length > 0));
          await process?.end(
            pick(process.endable) ?? '',
            chance(0.2) ? [0, 0] : chance(0.5) ? [0, 1] : [1, 0],
          );
        },
        async () => {
          const process = pick(processes.filter((one) => one.resultAcked.size > 0));
          await process?.report(pick([...process.resultAcked.keys()]) ?? '');
        },
        async () => {
          const process = pick(processes);
          if (!process?.server.isConnected) await process?.reconnect();
          else if (chance(0.1)) process.crash();
          else if (chance(0.2)) process.disconnect();
        },
      ];

      for (let round = 0; round < 120; round++) {
        if (chance(0.12)) rig.kill.arm(1 + Math.floor(next() * 12));
        const together = Array.from({ length: 1 + Math.floor(next() * 4) }, () => pick(deeds) ?? deeds[0]);
        const outcomes = await Promise.allSettled(together.map((deed) => deed?.()));
        for (const outcome of outcomes) if (outcome.status === 'rejected') unlessKilled(outcome.reason);
        if (rig.kill.dead) {
          kills += 1;
          const away = new Set(players.filter(() => chance(0.2)));
          await comeBack(
            rig,
            processes,
            players.filter((player) => !away.has(player)),
          );
          expect(await faultsOf(rig, processes)).toEqual([]);
        }
      }

      // Peace: no more kills, every server well, every match played to its end.
      rig.kill.arm(Number.POSITIVE_INFINITY);
      for (const process of processes) {
        process.server.policy = () => undefined;
        if (!process.server.isConnected) await process.reconnect();
      }
      for (const player of players) if (!player.isConnected) player.connect();
      for (let i = 0; i < 60; i++) {
        await rig.tick(1_000);
        await acceptAll(rig, players);
        for (const process of processes) {
          for (const matchId of process.startable) await process.start(matchId);
          for (const matchId of process.endable) await process.end(matchId, [0, 1]);
          for (const matchId of [...process.pending.keys()]) await process.report(matchId);
        }
      }
      expect(await faultsOf(rig, processes)).toEqual([]);
      for (const player of players) {
        const live = await rig.liveMatch(player);
        expect([player.name, live?.state]).toEqual([player.name, undefined]);
        await player.leave();
        await player.join('duel');
      }
      for (let i = 0; i < 12; i++) {
        await rig.tick(1_000);
        await acceptAll(rig, players);
      }
      // Everybody can be matched again, whatever happened before.
      for (const player of players) expect((await rig.liveMatch(player))?.state).toBe('ready');
      const rated = processes.reduce((sum, process) => sum + process.resultAcked.size, 0);
      expect(rated).toBeGreaterThan(0);
      expect(kills).toBeGreaterThan(0);
    },
    120_000,
  );
});

function unlessKilled(error: unknown): void {
  const name = error instanceof Error ? error.constructor.name : '';
  if (name !== 'Killed' && name !== 'Refusal') throw error;
}

/** Mulberry32. */
function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
