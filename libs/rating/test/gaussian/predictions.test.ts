import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { gaussian, type Rating } from '../../src/index.js';

interface Vector {
  name: string;
  beta: number;
  drawProbability: number;
  teams: [mu: number, sigma: number][][];
  win: number[];
  draw: number;
  tolerance: number;
}
const vectors = JSON.parse(
  readFileSync(new URL('../vectors/win-probability.json', import.meta.url), 'utf8'),
) as Vector[];

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const column = (table: readonly number[][], place: number) => table.map((row) => row[place] ?? NaN);

const rating = fc.record({
  mu: fc.double({ min: -50, max: 100, noNaN: true }),
  sigma: fc.double({ min: 0, max: 20, noNaN: true }),
});
const teams = fc.array(fc.array(rating, { minLength: 1, maxLength: 3 }), { minLength: 2, maxLength: 6 });
const model = fc
  .record({
    beta: fc.constantFrom(0.5, 25 / 6, 20),
    drawProbability: fc.constantFrom(0, 0.1, 0.6),
    playerWorth: fc.constantFrom(0, 5, 25),
    hostAdvantage: fc.constantFrom(0, 3),
  })
  .map(gaussian);

describe('who will win', () => {
  it.each(vectors)('reference: $name', ({ beta, drawProbability, teams: given, win, draw, tolerance }) => {
    const players = given.map((team) => team.map(([mu, sigma]) => ({ mu, sigma })));
    const prediction = gaussian({ mu: 25, beta, drawProbability }).predict(players);
    win.forEach((p, i) => expect(Math.abs((prediction.win[i] ?? NaN) - p)).toBeLessThan(tolerance));
    expect(Math.abs(prediction.draw - draw)).toBeLessThan(tolerance);
  });

  it('probabilities add up to 1, for any number of teams', () => {
    fc.assert(
      fc.property(model, teams, (gaussianModel, given) => {
        const { win, draw } = gaussianModel.predict(given, { host: 0 });
        expect(win).toHaveLength(given.length);
        expect(Math.abs(sum(win) + draw - 1)).toBeLessThan(1e-12);
        for (const p of [...win, draw]) expect(p >= 0 && p <= 1).toBe(true);
      }),
    );
  });

  it('the order in which the teams are given makes no difference', () => {
    fc.assert(
      fc.property(model, teams, (gaussianModel, given) => {
        const forward = gaussianModel.predict(given);
        const backward = gaussianModel.predict([...given].reverse());
        [...backward.win].reverse().forEach((p, i) => {
          expect(Math.abs(p - (forward.win[i] ?? NaN))).toBeLessThan(1e-9);
        });
        expect(Math.abs(backward.draw - forward.draw)).toBeLessThan(1e-9);
      }),
    );
  });

  it('a better player, or the host, has the better chance', () => {
    fc.assert(
      fc.property(model, teams, fc.double({ min: 0, max: 30, noNaN: true }), (gaussianModel, given, more) => {
        const stronger = given.map((team, i) =>
          team.map((player, j) => (i + j === 0 ? { ...player, mu: player.mu + more } : player)),
        );
        const chance = (players: Rating[][], host?: number) =>
          gaussianModel.predict(players, host === undefined ? {} : { host }).win[0] ?? NaN;
        expect(chance(stronger)).toBeGreaterThanOrEqual(chance(given) - 1e-9);
        expect(chance(given, 0)).toBeGreaterThanOrEqual(chance(given) - 1e-9);
        expect(chance(given, 1)).toBeLessThanOrEqual(chance(given) + 1e-9);
      }),
    );
  });

  it('is as counted in simulated matches, with a margin and unequal teams', () => {
    const players = [
      [{ mu: 27, sigma: 2 }],
      [
        { mu: 20, sigma: 5 },
        { mu: 24, sigma: 1 },
      ],
      [{ mu: 31, sigma: 6 }],
    ];
    const gaussianModel = gaussian({ mu: 25, beta: 4, drawProbability: 0.3, playerWorth: 3 });
    const { win, draw } = gaussianModel.predict(players);
    const normal = seededNormal(11);
    const margin = (n: number) => 0.38532046640756773 * Math.sqrt(n) * 4;
    const rounds = 100_000;
    const counted = [0, 0, 0, 0];
    for (let round = 0; round < rounds; round++) {
      const scores = players.map((team) =>
        sum(team.map(({ mu, sigma }) => mu - 22 + Math.hypot(sigma, 4) * normal())),
      );
      const ahead = players.findIndex((team, i) =>
        players.every(
          (other, j) =>
            i === j || (scores[i] ?? NaN) > (scores[j] ?? NaN) + margin(team.length + other.length),
        ),
      );
      counted[ahead < 0 ? 3 : ahead] = (counted[ahead < 0 ? 3 : ahead] ?? 0) + 1;
    }
    // Five standard errors of a frequency.
    [...win, draw].forEach((p, i) => {
      expect(Math.abs((counted[i] ?? NaN) / rounds - p)).toBeLessThan(5 * Math.sqrt((p * (1 - p)) / rounds));
    });
  });

  it('an absent player neither helps nor blurs', () => {
    const [good, other] = [
      { mu: 40, sigma: 3 },
      { mu: 25, sigma: 1 },
    ];
    const gaussianModel = gaussian({ drawProbability: 0 });
    const absent = gaussianModel.predict([[other, good], [other]], { playFraction: [[1, 0], [1]] });
    const alone = gaussianModel.predict([[other], [other]]);
    absent.win.forEach((p, i) => expect(p).toBeCloseTo(alone.win[i] ?? NaN, 14));
  });

  it('one more player of average skill is worth what the parameters say', () => {
    const average = gaussian().initial();
    const chance = (playerWorth: number) =>
      gaussian({ playerWorth }).predict([Array(6).fill(average), Array(5).fill(average)]).win[0] ?? NaN;
    expect(chance(0)).toBeLessThan(0.5);
    expect(chance(7)).toBeGreaterThan(0.5);
    expect(chance(7)).toBeLessThan(0.65);
    expect(chance(25)).toBeGreaterThan(chance(7) + 0.05);
  });
});

describe('places', () => {
  it('rows and columns add up to 1, and the first place is that of the prediction without ties', () => {
    fc.assert(
      fc.property(model, teams, (gaussianModel, given) => {
        const table = gaussianModel.rankProbabilities(given, { host: 1 });
        table.forEach((row, i) => {
          expect(Math.abs(sum(row) - 1)).toBeLessThan(1e-9);
          expect(Math.abs(sum(column(table, i)) - 1)).toBeLessThan(1e-7);
          for (const p of row) expect(p >= 0 && p <= 1 + 1e-12).toBe(true);
        });
        if (gaussianModel.parameters.tieProbability > 0) return;
        const { win } = gaussianModel.predict(given, { host: 1 });
        win.forEach((p, i) => expect(Math.abs((table[i]?.[0] ?? NaN) - p)).toBeLessThan(1e-9));
      }),
    );
  });

  it('equal teams have equal chances of every place', () => {
    const table = gaussian().rankProbabilities(Array(6).fill([{ mu: 25, sigma: 4 }]));
    for (const p of table.flat()) expect(p).toBeCloseTo(1 / 6, 9);
  });

  it('two teams share a draw evenly', () => {
    const players = [[{ mu: 25, sigma: 4 }], [{ mu: 30, sigma: 2 }]];
    const gaussianModel = gaussian({ drawProbability: 0.3 });
    const { win, draw } = gaussianModel.predict(players);
    const [first = NaN, second = NaN] = win.map((p) => p + draw / 2);
    expect(gaussianModel.rankProbabilities(players)).toEqual([
      [first, second],
      [second, first],
    ]);
  });

  it('places of a hundred add up, and the best is rarely last', () => {
    const given = Array.from({ length: 100 }, (_, i) => [{ mu: 20 + i / 2, sigma: 1 + (i % 7) }]);
    const table = gaussian().rankProbabilities(given);
    given.forEach((_, i) => {
      expect(Math.abs(sum(table[i] ?? []) - 1)).toBeLessThan(1e-9);
      expect(Math.abs(sum(column(table, i)) - 1)).toBeLessThan(1e-9);
    });
    expect(table[99]?.[0]).toBeGreaterThan(10 * (table[99]?.[99] ?? NaN));
  });
});

it('predicts any finite input without NaN', () => {
  const anyFinite = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.constantFrom(0, 1e6, -1e6, 1e154, Number.MAX_VALUE, -Number.MAX_VALUE, Number.MIN_VALUE),
  );
  const extreme = fc.array(
    fc.array(fc.record({ mu: anyFinite, sigma: anyFinite.map(Math.abs) }), { minLength: 1, maxLength: 3 }),
    { minLength: 2, maxLength: 5 },
  );
  const scale = fc.constantFrom(1e-300, 1e-200, 25 / 6, 1e200, Number.MAX_VALUE);
  fc.assert(
    fc.property(extreme, scale, fc.constantFrom(0, 0.1), fc.boolean(), (given, beta, p, absent) => {
      const gaussianModel = gaussian({ beta, drawProbability: p, playerWorth: 25, hostAdvantage: beta });
      const circumstances = { host: 1, ...(absent && { playFraction: given.map((t) => t.map(() => 0)) }) };
      const { win, draw } = gaussianModel.predict(given, circumstances);
      for (const value of [...win, draw]) expect(value >= 0 && value <= 1).toBe(true);
      for (const value of gaussianModel.rankProbabilities(given, circumstances).flat()) {
        expect(value >= 0 && value <= 1 + 1e-12).toBe(true);
      }
    }),
    { numRuns: 300 },
  );
});

/** Box and Muller's normal variables from a small generator with a seed. */
function seededNormal(seed: number): () => number {
  let state = seed;
  const uniform = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 4294967296;
  };
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}
