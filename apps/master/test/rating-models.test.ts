import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import { ratingModel, type Rating } from '@ranked/rating';
import { ratings, type Match, type RatingRow } from '@ranked/store';
import { matchInput, usableScores } from '../src/rating/match-input.js';
import { reRateQueue } from '../src/rating/re-rate-queue.js';
import type { FakePlayer } from './support/fake-player.js';
import type { GameRig } from './support/game-rig.js';
import { startRig, stopRigs } from './support/game-rigs.js';
import { removeTempDirs } from './support/temp-dir.js';

const DAY = 86_400_000;

afterEach(stopRigs);
afterAll(removeTempDirs);

async function rigWith(
  rating: Record<string, unknown>,
  rest: Record<string, unknown> = {},
): Promise<GameRig> {
  const window = { initial: 100_000, perSecond: 0, max: 100_000, lastResortAfter: 1 };
  const queue = { name: 'duel', teams: 2, size: 1, window, ranks: { provisional: 0.5 }, ...rest };
  const model = ratingModel(rating);
  const complete = { model: model.name, ...model.parameters };
  const rig = await startRig({ config: { queues: [{ ...queue, rating: complete }] } });
  await rig.server();
  return rig;
}

/** Days later the two come back, to a server with a new certificate. */
async function rest(rig: GameRig, players: readonly FakePlayer[], days: number): Promise<void> {
  for (const peer of [...rig.servers, ...players]) peer.disconnect();
  rig.clock.advance(days * DAY);
  await rig.server();
  for (const player of players) player.connect();
  await rig.idle();
}

/** The two play, the first of the match's teams with this result. */
async function play(
  rig: GameRig,
  players: readonly FakePlayer[],
  teams: { rank: number; score?: number }[],
  playFraction?: number,
): Promise<Match> {
  for (const player of players) await player.join('duel');
  await rig.tick();
  const live = players[0] && (await rig.liveMatch(players[0]));
  if (live?.state !== 'ready') throw new Error(`the match is ${live?.state ?? 'not there'}`);
  const server = rig.serverOf(live);
  await server.start(live.id);
  rig.clock.advance(1_000);
  await server.send({
    matchId: live.id,
    durationMs: 500,
    teams,
    players: live.players.map(({ id }) => ({ id, ...(playFraction !== undefined && { playFraction }) })),
  });
  await rig.idle();
  return rig.match(live.id);
}

const ratingRow = async (rig: GameRig, player: FakePlayer): Promise<RatingRow> => {
  const [row] = await rig.store.read((tx) => ratings.ofAccount(tx, player.accountId));
  if (!row) throw new Error('he has no rating');
  return row;
};

/** Rated again, nothing may differ. */
async function expectSameBits(rig: GameRig): Promise<void> {
  const [queue] = rig.config.queues;
  if (!queue) throw new Error('there is no queue');
  const nothing = new Set<string>();
  const report = await reRateQueue(rig.store, {
    queue,
    without: nothing,
    include: nothing,
    byPresentRules: false,
    apply: false,
  });
  expect(report).toMatchObject({ differing: 0, differences: [], ratings: [], left: 0 });
  expect(report.counted).toBeGreaterThan(0);
}

const WIN = [{ rank: 0 }, { rank: 1 }];

describe.each([
  ['gaussian', { tauPerDay: 0.1 }],
  ['glicko2', {}],
  ['plackett-luce', {}],
  ['bradley-terry', {}],
  ['thurstone-mosteller', {}],
])('a queue under %s', (name, parameters) => {
  test('rates, ages, explains, and is rated again with the same bits', async () => {
    const rig = await rigWith({ model: name, ...parameters });
    const model = ratingModel({ model: name, ...parameters });
    const pair = await rig.pair();
    const first = await play(rig, pair, WIN);
    const [one, other] = first.players;
    expect(one).toMatchObject({ muBefore: model.initial().mu, idleMs: null });
    expect(one?.volatilityAfter === null).toBe(model.initial().volatility === undefined);
    expect(one?.muAfter).toBeGreaterThan(other?.muAfter ?? Infinity);

    await rest(rig, pair, 30);
    const second = await play(rig, pair, [{ rank: 1 }, { rank: 0 }]);
    const again = second.players[0];
    // Rounds of ticks lie between the end of one match and that of the next.
    expect(again?.idleMs).toBeGreaterThan(30 * DAY);
    expect(again?.idleMs).toBe((second.endedAt ?? 0) - (first.endedAt ?? 0));
    const was = first.players.find(({ accountId }) => accountId === again?.accountId);
    expect(again).toMatchObject({
      muBefore: was?.muAfter,
      sigmaBefore: was?.sigmaAfter,
      volatilityBefore: was?.volatilityAfter,
    });
    for (const player of pair) {
      const row = await ratingRow(rig, player);
      const seat = second.players.find(({ accountId }) => accountId === player.accountId);
      expect([row.mu, row.sigma, row.volatility]).toEqual([
        seat?.muAfter,
        seat?.sigmaAfter,
        seat?.volatilityAfter,
      ]);
      expect(row).toMatchObject({ games: 2, lastMatchAt: second.endedAt });
      const report = player.reports.at(-1);
      expect(report?.rating).toMatchObject({ mu: row.mu, sigma: row.sigma, after: row.display });
      expect(report?.rating?.explanation).toMatch(/^Your chance of winning was /);
      const { before = 0, after = 0, result = NaN, certainty = NaN } = report?.rating ?? {};
      expect(result + certainty).toBeCloseTo(after - before, 6);
      const { win = [], draw = NaN, places = [] } = report?.expected ?? {};
      expect((win[0] ?? NaN) + (win[1] ?? NaN) + draw).toBeCloseTo(1, 3);
      expect((places[0] ?? NaN) + (places[1] ?? NaN)).toBeCloseTo(3, 3);
    }
    await expectSameBits(rig);
  });
});

test('time makes a rating less certain: the same match moves who has rested more', async () => {
  const rated = async (days: number): Promise<number> => {
    const rig = await rigWith({ tauPerDay: 0.5 });
    const pair = await rig.pair();
    for (let n = 0; n < 5; n++) await play(rig, pair, WIN);
    await rest(rig, pair, days);
    const { players } = await play(rig, pair, [{ rank: 1 }, { rank: 0 }]);
    return Math.abs((players[0]?.muAfter ?? 0) - (players[0]?.muBefore ?? 0));
  };
  expect(await rated(100)).toBeGreaterThan(1.2 * (await rated(0)));
});

describe('scores', () => {
  test.each<[string, { rank: number; score?: number | null }[], number[] | undefined]>([
    [
      'all have one',
      [
        { rank: 0, score: 5 },
        { rank: 1, score: 2 },
      ],
      [5, 2],
    ],
    [
      'a tie',
      [
        { rank: 0, score: 2 },
        { rank: 0, score: 2 },
      ],
      [2, 2],
    ],
    [
      'won on penalties',
      [
        { rank: 0, score: 2 },
        { rank: 1, score: 2 },
      ],
      [2, 2],
    ],
    ['one is missing', [{ rank: 0, score: 5 }, { rank: 1 }], undefined],
    [
      'one is null',
      [
        { rank: 0, score: 5 },
        { rank: 1, score: null },
      ],
      undefined,
    ],
    [
      'given up while ahead',
      [
        { rank: 1, score: 5 },
        { rank: 0, score: 2 },
      ],
      undefined,
    ],
    [
      'a tie with different scores',
      [
        { rank: 0, score: 5 },
        { rank: 0, score: 2 },
      ],
      undefined,
    ],
  ])('%s', (_, results, usable) => {
    expect(usableScores(results)).toEqual(usable);
  });

  test('go into a model that wants them, and into no other', () => {
    const results = [
      { rank: 0, score: 9 },
      { rank: 1, score: 1 },
    ];
    const seats = [0, 1].map((team) => ({ team, before: { mu: 25, sigma: 8 }, idleMs: null }));
    const wants = ratingModel({ scoreWorth: 0.5 });
    expect(matchInput(wants, {}, results, seats).scores).toEqual([9, 1]);
    expect(matchInput(ratingModel(), {}, results, seats)).not.toHaveProperty('scores');
  });

  test('a high win counts for more, and a contradiction for what the ranks say', async () => {
    const gainOf = async (...scores: [number, number]): Promise<number> => {
      const rig = await rigWith({ scoreWorth: 0.5 });
      const match = await play(rig, await rig.pair(), [
        { rank: 0, score: scores[0] },
        { rank: 1, score: scores[1] },
      ]);
      await expectSameBits(rig);
      return match.players[0]?.muAfter ?? NaN;
    };
    expect(await gainOf(20, 0)).toBeGreaterThan(await gainOf(1, 0));
    expect(await gainOf(0, 20)).toBe((await rankedOnly()) ?? NaN);
    async function rankedOnly(): Promise<number | null | undefined> {
      const rig = await rigWith({ scoreWorth: 0.5 });
      return (await play(rig, await rig.pair(), WIN)).players[0]?.muAfter;
    }
  });
});

test('the better side and the importance of a match are options of its queue', async () => {
  const afterOf = async (options: { host?: number; matchImportance?: number }): Promise<Rating> => {
    const rig = await rigWith({ hostAdvantage: 4 }, options);
    const [winner] = (await play(rig, await rig.pair(), WIN)).players;
    await expectSameBits(rig);
    return { mu: winner?.muAfter ?? NaN, sigma: winner?.sigmaAfter ?? NaN };
  };
  const plain = await afterOf({});
  // Who wins from the better side has shown less; from the worse side, more.
  expect((await afterOf({ host: 0 })).mu).toBeLessThan(plain.mu);
  expect((await afterOf({ host: 1 })).mu).toBeGreaterThan(plain.mu);
  expect((await afterOf({ matchImportance: 0.3 })).mu).toBeLessThan(plain.mu);
  expect((await afterOf({ matchImportance: 0 })).mu).toBe(25);
});

test('a match of many teams is reported without an explanation', async () => {
  const rig = await rigWith({}, { teams: 17 });
  const players = await rig.connectedPlayers(17);
  const { players: seats } = await play(
    rig,
    players,
    players.map((_, rank) => ({ rank })),
  );
  const [first] = seats;
  const winner = players.find(({ accountId }) => accountId === first?.accountId);
  const report = winner?.reports.at(-1);
  expect(report?.rating).toMatchObject({ mu: first?.muAfter, sigma: first?.sigmaAfter, provisional: true });
  expect(report?.rating?.after).toBeGreaterThan(report?.rating?.before ?? Infinity);
  expect(report?.rating).not.toHaveProperty('explanation');
  expect(report).not.toHaveProperty('expected');
  await expectSameBits(rig);
});

test('a tier comes when the rating is no longer provisional, and goes with the report', async () => {
  const tiers = [
    { name: 'Wood', from: 0 },
    { name: 'Iron', from: 1650 },
    { name: 'Steel', from: 2000 },
  ];
  const rig = await rigWith({ drawProbability: 0 }, { ranks: { provisional: 0.85, tiers, tierMargin: 50 } });
  const pair = await rig.pair();
  const seen: (string | null)[] = [];
  for (let n = 0; n < 6; n++) {
    const { players } = await play(rig, pair, WIN);
    const winner = pair.find(({ accountId }) => accountId === players[0]?.accountId);
    const report = winner?.reports.at(-1)?.rating;
    expect(report?.provisional).toBe((report?.sigma ?? 0) > 0.85 * (25 / 3));
    expect(report?.tier ?? null).toBe(players[0]?.tierAfter);
    expect(report?.tierBefore ?? null).toBe(players[0]?.tierBefore);
    seen.push(players[0]?.tierAfter ?? null);
  }
  expect(seen[0]).toBeNull();
  expect(['Iron', 'Steel']).toContain(seen.at(-1));
  await expectSameBits(rig);
});
