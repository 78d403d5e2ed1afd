import fc from 'fast-check';
import type { Rating } from '../../src/index.js';
import { MODELS, singles } from './models.js';

const rating = fc.record({
  mu: fc.double({ min: -50, max: 100, noNaN: true }),
  sigma: fc.double({ min: 0.01, max: 20, noNaN: true }),
});
const team = fc.array(rating, { minLength: 1, maxLength: 5 });
const teams = fc.array(team, { minLength: 2, maxLength: 8 });
const anyFinite = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(0, 1e6, -1e6, 1e154, Number.MAX_VALUE, -Number.MAX_VALUE, Number.MIN_VALUE),
);
const anyRating = fc.record({ mu: anyFinite, sigma: anyFinite.map(Math.abs) });
const inOrder = (list: readonly unknown[]) => list.map((_, i) => i);
const good = { mu: 25, sigma: 25 / 3 };

describe.each(MODELS)('%s: what a match does to a rating', (name, make) => {
  const model = make();

  it('the first never loses skill and the last never gains any, whatever was expected', () => {
    fc.assert(
      fc.property(teams, (given) => {
        const rated = model.rate({ teams: given, ranks: inOrder(given) }).teams;
        given[0]?.forEach(({ mu }, j) => expect(rated[0]?.[j]?.mu).toBeGreaterThanOrEqual(mu));
        given.at(-1)?.forEach(({ mu }, j) => expect(rated.at(-1)?.[j]?.mu).toBeLessThanOrEqual(mu));
      }),
    );
  });

  it('no uncertainty grows by more than the dynamics add', () => {
    fc.assert(
      fc.property(teams, fc.constantFrom(0, 0.5, 3), fc.boolean(), (given, tau, tie) => {
        const ranks = given.map((_, i) => (tie ? i >> 1 : i));
        const rated = make({ tau }).rate({ teams: given, ranks }).teams.flat();
        given.flat().forEach(({ sigma }, i) => {
          expect(rated[i]?.sigma).toBeGreaterThan(0);
          expect(rated[i]?.sigma).toBeLessThanOrEqual(Math.sqrt(sigma ** 2 + tau ** 2) * (1 + 1e-15));
        });
      }),
    );
  });

  it('the order in which teams and players are given makes no difference', () => {
    fc.assert(
      fc.property(teams, fc.infiniteStream(fc.nat()), (given, stream) => {
        const order = given.map((_, i) => ({ i, key: stream.next().value })).sort((a, b) => a.key - b.key);
        const forward = model.rate({ teams: given, ranks: inOrder(given) }).teams;
        const shuffled = model.rate({
          teams: order.map(({ i }) => [...(given[i] ?? [])].reverse()),
          ranks: order.map(({ i }) => i),
        }).teams;
        order.forEach(({ i }, position) =>
          [...(shuffled[position] ?? [])].reverse().forEach((after, j) => {
            expect(after.mu).toBeCloseTo(forward[i]?.[j]?.mu ?? NaN, 9);
            expect(after.sigma).toBeCloseTo(forward[i]?.[j]?.sigma ?? NaN, 9);
          }),
        );
      }),
    );
  });

  it('only the order of the ranks counts', () => {
    fc.assert(
      fc.property(teams, (given) => {
        const plain = model.rate({ teams: given, ranks: inOrder(given) });
        expect(model.rate({ teams: given, ranks: given.map((_, i) => (i - 3) * 1e9) })).toEqual(plain);
      }),
    );
  });

  it('gives finite skills and positive uncertainties for any finite input', () => {
    const extreme = fc.array(fc.array(anyRating, { minLength: 1, maxLength: 4 }), {
      minLength: 2,
      maxLength: 6,
    });
    const scale = fc.constantFrom(1e-300, 1e-200, 1e-3, 25 / 6, 1e9, 1e200, Number.MAX_VALUE);
    fc.assert(
      fc.property(extreme, scale, anyFinite, fc.boolean(), (given, beta, playerWorth, tie) => {
        const extremeModel = make({ beta, tau: 0, playerWorth, drawProbability: 0.2 });
        const ranks = given.map((_, i) => (tie ? i >> 1 : i));
        const rated = extremeModel.rate({ teams: given, ranks, matchImportance: 3 }).teams.flat();
        given.flat().forEach((before, i) => {
          const after = rated[i] as Rating;
          expect(Number.isFinite(after.mu)).toBe(true);
          expect(Number.isFinite(after.sigma)).toBe(true);
          expect(after.sigma > 0 || before.sigma === 0).toBe(true);
          expect(after.sigma).toBeLessThanOrEqual(before.sigma * (1 + 1e-12));
        });
        const quality = extremeModel.quality(given);
        expect(quality >= 0 && quality <= 1).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  it('knows a surprise when 25 beats a million, and learns nothing when a million beats 25', () => {
    const [weak, strong] = [good, { mu: 1e6, sigma: 25 / 3 }];
    const upset = model.rate({ teams: singles(weak, strong), ranks: [0, 1] }).teams;
    expect(upset[0]?.[0]?.mu).toBeGreaterThan(29);
    expect(upset[1]?.[0]?.mu).toBeLessThan(1e6 - 4);
    const expected = model.rate({ teams: singles(weak, strong), ranks: [1, 0] }).teams;
    expect(expected[0]?.[0]?.mu).toBe(25);
    expect(expected[1]?.[0]?.mu).toBe(1e6);
  });

  it('a hundred teams whose ranking is the reverse of what was expected', () => {
    const given = Array.from({ length: 100 }, (_, i) => [{ mu: 1000 * i, sigma: 8 }]);
    const rated = model.rate({ teams: given, ranks: inOrder(given) }).teams.flat();
    for (const { mu, sigma } of rated) {
      expect(Number.isFinite(mu)).toBe(true);
      expect(sigma).toBeGreaterThan(0);
    }
    expect(rated[0]?.mu).toBeGreaterThan(0);
    expect(rated[99]?.mu).toBeLessThan(99_000);
  });

  it('a match of importance 0 only adds the dynamics', () => {
    const given = [[good, { mu: 30, sigma: 2 }], [good], [good]];
    const rated = model.rate({ teams: given, ranks: [2, 0, 1], matchImportance: 0 }).teams;
    rated.flat().forEach((after, i) => {
      const before = given.flat()[i] as Rating;
      expect(after.mu).toBe(before.mu);
      expect(after.sigma).toBeCloseTo(Math.hypot(before.sigma, model.parameters.tau), 13);
    });
  });

  it('the more a match counts the more it moves, within bounds, and 1 is what counts when nothing is said', () => {
    const given = singles(good, { mu: 28, sigma: 4 }, good);
    const ranks = [0, 1, 2];
    const moved = [0.25, 0.5, 1, 2, 10, 1e6, Number.MAX_VALUE].map(
      (matchImportance) => model.rate({ teams: given, ranks, matchImportance }).teams[0]?.[0] as Rating,
    );
    for (let i = 1; i < moved.length; i++) {
      expect(moved[i]?.mu).toBeGreaterThanOrEqual(moved[i - 1]?.mu as number);
      expect(moved[i]?.sigma).toBeLessThanOrEqual(moved[i - 1]?.sigma as number);
    }
    expect(moved.at(-1)?.mu).toBeLessThan(200);
    expect(moved[2]).toEqual(model.rate({ teams: given, ranks }).teams[0]?.[0]);
  });

  it('who played no part keeps his skill; half a match moves a player less than a whole one', () => {
    const given = [
      [good, good],
      [good, good],
      [good, good],
    ];
    const part = (fraction: number) =>
      model.rate({
        teams: given,
        ranks: [0, 1, 2],
        playFraction: given.map((_, i) => (i === 0 ? [fraction, 1] : [1, 1])),
      }).teams[0]?.[0] as Rating;
    expect(part(0).mu).toBe(25);
    expect(part(0).sigma).toBeCloseTo(Math.hypot(good.sigma, model.parameters.tau), 13);
    expect(part(0.5).mu).toBeGreaterThan(25);
    expect(part(0.5).mu).toBeLessThan(part(1).mu);
    expect(part(0.5).sigma).toBeGreaterThan(part(1).sigma);
    expect(part(1)).toEqual(model.rate({ teams: given, ranks: [0, 1, 2] }).teams[0]?.[0]);
  });

  it('a win away from home is worth more than one at home', () => {
    const home = make({ hostAdvantage: 4 });
    const match = { teams: singles(good, good), ranks: [0, 1] };
    const [hosting, neutral, visiting] = [0, undefined, 1].map(
      (host) => home.rate({ ...match, ...(host !== undefined && { host }) }).teams[0]?.[0]?.mu as number,
    );
    expect(hosting).toBeLessThan(neutral as number);
    expect(neutral).toBeLessThan(visiting as number);
    // The advantage is the same as so much more skill.
    const stronger = model.rate({ teams: singles({ ...good, mu: 29 }, good), ranks: [0, 1] }).teams[0]?.[0];
    expect(hosting).toBeCloseTo((stronger?.mu as number) - 4, 10);
  });

  it('how many play may count or not', () => {
    const given = [[good, good, good], [good]];
    expect(make().predict(given).win[0]).toBeGreaterThan(0.8);
    const even = make({ playerWorth: 0 }).predict(given).win;
    expect(even[0]).toBeCloseTo(even[1] as number, 12);
  });

  it('scores must fit the ranks and say nothing more', () => {
    const match = { teams: singles(good, good), ranks: [0, 1] };
    expect(model.rate({ ...match, scores: [7, 0] })).toEqual(model.rate(match));
    expect(() => model.rate({ ...match, scores: [0, 7] })).toThrow(/^match\.scores/);
  });

  it('leaves its input alone, and gives the same bits from a model made from its parameters', () => {
    fc.assert(
      fc.property(teams, (given) => {
        const match = { teams: given, ranks: given.map((_, i) => i % 3) };
        const before = JSON.stringify(match);
        const rated = model.rate(match);
        expect(JSON.stringify(match)).toBe(before);
        expect(make(model.parameters).rate(match)).toEqual(rated);
      }),
      { numRuns: 20 },
    );
    expect(model.name).toBe(name);
  });
});

describe('ties', () => {
  it.each(MODELS)('%s: equal teams that draw stay equal, and unequal ones move together', (_name, make) => {
    const model = make({ drawProbability: 0.2 });
    const even = model.rate({ teams: singles(good, good, good), ranks: [1, 1, 1] }).teams.flat();
    for (const { mu, sigma } of even) {
      expect(mu).toBeCloseTo(25, 12);
      expect(sigma).toBeCloseTo(even[0]?.sigma as number, 12);
    }
    const [weak, strong] = model.rate({
      teams: singles({ mu: 20, sigma: 3 }, { mu: 30, sigma: 3 }),
      ranks: [4, 4],
    }).teams;
    expect(weak?.[0]?.mu).toBeGreaterThan(20);
    expect(strong?.[0]?.mu).toBeLessThan(30);
  });

  it('Plackett-Luce: a place shared in the middle keeps the sum of the steps at 0', () => {
    const [model] = MODELS.map(([, make]) => make({ tau: 0 }));
    const given = singles(good, { mu: 31, sigma: 8 }, { mu: 18, sigma: 8 }, { mu: 25, sigma: 8 }, good);
    const rated = model?.rate({ teams: given, ranks: [0, 2, 2, 2, 5] }).teams.flat() ?? [];
    // Slopes of a likelihood that depends on differences alone add up to 0.
    const sum = rated.reduce((s, { mu }, i) => {
      const before = given.flat()[i] as Rating;
      return s + (mu - before.mu) / before.sigma ** 2;
    }, 0);
    expect(Math.abs(sum)).toBeLessThan(1e-14);
  });

  it('Plackett-Luce far apart: both ways to sum give the same where both work', () => {
    const [model] = MODELS.map(([, make]) => make({ tau: 0, beta: 1 }));
    const spread = (gap: number) =>
      model
        ?.rate({
          teams: singles(...[0, 1, 2, 3].map((i) => ({ mu: i * gap, sigma: 1 }))),
          ranks: [0, 1, 2, 3],
        })
        .teams.flat() ?? [];
    // The way changes where the strengths span 300 deviations: c is the root of 8.
    const [below, above] = [
      spread((299.9999999 / 3) * Math.sqrt(8)),
      spread((300.0000001 / 3) * Math.sqrt(8)),
    ];
    below.forEach((rating, i) => {
      const shift = rating.mu - i * (299.9999999 / 3) * Math.sqrt(8);
      const other = (above[i]?.mu as number) - i * (300.0000001 / 3) * Math.sqrt(8);
      expect(shift).toBeCloseTo(other, 9);
      expect(rating.sigma).toBeCloseTo(above[i]?.sigma as number, 9);
    });
  });
});

describe('idle time', () => {
  it.each(MODELS)(
    '%s: uncertainty grows with the root of the days, up to that of a new player',
    (_name, make) => {
      const model = make({ tauPerDay: 0.5 });
      expect(model.aged({ mu: 31, sigma: 2 }, 16)).toEqual({ mu: 31, sigma: Math.sqrt(8) });
      expect(model.aged({ mu: 31, sigma: 2 }, 0)).toEqual({ mu: 31, sigma: 2 });
      expect(model.aged({ mu: 31, sigma: 2 }, 1e300).sigma).toBe(25 / 3);
      expect(model.aged({ mu: 31, sigma: 12 }, 5).sigma).toBe(12);
      expect(make().aged({ mu: 31, sigma: 2 }, 1000).sigma).toBe(2);
      expect(() => model.aged(good, -1)).toThrow(/^days:/);
      expect(() => model.aged({ mu: NaN, sigma: 1 }, 1)).toThrow(/^rating\.mu:/);
    },
  );
});
