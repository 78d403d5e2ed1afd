import fc from 'fast-check';
import { normalCdf } from '../../src/numerics/truncated-normal.js';
import { plackettLuce, thurstoneMosteller, type Rating } from '../../src/index.js';
import { MODELS, singles } from './models.js';

const BETA = 25 / 6;
const rating = fc.record({
  mu: fc.double({ min: -50, max: 100, noNaN: true }),
  sigma: fc.double({ min: 0.01, max: 20, noNaN: true }),
});
const contenders: Rating[] = [
  { mu: 31, sigma: 3 },
  { mu: 25, sigma: 8 },
  { mu: 18, sigma: 1 },
  { mu: 27, sigma: 5 },
];

/** All orders of 0 … n - 1. */
function orders(n: number): number[][] {
  if (n === 0) return [[]];
  return orders(n - 1).flatMap((order) =>
    Array.from({ length: n }, (_, at) => [...order.slice(0, at), n - 1, ...order.slice(at)]),
  );
}

/** `[player][place]` of the Plackett-Luce model by its definition: the sum over all orders. */
function placesByEnumeration(players: readonly Rating[]): number[][] {
  const c = Math.sqrt(players.reduce((sum, { sigma }) => sum + sigma ** 2 + BETA ** 2, 0));
  const weights = players.map(({ mu }) => Math.exp(mu / c));
  const places = players.map(() => players.map(() => 0));
  for (const order of orders(players.length)) {
    let rest = weights.reduce((a, b) => a + b, 0);
    let probability = 1;
    for (const i of order) {
      const weight = weights[i] as number;
      probability *= weight / rest;
      rest -= weight;
    }
    order.forEach((i, place) => {
      const row = places[i] as number[];
      row[place] = (row[place] as number) + probability;
    });
  }
  return places;
}

describe('Plackett-Luce', () => {
  it('gives the probabilities of its definition', () => {
    const expected = placesByEnumeration(contenders);
    const model = plackettLuce();
    model
      .rankProbabilities(singles(...contenders))
      .forEach((row, i) => row.forEach((p, place) => expect(p).toBeCloseTo(expected[i]?.[place] ?? NaN, 12)));
    model
      .predict(singles(...contenders))
      .win.forEach((p, i) => expect(p).toBeCloseTo(expected[i]?.[0] ?? NaN, 14));
  });

  it('places as many as there are, also where one is out of sight', () => {
    const rows = plackettLuce().rankProbabilities(
      singles(...contenders, { mu: 1e9, sigma: 1 }, { mu: -1e300, sigma: 1 }, { mu: 1e5, sigma: 2 }),
    );
    expect(rows[4]?.[0]).toBeCloseTo(1, 12);
    expect(rows[6]?.[1]).toBeCloseTo(1, 12);
    expect(rows[5]?.[6]).toBeCloseTo(1, 12);
    expect(rows[0]?.[0]).toBeLessThan(1e-12);
  });
});

describe('Thurstone-Mosteller', () => {
  it('wins by the normal distribution of the difference', () => {
    const model = thurstoneMosteller({ drawProbability: 0 });
    const { win, draw } = model.predict(singles({ mu: 29, sigma: 2 }, { mu: 25, sigma: 3 }));
    expect(win[0]).toBeCloseTo(normalCdf(4 / Math.sqrt(13 + 2 * BETA ** 2)), 14);
    expect(draw).toBe(0);
  });

  it('a hopeless third changes nothing between two', () => {
    for (const drawProbability of [0, 0.2]) {
      const model = thurstoneMosteller({ drawProbability });
      const pair = contenders.slice(0, 2);
      const two = model.predict(singles(...pair));
      const three = model.predict(singles(...pair, { mu: -300, sigma: 1 }));
      two.win.forEach((p, i) => expect(three.win[i]).toBeCloseTo(p, 9));
      expect(three.draw).toBeCloseTo(two.draw, 9);
    }
  });
});

describe.each(MODELS)('%s: predictions', (name, make) => {
  const model = make();

  it('equal teams whose skills are known draw as often as the parameter says', () => {
    for (const drawProbability of [0, 0.01, 0.3, 0.9]) {
      const { win, draw } = make({ drawProbability }).predict(
        singles({ mu: 7, sigma: 0 }, { mu: 7, sigma: 0 }),
      );
      // The part-pair form of Thurstone-Mosteller doubles the deviation but not the margin.
      if (name !== 'thurstone-mosteller-part') expect(draw).toBeCloseTo(drawProbability, 12);
      expect(win[0]).toBeCloseTo((1 - draw) / 2, 12);
    }
  });

  it('the expected score is what the update compares the result with: a fair bet moves nobody on average', () => {
    if (name.startsWith('thurstone')) return;
    const fair = make({ tau: 0, drawProbability: 0.3 });
    const pair = singles(contenders[0] as Rating, contenders[1] as Rating);
    const { win, draw } = fair.predict(pair);
    const after = [
      [0, 1],
      [1, 0],
      [0, 0],
    ].map((ranks) => (fair.rate({ teams: pair, ranks }).teams[0]?.[0]?.mu as number) - 31);
    const chances = [win[0] as number, win[1] as number, draw];
    expect(after.reduce((sum, shift, i) => sum + shift * (chances[i] as number), 0)).toBeCloseTo(0, 12);
  });

  it('win and draw add up to 1, mirrored when the teams are', () => {
    fc.assert(
      fc.property(rating, rating, fc.constantFrom(0, 0.1, 0.9), (a, b, drawProbability) => {
        const drawing = make({ drawProbability });
        const { win, draw } = drawing.predict(singles(a, b));
        expect((win[0] as number) + (win[1] as number) + draw).toBeCloseTo(1, 12);
        for (const p of [...win, draw]) expect(p >= 0 && p <= 1).toBe(true);
        expect(drawing.predict(singles(b, a))).toEqual({ win: [win[1], win[0]], draw });
      }),
    );
  });

  it('a certain winner among five is certain', () => {
    const { win } = model.predict(singles(...contenders, { mu: 500, sigma: 1 }));
    expect(win[4]).toBeGreaterThan(0.999999);
  });

  it('rows and columns of the rank probabilities add up to 1, the first column is who wins', () => {
    const certain = make({ drawProbability: 0 });
    fc.assert(
      fc.property(fc.array(rating, { minLength: 2, maxLength: 5 }), (players) => {
        const rows = certain.rankProbabilities(singles(...players));
        const { win, draw } = certain.predict(singles(...players));
        const sum = win.reduce((a, b) => a + b, draw);
        expect(sum).toBeCloseTo(1, 9);
        players.forEach((_, i) => {
          expect(rows[i]?.reduce((a, b) => a + b)).toBeCloseTo(1, 9);
          expect(rows.reduce((column, row) => column + (row[i] as number), 0)).toBeCloseTo(1, 9);
          expect(rows[i]?.[0]).toBeCloseTo(win[i] as number, 7);
        });
      }),
      { numRuns: 15 },
    );
  });

  it('a draw shares both places', () => {
    const drawing = make({ drawProbability: 0.4 });
    const pair = singles({ mu: 30, sigma: 1 }, { mu: 25, sigma: 1 });
    const { win, draw } = drawing.predict(pair);
    expect(drawing.rankProbabilities(pair)[0]).toEqual([
      (win[0] as number) + draw / 2,
      (win[1] as number) + draw / 2,
    ]);
  });

  it('knows who is at home and who plays only a part', () => {
    const home = make({ hostAdvantage: 3 });
    const even = singles(contenders[1] as Rating, contenders[1] as Rating);
    expect(home.predict(even, { host: 1 }).win[1]).toBeGreaterThan(0.5);
    expect(home.predict(even, { host: 1 })).toEqual(
      model.predict(singles(contenders[1] as Rating, { mu: 28, sigma: 8 })),
    );
    const alone = model.predict([[...contenders.slice(0, 1)], [...contenders.slice(1, 2)]]);
    const withAbsent = model.predict([contenders.slice(0, 2), contenders.slice(1, 2)], {
      playFraction: [[1, 0], [1]],
    });
    expect(withAbsent).toEqual(alone);
    expect(() => model.predict(even, { host: 2 })).toThrow(/^circumstances\.host:/);
    expect(() => model.rankProbabilities(even, { playFraction: [[1]] })).toThrow(
      /^circumstances\.playFraction/,
    );
  });

  it('is finite for any finite input', () => {
    const extremes = [0, 1e6, 1e154, Number.MAX_VALUE, -Number.MAX_VALUE, Number.MIN_VALUE];
    for (const mu of extremes) {
      for (const sigma of extremes.map(Math.abs)) {
        const players = singles({ mu, sigma }, { mu: 25, sigma: 8 }, { mu: -mu, sigma: 1 });
        for (const group of [players, players.slice(0, 2)]) {
          const { win, draw } = model.predict(group);
          for (const p of [...win, draw, ...model.rankProbabilities(group).flat()]) {
            expect(p >= 0 && p <= 1).toBe(true);
          }
        }
      }
    }
  });

  it('quality is 1 for equal teams of known skill, less the less is known and the more they differ', () => {
    const quality = (gap: number, sigma: number) =>
      model.quality(singles({ mu: 25 + gap, sigma }, { mu: 25, sigma }, { mu: 25, sigma }));
    expect(quality(0, 0)).toBeCloseTo(1, 12);
    expect(quality(0, 3)).toBeLessThan(quality(0, 1));
    expect(quality(5, 1)).toBeLessThan(quality(0, 1));
    expect(quality(1e9, 1)).toBe(0);
    const pair = model.quality(singles({ mu: 30, sigma: 0 }, { mu: 25, sigma: 0 }));
    expect(pair).toBeCloseTo(Math.exp(-25 / (4 * BETA ** 2)), 12);
    expect(() => model.quality([[]])).toThrow(/^teams:/);
  });
});
