import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import { leaveFaults, penalties, ratings, type Match } from '@ranked/store';
import { LEAVERS_PER_SERVER, PROBATION_MS } from '../src/results/punish-leavers.js';
import type { FakePlayer } from './support/fake-player.js';
import type { GameRig } from './support/game-rig.js';
import type { FakeServer } from './support/fake-server.js';
import { startRig, stopRigs } from './support/game-rigs.js';
import { removeTempDirs } from './support/temp-dir.js';

afterEach(stopRigs);
afterAll(removeTempDirs);

/** A rig with a server that has been known for `ageMs`. */
async function leavingRig(ageMs = PROBATION_MS): Promise<{ rig: GameRig; server: FakeServer }> {
  const rig = await startRig();
  const server = await rig.server(undefined, { days: 10 });
  await rig.tick(ageMs);
  return { rig, server };
}

async function cooldown(rig: GameRig, player: FakePlayer): Promise<number> {
  const until = await rig.store.read((tx) => penalties.cooldownOf(tx, player.accountId));
  return until === null ? 0 : until - rig.clock.now();
}

const claims = (match: Match, left: readonly FakePlayer[]) =>
  match.players.map(({ id, accountId }) => ({
    id,
    ...(left.some((player) => player.accountId === accountId) && { left: true, playFraction: 0.25 }),
  }));

/** Plays a duel to its end, which `left` are said to have left. */
async function duel(
  rig: GameRig,
  players: readonly [FakePlayer, FakePlayer],
  left: readonly FakePlayer[],
): Promise<Match> {
  for (const player of players) await player.join();
  await rig.tick();
  const match = await rig.liveMatch(players[0]);
  if (!match) throw new Error('no match was made');
  const server = rig.serverOf(match);
  await server.start(match.id);
  await server.result(match.id, [0, 1], { players: claims(match, left) });
  return rig.match(match.id);
}

describe('leaving before the start', () => {
  test('of a match that he was told of: a cooldown for him, none for the other', async () => {
    const { rig } = await leavingRig(0);
    const { players } = await rig.readyMatch();
    await players[0].leave();
    expect([await cooldown(rig, players[0]), await cooldown(rig, players[1])]).toEqual([30_000, 0]);
    await expect(players[0].join()).rejects.toMatchObject({ code: 'cooldown' });
  });

  test('of a match that he could not know of: none', async () => {
    const { rig, server } = await leavingRig(0);
    server.policy = () => ({ ok: false, error: { code: 'busy', message: 'later' } });
    const [ann, bob] = await rig.pair();
    await ann.join();
    await bob.join();
    await rig.tick();
    expect(await rig.liveMatch(ann)).toMatchObject({ state: 'reserving' });
    await ann.leave();
    expect(ann.cancelled).toMatchObject([{ requeued: false }]);
    expect([await cooldown(rig, ann), await cooldown(rig, bob)]).toEqual([0, 0]);
  });

  test('of a match whose server is gone: none', async () => {
    const { rig } = await leavingRig(0);
    const { players, match, server } = await rig.readyMatch();
    server.disconnect();
    await rig.tick();
    await players[0].leave();
    expect(await rig.match(match.id)).toMatchObject({ state: 'cancelled' });
    expect(await cooldown(rig, players[0])).toBe(0);
  });
});

describe('leaving a running match', () => {
  test('has a cooldown on the word of its server, and changes no rating', async () => {
    const { rig } = await leavingRig();
    const [ann, bob] = await rig.pair();
    const [cy, dan] = await rig.pair();
    const left = await duel(rig, [ann, bob], [ann]);
    expect([await cooldown(rig, ann), await cooldown(rig, bob)]).toEqual([30_000, 0]);
    await expect(ann.join()).rejects.toMatchObject({ code: 'cooldown' });
    // The same match, in which who played as little is not said to have left.
    for (const player of [cy, dan]) await player.join();
    await rig.tick();
    const match = (await rig.liveMatch(cy)) as Match;
    const server = rig.serverOf(match);
    await server.start(match.id);
    const places = left.players.map(({ playFraction }, n) => ({
      id: match.players[n]?.id ?? '',
      ...(playFraction !== null && { playFraction }),
    }));
    await server.result(match.id, [0, 1], { players: places });
    const ratingOf = async (players: Match['players'], n: number) => {
      const [row] = await rig.store.read((tx) => ratings.ofAccount(tx, players[n]?.accountId ?? ''));
      return [row?.mu, row?.sigma];
    };
    for (const n of [0, 1]) expect(await ratingOf(left.players, n)).toEqual(await ratingOf(match.players, n));
  });

  test('the same result again punishes once', async () => {
    const { rig, server } = await leavingRig();
    const [ann, bob] = await rig.pair();
    const match = await duel(rig, [ann, bob], [ann]);
    rig.clock.advance(10_000);
    await server.send({
      matchId: match.id,
      durationMs: 0,
      teams: [{ rank: 0 }, { rank: 1 }],
      players: claims(match, [ann]),
    });
    expect(await cooldown(rig, ann)).toBe(20_000);
  });

  test('a match that its server lost is nobody’s fault', async () => {
    const { rig } = await leavingRig();
    await rig.settle();
    const { players, match, server } = await rig.runningMatch();
    server.crash();
    await rig.pass(rig.config.serverGraceMs + 10_000);
    expect(await rig.match(match.id)).toMatchObject({ state: 'abandoned' });
    for (const player of players) expect(await cooldown(rig, player)).toBe(0);
  });
});

describe('a server that lies about it', () => {
  test('is not believed in its first day', async () => {
    const { rig } = await leavingRig(PROBATION_MS - 60_000);
    const [ann, bob] = await rig.pair();
    await duel(rig, [ann, bob], [ann]);
    expect(await cooldown(rig, ann)).toBe(0);
  });

  test('cannot keep one player out: he is punished once in a half-life, and never for longer than the second time', async () => {
    const { rig } = await leavingRig();
    const [ann, bob] = await rig.pair();
    const cooldowns: number[] = [];
    for (let half = 0; half < 12; half++) {
      for (const left of [ann, ann]) {
        await duel(rig, [ann, bob], [left]);
        cooldowns.push(await cooldown(rig, ann));
        rig.clock.advance(120_000);
      }
      await rig.tick(rig.config.cooldownHalfLifeMs);
    }
    expect(cooldowns.filter((_, n) => n % 2 === 1)).toEqual(Array<number>(12).fill(0));
    const punished = cooldowns.filter((_, n) => n % 2 === 0);
    expect(Math.min(...punished)).toBe(30_000);
    expect(Math.max(...punished)).toBeLessThan(120_000);
  });

  test('cannot keep all players out: what is beyond so many in a half-life is not believed', async () => {
    const { rig, server } = await leavingRig();
    const others = Array.from({ length: LEAVERS_PER_SERVER - 1 }, (_, n) => `player ${n}`);
    await rig.store.write('faults', (tx) => leaveFaults.note(tx, server.id, others));
    const [ann, bob] = await rig.pair();
    const [cy, dan] = await rig.pair();
    await duel(rig, [ann, bob], [ann]);
    await duel(rig, [cy, dan], [cy]);
    expect([await cooldown(rig, ann), await cooldown(rig, cy)]).toEqual([29_500, 0]);
  });

  test('cannot punish anybody by a result that is refused', async () => {
    const { rig } = await leavingRig();
    const { players, match, server } = await rig.runningMatch();
    const left = claims(match, [players[0]]);
    await expect(server.result(match.id, [0, 5], { players: left })).rejects.toMatchObject({
      code: 'bad_result',
    });
    const other = await rig.server(undefined, { days: 10 });
    await expect(
      other.send({ matchId: match.id, durationMs: 0, teams: [{ rank: 0 }, { rank: 1 }], players: left }),
    ).rejects.toMatchObject({ code: 'not_yours' });
    expect(await cooldown(rig, players[0])).toBe(0);
  });
});
