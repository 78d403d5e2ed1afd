import fc from 'fast-check';
import { glicko2, ratingModel, type Rating } from '../../src/index.js';
import { seeded } from '../history/histories.js';

const model = glicko2();
const new1500 = { mu: 1500, sigma: 350, volatility: 0.06 };
const settled = { mu: 1700, sigma: 40, volatility: 0.05 };
const rating = fc.record({
  mu: fc.double({ min: 500, max: 2800, noNaN: true }),
  sigma: fc.double({ min: 20, max: 350, noNaN: true }),
  volatility: fc.double({ min: 0.02, max: 0.2, noNaN: true }),
});
const teams = fc.array(fc.array(rating, { minLength: 1, maxLength: 5 }), { minLength: 2, maxLength: 6 });
const inOrder = (list: readonly unknown[]) => list.map((_, i) => i);

describe('a match as a rating period', () => {
  it("is the paper's update between two players", () => {
    const rated = model.rate({ teams: [[new1500], [settled]], ranks: [0, 1] }).teams;
    expect(rated[0]?.[0]).toEqual(model.ratePlayer(new1500, [{ opponent: settled, score: 1 }]));
    expect(rated[1]?.[0]).toEqual(model.ratePlayer(settled, [{ opponent: new1500, score: 0 }]));
    const drawn = model.rate({ teams: [[new1500], [settled]], ranks: [3, 3] }).teams;
    expect(drawn[0]?.[0]).toEqual(model.ratePlayer(new1500, [{ opponent: settled, score: 0.5 }]));
  });

  it('is a game against every other in a free-for-all, but for the volatility', () => {
    const third = { mu: 1400, sigma: 90, volatility: 0.06 };
    const rated = model.rate({ teams: [[third], [new1500], [settled]], ranks: [1, 1, 0] }).teams;
    const expected = model.ratePlayer(third, [
      { opponent: new1500, score: 0.5 },
      { opponent: settled, score: 0 },
    ]);
    expect(rated[0]?.[0]?.mu).toBeCloseTo(expected.mu, 4);
    expect(rated[0]?.[0]?.sigma).toBeCloseTo(expected.sigma, 4);
  });

  it('keeps its scale in races of many, whose games are not independent', () => {
    const next = seeded(5);
    const drivers = Array.from({ length: 40 }, () => ({ skill: 300 * next(), rating: model.initial() }));
    for (let race = 0; race < 300; race++) {
      const field = drivers
        .map((driver) => ({ driver, key: next(), finish: driver.skill + 700 * next() }))
        .sort((a, b) => a.key - b.key)
        .slice(0, 20)
        .sort((a, b) => b.finish - a.finish);
      const { teams } = model.rate({
        teams: field.map(({ driver }) => [driver.rating]),
        ranks: field.map((_, place) => place),
      });
      field.forEach(({ driver }, i) => (driver.rating = teams[i]?.[0] ?? driver.rating));
    }
    for (const { rating } of drivers) {
      expect(Math.abs(rating.mu - 1500)).toBeLessThan(1500);
      expect(rating.volatility).toBeLessThan(1);
    }
  });

  it('gives a team mate who is less certain the larger part of what a team gains', () => {
    const [won] = model.rate({
      teams: [
        [new1500, settled],
        [settled, settled],
      ],
      ranks: [0, 1],
    }).teams;
    expect((won?.[0]?.mu as number) - 1500).toBeGreaterThan(20 * ((won?.[1]?.mu as number) - 1700));
    expect(won?.[1]?.mu).toBeGreaterThan(1700);
  });

  it('the first never loses points, the last never gains any, nobody is less certain than volatility makes him', () => {
    fc.assert(
      fc.property(teams, (given) => {
        const rated = model.rate({ teams: given, ranks: inOrder(given) }).teams;
        given[0]?.forEach(({ mu }, j) => expect(rated[0]?.[j]?.mu).toBeGreaterThanOrEqual(mu));
        given.at(-1)?.forEach(({ mu }, j) => expect(rated.at(-1)?.[j]?.mu).toBeLessThanOrEqual(mu));
        given.flat().forEach(({ sigma }, i) => {
          const after = rated.flat()[i] as Rating;
          const most = Math.hypot(sigma, (after.volatility as number) * 173.7178);
          expect(after.sigma).toBeLessThanOrEqual(Math.min(most, 350) * (1 + 1e-14));
        });
      }),
    );
  });

  it('the order in which teams and players are given makes no difference', () => {
    fc.assert(
      fc.property(teams, (given) => {
        const forward = model.rate({ teams: given, ranks: inOrder(given) }).teams;
        const backward = model.rate({
          teams: [...given].reverse().map((team) => [...team].reverse()),
          ranks: inOrder(given).reverse(),
        }).teams;
        forward.flat().forEach((after, i) => {
          const other = backward
            .map((team) => [...team].reverse())
            .reverse()
            .flat()[i] as Rating;
          expect(other.mu).toBeCloseTo(after.mu, 7);
          expect(other.sigma).toBeCloseTo(after.sigma, 7);
          expect(other.volatility).toBeCloseTo(after.volatility as number, 12);
        });
      }),
    );
  });

  it('importance 0 and a part of nothing leave the rating, but for a period of idleness', () => {
    const idle = model.ratePlayer(settled, []);
    const match = { teams: [[settled, settled], [new1500]], ranks: [0, 1] };
    expect(model.rate({ ...match, matchImportance: 0 }).teams[0]?.[0]).toEqual(idle);
    const absent = model.rate({ ...match, playFraction: [[0, 1], [1]] }).teams[0]?.[0];
    expect(absent).toEqual(idle);
  });

  it("the more a match or a player's part counts the more it moves", () => {
    const match = { teams: [[settled, settled], [new1500]], ranks: [0, 1] };
    const gain = (matchImportance: number, part: number) =>
      model.rate({ ...match, matchImportance, playFraction: [[part, 1], [1]] }).teams[0]?.[0]?.mu as number;
    expect(gain(0.5, 1)).toBeLessThan(gain(1, 1));
    expect(gain(1, 1)).toBeLessThan(gain(3, 1));
    expect(gain(1, 0.5)).toBeLessThan(gain(1, 1));
  });

  it('gives finite numbers for any finite input', () => {
    const anyFinite = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.constantFrom(0, 1e6, -1e6, 1e154, Number.MAX_VALUE, -Number.MAX_VALUE, Number.MIN_VALUE),
    );
    const anyRating = fc.record({
      mu: anyFinite,
      sigma: anyFinite.map(Math.abs),
      volatility: anyFinite.map((x) => Math.abs(x) || 1),
    });
    const extreme = fc.array(fc.array(anyRating, { minLength: 1, maxLength: 3 }), {
      minLength: 2,
      maxLength: 5,
    });
    fc.assert(
      fc.property(extreme, anyFinite.map(Math.abs), (given, matchImportance) => {
        for (const after of model
          .rate({ teams: given, ranks: inOrder(given), matchImportance })
          .teams.flat()) {
          expect(Number.isFinite(after.mu)).toBe(true);
          expect(after.sigma > 0 && after.sigma < Infinity).toBe(true);
          expect((after.volatility as number) > 0 && (after.volatility as number) < Infinity).toBe(true);
        }
        const quality = model.quality(given);
        expect(quality >= 0 && quality <= 1).toBe(true);
        const { win, draw } = model.predict(given.slice(0, 2));
        for (const p of [...win, draw]) expect(p >= 0 && p <= 1).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it('scores must fit the ranks and say nothing more', () => {
    const match = { teams: [[settled], [new1500]], ranks: [0, 1] };
    expect(model.rate({ ...match, scores: [3, 1] })).toEqual(model.rate(match));
    expect(() => model.rate({ ...match, scores: [1, 3] })).toThrow(/^match\.scores/);
  });
});

describe('predictions', () => {
  it('are the expected score, flattened by the uncertainty of both', () => {
    const g = 1 / Math.sqrt(1 + (3 * (350 ** 2 + 40 ** 2)) / (Math.PI * 173.7178) ** 2);
    const { win, draw } = model.predict([[settled], [new1500]]);
    expect(win[0]).toBeCloseTo(1 / (1 + Math.exp((-g * 200) / 173.7178)), 14);
    expect(draw).toBe(0);
    // Elo's own scale: 400 points are ten to one.
    const [strong, weak] = [1900, 1500].map((mu) => [{ mu, sigma: 0 }]) as [Rating[], Rating[]];
    expect(model.predict([strong, weak]).win[0]).toBeCloseTo(10 / 11, 6);
  });

  it('a draw takes the same from both sides, and never more than there is', () => {
    for (const drawProbability of [0.1, 0.5, 0.99]) {
      const drawing = glicko2({ drawProbability });
      expect(drawing.predict([[settled], [settled]]).draw).toBeCloseTo(drawProbability, 12);
      for (const gap of [0, 100, 400, 5000]) {
        const pair = [[{ ...settled, mu: 1700 + gap }], [settled]];
        const { win, draw } = drawing.predict(pair);
        for (const p of [...win, draw]) expect(p >= 0 && p <= 1).toBe(true);
        expect((win[0] as number) + draw / 2).toBeCloseTo(model.predict(pair).win[0] as number, 12);
        expect((win[0] as number) + (win[1] as number) + draw).toBeCloseTo(1, 12);
      }
    }
  });

  it('of a race agree with those of its pairs', () => {
    const pair = [[settled], [{ mu: 1600, sigma: 80 }]];
    const hopeless = [{ mu: -9000, sigma: 10 }];
    const { win, draw } = model.predict([...pair, hopeless]);
    expect(draw).toBe(0);
    expect(Math.abs((win[0] as number) - (model.predict(pair).win[0] as number))).toBeLessThan(0.0096);
    const rows = model.rankProbabilities([...pair, hopeless, [settled]]);
    rows.forEach((row, i) => {
      expect(row.reduce((a, b) => a + b)).toBeCloseTo(1, 9);
      expect(rows.reduce((sum, other) => sum + (other[i] as number), 0)).toBeCloseTo(1, 9);
    });
    expect(rows[2]?.[3]).toBeCloseTo(1, 9);
    expect(rows[0]?.[0]).toBeCloseTo(rows[3]?.[0] as number, 9);
  });

  it('know who is at home, who plays a part, and how many play', () => {
    const home = glicko2({ hostAdvantage: 200 });
    expect(home.predict([[settled], [settled]], { host: 0 }).win[0]).toBeCloseTo(
      home.predict([[{ ...settled, mu: 1900 }], [settled]]).win[0] as number,
      12,
    );
    const two = [[settled, settled], [settled]];
    expect(model.predict(two).win[0]).toBeGreaterThan(0.6);
    expect(glicko2({ playerWorth: 0, mu: 1700 }).predict(two).win[0]).toBeCloseTo(0.5, 12);
    expect(model.rankProbabilities(two)[0]?.[0]).toBe(model.predict(two).win[0]);
    const absent = model.predict(two, { playFraction: [[1, 0], [1]] });
    expect(absent.win[0]).toBeLessThan(model.predict(two).win[0] as number);
  });

  it('quality is 1 for equals who are known, less for others', () => {
    const known = { mu: 1500, sigma: 0 };
    expect(model.quality([[known], [known]])).toBeCloseTo(1, 12);
    expect(model.quality([[new1500], [known]])).toBeLessThan(
      model.quality([[settled], [{ ...settled, mu: 1650 }]]),
    );
  });
});

describe('idle time', () => {
  it('adds a period of uncertainty per periodDays, by fractions, up to a new player', () => {
    const weekly = glicko2({ periodDays: 7 });
    const period = weekly.aged(settled, 7);
    expect(period.sigma).toBeCloseTo(weekly.ratePlayer(settled, []).sigma, 10);
    expect(weekly.aged(weekly.aged(settled, 3), 4).sigma).toBeCloseTo(period.sigma, 10);
    expect(weekly.aged(settled, 1e9)).toEqual({ ...settled, sigma: 350 });
    expect(weekly.aged({ mu: 1, sigma: 500 }, 70)).toEqual({ mu: 1, sigma: 500, volatility: 0.06 });
    expect(weekly.aged(settled, 0)).toEqual(settled);
    expect(() => weekly.aged(settled, -1)).toThrow(/^days:/);
  });
});

describe('configuration', () => {
  it('is made by name with the published defaults, and again from its own parameters', () => {
    const made = ratingModel({ model: 'glicko2' });
    expect(made.parameters).toMatchObject({ mu: 1500, sigma: 350, volatility: 0.06, tau: 0.5 });
    expect(made.initial()).toEqual(new1500);
    expect(ratingModel({ model: 'glicko2', ...made.parameters }).parameters).toEqual(made.parameters);
    expect(() => Object.assign(model.parameters, { tau: 1 })).toThrow(TypeError);
  });

  it('shows a new player at 1500, and points as they are', () => {
    expect(model.displayRating(new1500)).toBe(1500);
    expect(model.displayRating({ ...new1500, sigma: 300 })).toBe(1650);
    expect(model.ordinal(settled)).toBe(1580);
    expect(model.pointsPerUnit).toBe(1);
  });

  it.each<[string, object, RegExp]>([
    ['an unknown parameter', { beta: 3 }, /^rating\.beta: unknown parameter/],
    ['sigma 0', { sigma: 0 }, /^rating\.sigma:/],
    ['volatility 0', { volatility: 0 }, /^rating\.volatility:/],
    ['negative tau', { tau: -1 }, /^rating\.tau:/],
    ['no days', { periodDays: 0 }, /^rating\.periodDays:/],
    ['draws always', { drawProbability: 1 }, /^rating\.drawProbability:/],
    ['a text', { mu: '1500' }, /^rating\.mu:/],
    ['NaN', { hostAdvantage: NaN }, /^rating\.hostAdvantage:/],
  ])('refuses %s', (_name, parameters, message) => {
    expect(() => ratingModel({ model: 'glicko2', ...parameters })).toThrow(message);
  });

  it('refuses volatilities that are none, and says where', () => {
    const match = { teams: [[settled], [settled, { ...settled, volatility: -1 }]], ranks: [0, 1] };
    expect(() => model.rate(match)).toThrow(/^match\.teams\[1\]\[1\]\.volatility:/);
    expect(() => model.predict(match.teams)).toThrow(/^teams\[1\]\[1\]\.volatility:/);
    expect(() => model.aged({ ...settled, volatility: Infinity }, 1)).toThrow(/^rating\.volatility:/);
    expect(() => model.rate({ teams: [[{ mu: 1, sigma: NaN }], [settled]], ranks: [0, 1] })).toThrow(
      /^match\.teams\[0\]\[0\]\.sigma:/,
    );
  });
});
