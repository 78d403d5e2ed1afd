import { afterAll, afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { ratingModel } from '@ranked/rating';
import { openStore, ratedMatches, ratings, type JsonValue, type Store } from '@ranked/store';
import { RulesModels } from '../src/matchmaking/rules-models.js';
import type { MatchRules } from '../src/matchmaking/match-rules.js';
import type { QueueConfig } from '../src/config/queue-config.js';
import { reRateQueue, type ReRatingOrder } from '../src/rating/re-rate-queue.js';
import { historyMatch } from '../src/rating/stored-match.js';
import type { GameRig } from './support/game-rig.js';
import { startRig, stopRigs } from './support/game-rigs.js';
import { removeTempDirs, tempDir } from './support/temp-dir.js';

jest.setTimeout(60_000);

/** Between two matches, ms. */
const PAUSE = 20_000;

let rig: GameRig;
let store: Store;
let duel: QueueConfig;

/** Three duels of the same two, a while apart. */
beforeEach(async () => {
  const path = `${tempDir()}/ranked.sqlite`;
  rig = await startRig({ target: { kind: 'sqlite', path } });
  store = await openStore(
    { kind: 'sqlite', path },
    { databaseKey: Buffer.alloc(32, 9), now: () => rig.clock.now() },
  );
  const [queue] = rig.config.queues;
  if (!queue) throw new Error('there is no queue');
  duel = {
    ...queue,
    rating: { model: 'gaussian', ...ratingModel({ ...queue.rating, tauPerDay: 50 }).parameters },
  };
  await rig.server();
  const players = await rig.pair();
  for (let n = 0; n < 3; n++) {
    for (const player of players) await player.join('duel');
    await rig.tick();
    const match = await rig.liveMatch(players[0]);
    if (!match) throw new Error('there is no match');
    await rig.serverOf(match).start(match.id);
    await rig.serverOf(match).result(match.id, [n % 2, 1 - (n % 2)]);
    await rig.idle();
    rig.clock.advance(PAUSE);
    rig.heartbeats();
  }
});
afterEach(async () => {
  await store.close();
  await stopRigs();
});
afterAll(removeTempDirs);

function rate(changes: Partial<ReRatingOrder> = {}) {
  const none = new Set<string>();
  return reRateQueue(store, {
    queue: duel,
    without: none,
    include: none,
    byPresentRules: false,
    apply: false,
    ...changes,
  });
}

const history = () => store.read((tx) => ratedMatches.page(tx, 'duel'));
const standings = () => store.read((tx) => ratings.page(tx, 'duel'));
const CLEAN = { counted: 3, differing: 0, ratings: [] };

/** As the history would be if the version before ratings aged had written it. */
async function writtenBeforeAgeing(): Promise<void> {
  const { tauPerDay: _, ...rating } = duel.rating;
  await store.write('old rules', async (tx) => {
    for (const digest of await ratedMatches.rulesInUse(tx, 'duel')) {
      const rules = (await ratedMatches.rulesByDigest(tx, digest)) as Record<string, JsonValue>;
      await ratedMatches.replaceRules(tx, {
        queue: 'duel',
        digest,
        rules: { ...rules, rating: rating as Record<string, JsonValue> },
      });
    }
  });
  const unaged = { ...duel, rating: { ...duel.rating, tauPerDay: 0 } };
  const matches = await history();
  const model = ratingModel(unaged.rating);
  const now = new Map<string, ReturnType<typeof model.initial>>();
  await store.write('old ratings', async (tx) => {
    for (const { players } of matches) {
      const before = players.map(({ accountId }) => now.get(accountId) ?? model.initial());
      const { teams } = model.rate({
        teams: before.map((one) => [one]),
        ranks: players.map(({ rank }) => rank ?? 0),
      });
      await ratedMatches.rewrite(
        tx,
        players.map((player, n) => {
          const [was, is] = [before[n], teams[n]?.[0]];
          if (!was || !is) throw new Error('two play');
          now.set(player.accountId, is);
          return {
            ...player,
            idleMs: null,
            muBefore: was.mu,
            sigmaBefore: was.sigma,
            muAfter: is.mu,
            sigmaAfter: is.sigma,
          };
        }),
      );
    }
    await ratings.upsertMany(
      tx,
      (await ratings.page(tx, 'duel')).map((row) => {
        const { mu = NaN, sigma = NaN } = now.get(row.accountId) ?? {};
        return { ...row, mu, sigma, display: model.displayRating({ mu, sigma }) };
      }),
    );
  });
}

test('a history from before ratings aged is audited without a difference, and stays as it is', async () => {
  await writtenBeforeAgeing();
  const [before, ratedBefore] = [await history(), await standings()];
  expect(await rate()).toMatchObject(CLEAN);
  expect(await rate({ apply: true })).toMatchObject({ ...CLEAN, applied: true });
  expect(await history()).toEqual(before);
  expect(await standings()).toEqual(ratedBefore);
  // A match taken out and in again does not age anybody, either.
  const include = new Set([before[1]?.id ?? '']);
  await rate({ apply: true, without: include });
  await rate({ apply: true, include });
  expect(await history()).toEqual(before);
  expect(await standings()).toEqual(ratedBefore);
});

test('a match made under such rules is rated by them, and audited as it was rated', async () => {
  const { tauPerDay: _, ...rating } = duel.rating;
  const model = new RulesModels().of({ rating } as unknown as MatchRules);
  expect(model.aged({ mu: 25, sigma: 2 }, 1000)).toEqual({ mu: 25, sigma: 2 });
  await writtenBeforeAgeing();
  // This master noted the time since the match before.
  const [, , last] = await history();
  if (!last) throw new Error('there are three matches');
  await store.write('idle', (tx) =>
    ratedMatches.rewrite(
      tx,
      last.players.map((one) => ({ ...one, idleMs: PAUSE + 500 })),
    ),
  );
  const report = await rate();
  expect(report.differences.every(({ field }) => field === 'idleMs')).toBe(true);
  const idleMs = report.differences[0]?.again ?? PAUSE + 500;
  await store.write('idle', (tx) =>
    ratedMatches.rewrite(
      tx,
      last.players.map((one) => ({ ...one, idleMs })),
    ),
  );
  expect(await rate()).toMatchObject(CLEAN);
});

test('by the present rules it ages, and notes for how long', async () => {
  await writtenBeforeAgeing();
  const before = await standings();
  expect(await rate({ byPresentRules: true, apply: true })).toMatchObject({ counted: 3, differing: 2 });
  for (const match of (await history()).slice(1))
    for (const { idleMs } of match.players) expect(idleMs).toBeGreaterThanOrEqual(PAUSE);
  const sigmas = (await standings()).map(({ sigma }) => sigma);
  sigmas.forEach((sigma, n) => expect(sigma).toBeGreaterThan(before[n]?.sigma ?? NaN));
  expect(await rate()).toMatchObject(CLEAN);
});

test('a host among more teams than a match has had is none for that match', async () => {
  const rating = { ...duel.rating, hostAdvantage: 3 };
  const even = await rate({ byPresentRules: true, apply: true, queue: { ...duel, rating } });
  expect(even.applied).toBe(true);
  const third = { ...duel, teams: 3, host: 2, rating };
  expect(await rate({ byPresentRules: true, queue: third })).toMatchObject(CLEAN);
  const first = await rate({ byPresentRules: true, queue: { ...third, host: 0 } });
  expect(first.ratings).toHaveLength(2);
  // Written, it is found again.
  await rate({ byPresentRules: true, apply: true, queue: third });
  expect(await rate()).toMatchObject(CLEAN);
  for (const match of await history()) {
    expect(historyMatch(match, third)).not.toHaveProperty('host');
    expect(historyMatch(match, { host: 1 })).toHaveProperty('host', 1);
  }
});
