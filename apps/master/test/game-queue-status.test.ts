import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { explainLeftover, type Leftover } from '@ranked/matchmaker';
import { queue, queueLeftovers, ratings, type PastWait } from '@ranked/store';
import { NEWS_MS } from '../src/matchmaking/queue-news-board.js';
import { STATUS_MS } from '../src/matchmaking/queue-status-courier.js';
import { WaitEstimate } from '../src/matchmaking/wait-estimate.js';
import type { FakePlayer } from './support/fake-player.js';
import type { GameRig } from './support/game-rig.js';
import { startRig, stopRigs } from './support/game-rigs.js';
import { partyOf } from './support/party-of.js';
import { startPostgres, type PostgresCluster } from './support/postgres-cluster.js';
import { removeTempDirs } from './support/temp-dir.js';
import { TwoNodes } from './support/two-nodes.js';

afterEach(stopRigs);
afterAll(removeTempDirs);

const rating = {
  model: 'gaussian',
  mu: 25,
  sigma: 25 / 3,
  beta: 25 / 6,
  tau: 25 / 300,
  drawProbability: 0.1,
};
const NARROW = ['duel', 'team'].map((name, n) => ({
  name,
  teams: 2,
  size: n + 1,
  rating,
  window: { initial: 100, perSecond: 10, max: 1000, lastResortAfter: 10_000 },
  ranks: { provisional: 0.5 },
}));

/** Gives a player that strength, in units of mu. */
const rate = (rig: GameRig, { accountId }: FakePlayer, mu: number) =>
  rig.store.write('rate', (tx) =>
    ratings.upsertMany(tx, [
      { accountId, queue: 'duel', mu, sigma: 1, games: 1, wins: 1, display: 1, lastMatchAt: null },
    ]),
  );
const rows = (rig: GameRig) => rig.store.read((tx) => queueLeftovers.all(tx));

describe('who waits', () => {
  test('hears at once how it stands, and then every five seconds, with the reason of the last round', async () => {
    const rig = await startRig({ config: { queues: NARROW } });
    await rig.server();
    const [ann, bob] = await rig.pair();
    await rate(rig, bob, 45);
    await ann.join();
    await rig.tick();
    expect(ann.statuses).toEqual([
      {
        queue: 'duel',
        waited: 0,
        window: 105,
        players: 1,
        reason: 'Only 1 player of the 2 that a match needs is free.',
      },
    ]);
    await bob.join();
    await rig.pass(2 * STATUS_MS);
    expect(ann.statuses).toHaveLength(3);
    const last = ann.statuses.at(-1);
    expect(last).toMatchObject({ queue: 'duel', players: 2 });
    expect(last?.waited).toBeGreaterThanOrEqual(9);
    expect(last?.window).toBeGreaterThan(190);
    expect(last?.reason).toMatch(
      /^The nearest opponents are 960 points apart, and the window is \d+ points\.$/,
    );
    await ann.leave();
    await rig.pass(2 * STATUS_MS);
    expect(ann.statuses).toHaveLength(3);
  });

  test('does not hear why others were left over before he came, or what is not so any more', async () => {
    const rig = await startRig({ config: { queues: NARROW } });
    const [ann, bob] = await rig.pair();
    await ann.join();
    await bob.join();
    await rig.tick();
    expect(ann.statuses.at(-1)?.reason).toMatch(/no server has a place/);
    await rig.server();
    await rig.tick();
    expect(ann.found).toHaveLength(1);
    const told = ann.statuses.length;
    await rig.pass(2 * STATUS_MS);
    expect(ann.statuses).toHaveLength(told);
  });

  test('hears of the whole party’s reason as a member of it', async () => {
    const rig = await startRig({ config: { queues: NARROW } });
    await rig.server();
    const [ann, bob] = await rig.pair();
    await partyOf(ann, bob);
    await ann.join('team');
    await rig.pass(2 * STATUS_MS);
    for (const { statuses } of [ann, bob])
      expect(statuses.at(-1)).toMatchObject({
        queue: 'team',
        players: 2,
        reason: 'Only 2 players of the 4 that a match needs are free.',
      });
  });

  test('is one of many: a round is spread over the ticks', async () => {
    const rig = await startRig({ config: { queues: NARROW } });
    const players = await rig.connectedPlayers(50);
    await rig.tick();
    await Promise.all(players.map((player) => player.join('team')));
    await rig.tick();
    const count = () => players.reduce((sum, { statuses }) => sum + statuses.length, 0);
    expect(count()).toBeGreaterThanOrEqual(50);
    await rig.pass(2 * STATUS_MS);
    const before = count();
    const perTick: number[] = [];
    for (let i = 0; i < STATUS_MS / rig.config.tickMs; i++) {
      const sent = count();
      await rig.tick();
      perTick.push(count() - sent);
    }
    expect(count() - before).toBe(50);
    expect(Math.max(...perTick)).toBeLessThanOrEqual(5);
  });

  test('and is taken out by an operator hears of that, once; who leaves, or is in a match, does not', async () => {
    const rig = await startRig({ config: { queues: NARROW } });
    const [ann, bob] = await rig.pair();
    const [cy] = await rig.connectedPlayers(1);
    for (const player of [ann, bob, cy]) await player?.join('team');
    await rig.tick();
    // As the dashboard does it: another process, the rows alone.
    await rig.store.write('remove', (tx) => queue.leave(tx, ann.accountId));
    await bob.leave();
    await rig.pass(3 * STATUS_MS);
    expect(ann.statuses.filter(({ ended }) => ended)).toEqual([
      {
        queue: 'team',
        waited: expect.any(Number),
        window: 0,
        players: 0,
        reason: 'You were taken out of the queue.',
        ended: true,
      },
    ]);
    expect([...bob.statuses, ...(cy?.statuses ?? [])].filter(({ ended }) => ended)).toEqual([]);
    // He can join again, and then waits as before.
    await ann.join('team');
    await rig.pass(STATUS_MS);
    expect(ann.statuses.at(-1)?.ended).toBeUndefined();
  });

  test('does not hear that it ended when a match was found, nor after that match', async () => {
    const rig = await startRig({ config: { queues: NARROW } });
    const [ann, bob] = await rig.pair();
    for (const player of [ann, bob]) await player.join();
    await rig.tick();
    expect(ann.statuses).not.toEqual([]);
    const server = await rig.server();
    await rig.pass(2 * STATUS_MS);
    const matchId = ann.found[0]?.matchId ?? '';
    await server.start(matchId);
    await rig.pass(2 * STATUS_MS);
    await server.result(matchId, [0, 1]);
    await rig.pass(2 * STATUS_MS);
    expect(ann.reports).toHaveLength(1);
    expect([...ann.statuses, ...bob.statuses].filter(({ ended }) => ended)).toEqual([]);
  });

  test('hears how long others waited, also after a restart', async () => {
    const rig = await startRig({ config: { queues: NARROW } });
    await rig.server(undefined, { capacity: 100 });
    const players = await rig.connectedPlayers(20);
    for (const player of players.slice(0, 10)) await player.join();
    rig.clock.advance(20_000);
    for (const player of players.slice(10)) await player.join();
    await rig.tick();
    await rig.pass(NEWS_MS);
    await rig.restart();
    const [cy] = await rig.pair();
    await cy.join();
    await rig.tick();
    expect(cy.statuses.at(-1)?.estimated).toBeGreaterThanOrEqual(10);
    expect(cy.statuses.at(-1)?.estimated).toBeLessThanOrEqual(21);
  });
});

describe('the reasons in the rows', () => {
  test('are those of the last round, written every five seconds at most', async () => {
    const rig = await startRig({ config: { queues: NARROW } });
    await rig.server();
    const [ann, bob] = await rig.pair();
    await rate(rig, bob, 45);
    await ann.join();
    await bob.join();
    await rig.tick();
    const [first] = (await rows(rig)).filter(({ queue }) => queue === 'duel');
    expect(first).toMatchObject({ at: rig.clock.now(), waiting: 2, waits: [] });
    const reason = first?.entries[ann.accountId] as Leftover;
    expect(reason).toMatchObject({ reason: 'window', nearest: 960 });
    expect(explainLeftover(reason)).toMatch(/960 points apart/);
    const writes: number[] = [];
    for (let i = 0; i < 20; i++) {
      await rig.tick();
      writes.push((await rows(rig)).find(({ queue }) => queue === 'duel')?.at ?? 0);
    }
    expect(new Set(writes).size).toBeLessThanOrEqual(3);
    expect(rig.clock.now() - (writes.at(-1) ?? 0)).toBeLessThan(NEWS_MS);
  });
});

describe('on two nodes', () => {
  let cluster: PostgresCluster;
  beforeAll(async () => {
    cluster = await startPostgres();
  }, 60_000);
  afterAll(() => cluster.stop());

  test('a player hears from his own node why the other one found him nothing', async () => {
    const url = await cluster.createDatabase('queue_status');
    const nodes = await TwoNodes.start({ kind: 'postgres', url, poolSize: 4 }, { queues: NARROW });
    await nodes.a.server();
    const [ann, bob] = [await nodes.player(nodes.a), await nodes.player(nodes.b)];
    await rate(nodes.a, bob, 45);
    await ann.join();
    await bob.join();
    // Only node a matches.
    for (let i = 0; i < 30; i++) {
      nodes.clock.advance(500);
      nodes.a.heartbeats();
      await nodes.a.ticker.tickOnce();
      await nodes.idle();
    }
    expect(bob.statuses).toEqual([]);
    await nodes.b.ticker.idle();
    await nodes.tick(500, [nodes.b]);
    expect(bob.statuses.at(-1)).toMatchObject({
      queue: 'duel',
      players: 2,
      reason: expect.stringMatching(/^The nearest opponents are 960 points apart/),
    });
  });
});

/** The same as {@link WaitEstimate} in the plainest way, where no two are equally far. */
function plainEstimate(waits: readonly PastWait[], strength: number, waitedMs: number): number | undefined {
  const nearest = waits
    .filter(([, , ms]) => ms >= waitedMs)
    .sort((a, b) => Math.abs(a[1] - strength) - Math.abs(b[1] - strength))
    .slice(0, 16)
    .map(([, , ms]) => ms)
    .sort((a, b) => a - b);
  const half = nearest.length / 2;
  if (nearest.length < 5) return undefined;
  return ((nearest[Math.ceil(half) - 1] ?? 0) + (nearest[Math.floor(half)] ?? 0)) / 2;
}

describe('the estimate', () => {
  const estimatedWait = (past: readonly PastWait[], strength: number, waitedMs: number) =>
    new WaitEstimate(past).of(strength, waitedMs);
  const wait = fc.tuple(fc.nat(1_000_000), fc.integer({ min: -2_000, max: 4_000 }), fc.nat(600_000));
  const waits = fc.array(wait, { maxLength: 100 }) as fc.Arbitrary<PastWait[]>;

  test('is unknown with fewer than five waits that were longer, else one of those and no shorter', () => {
    fc.assert(
      fc.property(
        waits,
        fc.integer({ min: -2_000, max: 4_000 }),
        fc.nat(700_000),
        (past, strength, waited) => {
          const longer = past.filter(([, , ms]) => ms >= waited).map(([, , ms]) => ms);
          const estimate = estimatedWait(past, strength, waited);
          const distances = new Set(past.map(([, other]) => Math.abs(other - strength)));
          if (distances.size === past.length) expect(estimate).toBe(plainEstimate(past, strength, waited));
          if (longer.length < 5) expect(estimate).toBeUndefined();
          else {
            expect(estimate).toBeGreaterThanOrEqual(Math.min(...longer));
            expect(estimate).toBeLessThanOrEqual(Math.max(...longer));
          }
        },
      ),
    );
  });

  test('goes by those who are near: the weak wait ten seconds, the strong a minute', () => {
    const past: PastWait[] = Array.from({ length: 40 }, (_, n) =>
      n % 2 === 0 ? [n, 1_000 + n, 10_000] : [n, 2_000 + n, 60_000],
    );
    expect(estimatedWait(past, 1_000, 0)).toBe(10_000);
    expect(estimatedWait(past, 2_000, 0)).toBe(60_000);
    // Who has waited longer than all near him has those left who did too.
    expect(estimatedWait(past, 1_000, 11_000)).toBe(60_000);
    expect(estimatedWait(past, 1_000, 61_000)).toBeUndefined();
    expect(
      estimatedWait(
        [1, 2, 3, 4, 5, 6].map((ms): PastWait => [0, 0, ms]),
        0,
        0,
      ),
    ).toBe(3.5);
  });
});
