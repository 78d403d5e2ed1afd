import fc from 'fast-check';
import { gaussian, smooth, type GaussianParameters, type HistoryMatch } from '../../src/index.js';
import { rootOfScore } from '../../src/gaussian/scored-teams.js';
import { requireHistoryMatch } from '../../src/history/require-history-match.js';

const DAY = 86_400_000;
const precise = { tolerance: 1e-12, maxSweeps: 300 };

/** Solves A x = b for each column of b by elimination with pivots. */
function solve(matrix: number[][], right: number[][]): number[][] {
  const rows = matrix.map((row, i) => [...row, ...(right[i] ?? [])]);
  const size = rows.length;
  for (let k = 0; k < size; k++) {
    let pivot = k;
    for (let i = k; i < size; i++) {
      if (Math.abs(rows[i]?.[k] ?? 0) > Math.abs(rows[pivot]?.[k] ?? 0)) pivot = i;
    }
    const top = rows[pivot] as number[];
    rows[pivot] = rows[k] as number[];
    rows[k] = top.map((value) => value / (top[k] ?? NaN));
    for (let i = 0; i < size; i++) {
      const factor = rows[i]?.[k] ?? 0;
      if (i !== k) rows[i] = (rows[i] as number[]).map((value, j) => value - factor * (rows[k]?.[j] ?? NaN));
    }
  }
  return rows.map((row) => row.slice(size));
}

/** Means and deviations of all skills from all scores at once: one joint normal distribution, conditioned. */
function jointPosterior(matches: HistoryMatch[], p: GaussianParameters) {
  const slots = matches.flatMap(({ teams }, match) =>
    teams.flatMap((team, side) => team.map((player) => ({ match, side, player, variance: 0 }))),
  );
  const last = new Map<string, (typeof slots)[number]>();
  for (const slot of slots) {
    const before = last.get(slot.player);
    const idle =
      before === undefined ? 0 : ((matches[slot.match]?.at ?? 0) - (matches[before.match]?.at ?? 0)) / DAY;
    slot.variance =
      before === undefined ? p.sigma ** 2 : before.variance + p.tau ** 2 + idle * p.tauPerDay ** 2;
    last.set(slot.player, slot);
  }
  const prior = slots.map((a) =>
    slots.map((b) => (a.player === b.player ? Math.min(a.variance, b.variance) : 0)),
  );
  // One observation per match: the first team's score less the second's.
  const sign = matches.map((_, match) => slots.map((slot) => (slot.match === match ? 1 - 2 * slot.side : 0)));
  const size = (match: number, side: number) => matches[match]?.teams[side]?.length ?? NaN;
  const seen = matches.map(({ scores = [], host }, match) => {
    const home = host === undefined ? 0 : (1 - 2 * host) * p.hostAdvantage;
    const [ours = NaN, theirs = NaN] = scores.map((score) => p.scoreWorth * rootOfScore(score));
    return ours - theirs - home - p.playerWorth * (size(match, 0) - size(match, 1));
  });
  const dot = (a: number[], b: number[]) => a.reduce((sum, value, i) => sum + value * (b[i] ?? NaN), 0);
  const covariance = sign.map((row) => prior.map((column) => dot(row, column)));
  const between = covariance.map((row, a) =>
    sign.map(
      (other, b) =>
        dot(row, other) + (a === b ? p.scoreNoise ** 2 + (size(a, 0) + size(a, 1)) * p.beta ** 2 : 0),
    ),
  );
  const gains = solve(
    between,
    covariance.map((row, i) => [...row, seen[i] ?? NaN]),
  );
  return slots.map((slot, i) => ({
    ...slot,
    mu:
      p.mu + covariance.reduce((sum, row, k) => sum + (row[i] ?? NaN) * (gains[k]?.[slots.length] ?? NaN), 0),
    sigma: Math.sqrt(
      slot.variance - covariance.reduce((sum, row, k) => sum + (row[i] ?? NaN) * (gains[k]?.[i] ?? NaN), 0),
    ),
  }));
}

const scored = gaussian({
  ...{ mu: 25, sigma: 8, beta: 3, tau: 0.5, tauPerDay: 0.2, drawProbability: 0.1 },
  ...{ hostAdvantage: 1.5, playerWorth: 4, scoreWorth: 3, scoreNoise: 2 },
});

describe('scores alone, where all is normal', () => {
  it('are exact, means and deviations, where nobody meets anyone twice by any way', () => {
    const matches = [
      { at: 0, teams: [['a'], ['b']], ranks: [0, 1], scores: [3, 1], host: 1 },
      { at: 2 * DAY, teams: [['c', 'd'], ['b']], ranks: [1, 0], scores: [0, 2] },
      { at: 5 * DAY, teams: [['a'], ['e']], ranks: [0, 0], scores: [1, 1], host: 0 },
      {
        at: 5 * DAY,
        teams: [
          ['f', 'g'],
          ['d', 'h'],
        ],
        ranks: [0, 1],
        scores: [7, 0],
      },
    ];
    const smoothed = smooth(matches, scored, precise);
    for (const { match, player, mu, sigma } of jointPosterior(matches, scored.parameters)) {
      const point = smoothed.curve(player).find((candidate) => candidate.match === match);
      expect(point?.rating.mu).toBeCloseTo(mu, 10);
      expect(point?.rating.sigma).toBeCloseTo(sigma, 10);
    }
  });

  it('have exact means in any history', () => {
    const match = fc.record({
      players: fc.shuffledSubarray(['a', 'b', 'c', 'd', 'e', 'f'], { minLength: 2, maxLength: 5 }),
      split: fc.nat(),
      scores: fc.tuple(fc.nat(6), fc.nat(6)),
      host: fc.option(fc.nat(1), { nil: undefined }),
      days: fc.nat(20),
    });
    fc.assert(
      fc.property(fc.array(match, { minLength: 1, maxLength: 12 }), (drawn) => {
        let at = 0;
        const matches = drawn.map(({ players, split, scores: [ours, theirs], host, days }): HistoryMatch => {
          const cut = 1 + (split % (players.length - 1));
          at += days * DAY;
          return {
            at,
            teams: [players.slice(0, cut), players.slice(cut)],
            ranks: [ours < theirs ? 1 : 0, theirs < ours ? 1 : 0],
            scores: [ours, theirs],
            ...(host !== undefined && { host }),
          };
        });
        const smoothed = smooth(matches, scored, precise);
        expect(smoothed.converged).toBe(true);
        for (const { match: index, player, mu } of jointPosterior(matches, scored.parameters)) {
          const point = smoothed.curve(player).find((candidate) => candidate.match === index);
          expect(point?.rating.mu).toBeCloseTo(mu, 7);
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('one match', () => {
  const still = { ...scored.parameters, tau: 0, tauPerDay: 0 };
  it.each<[string, Partial<GaussianParameters>, Omit<HistoryMatch, 'at'>]>([
    ['a win at home', {}, { teams: [['a', 'b'], ['c']], ranks: [0, 1], host: 0 }],
    ['a draw', {}, { teams: [['a'], ['c']], ranks: [0, 0], host: 1 }],
    [
      'a free-for-all',
      { tieProbability: 0.2 },
      { teams: [['a'], ['b', 'c'], ['d'], ['e']], ranks: [2, 1, 1, 0] },
    ],
    ['scores', {}, { teams: [['a'], ['b', 'c'], ['d']], ranks: [0, 1, 2], scores: [9, 4, -1] }],
    ['half the importance', {}, { teams: [['a'], ['b']], ranks: [1, 0], matchImportance: 0.5 }],
    ['no importance', {}, { teams: [['a'], ['b']], ranks: [1, 0], matchImportance: 0 }],
  ])('says what live rating says: %s', (_, parameters, given) => {
    const model = gaussian({ ...still, ...parameters });
    const match = { at: 0, ...given };
    requireHistoryMatch(match, 'match', -Infinity);
    const smoothed = smooth([match], model, precise);
    const rated = model.rate({ ...match, teams: match.teams.map((team) => team.map(() => model.initial())) });
    match.teams.forEach((team, i) =>
      team.forEach((player, j) => {
        const [point] = smoothed.curve(player);
        expect(point?.rating.mu).toBeCloseTo(rated.teams[i]?.[j]?.mu ?? NaN, 9);
        expect(point?.rating.sigma).toBeCloseTo(rated.teams[i]?.[j]?.sigma ?? NaN, 9);
      }),
    );
  });

  it('has the evidence that prediction gives it', () => {
    const model = gaussian(still);
    const teams = [[model.initial()], [model.initial(), model.initial()]];
    const { win, draw } = model.predict(teams, { host: 1 });
    const evidence = (ranks: number[]) =>
      smooth([{ at: 0, teams: [['a'], ['b', 'c']], ranks, host: 1 }], model).logEvidence;
    expect(Math.exp(evidence([0, 1]))).toBeCloseTo(win[0] ?? NaN, 12);
    expect(Math.exp(evidence([1, 0]))).toBeCloseTo(win[1] ?? NaN, 12);
    expect(Math.exp(evidence([0, 0]))).toBeCloseTo(draw, 12);
  });
});

it('comes close to the exact posterior of several results, which has no closed form', () => {
  const model = gaussian({ mu: 0, sigma: 8, beta: 4, tau: 0, tauPerDay: 0, drawProbability: 0 });
  // The others play one match each, so that the exact posterior of b is an integral over one variable.
  const matches = [
    ['a', 'b'],
    ['b', 'c'],
    ['d', 'b'],
  ].map(([winner = '', loser = ''], at) => ({
    at,
    teams: [[winner], [loser]],
    ranks: [0, 1],
  }));
  const smoothed = smooth(matches, model, precise);
  // By quadrature with 25 digits.
  const exact = { logEvidence: -2.3832255721406, mu: -2.4430091323737, sigma: 5.39617353837 };
  expect(Math.abs(smoothed.logEvidence - exact.logEvidence)).toBeLessThan(1e-3);
  for (const { rating } of smoothed.curve('b')) {
    expect(Math.abs(rating.mu - exact.mu)).toBeLessThan(0.02);
    expect(Math.abs(rating.sigma - exact.sigma)).toBeLessThan(0.02);
  }
});
