import fc from 'fast-check';
import { gaussian, type Rating } from '../src/index.js';

const rating = fc.record({
  mu: fc.double({ min: -50, max: 100, noNaN: true }),
  sigma: fc.double({ min: 0.01, max: 20, noNaN: true }),
});
/** Any finite number at all, with the ends of the range. */
const anyFinite = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(0, 1e6, -1e6, 1e154, Number.MAX_VALUE, -Number.MAX_VALUE, Number.MIN_VALUE),
);
const anyRating = fc.record({ mu: anyFinite, sigma: anyFinite.map(Math.abs) });
const team = fc.array(rating, { minLength: 1, maxLength: 6 });
const drawProbability = fc.constantFrom(0, 1e-12, 0.1, 0.5, 0.99);
const tau = fc.constantFrom(0, 25 / 300, 1);
const model = fc.record({ drawProbability, tau }).map(gaussian);

const flatten = (teams: Rating[][]) => teams.flat();

describe('two teams', () => {
  it("the winners' mu never falls and the losers' never rises", () => {
    fc.assert(
      fc.property(model, team, team, (gaussianModel, winners, losers) => {
        const rated = gaussianModel.rate({ teams: [winners, losers], ranks: [0, 1] }).teams;
        winners.forEach((before, i) => expect(rated[0]?.[i]?.mu).toBeGreaterThanOrEqual(before.mu));
        losers.forEach((before, i) => expect(rated[1]?.[i]?.mu).toBeLessThanOrEqual(before.mu));
      }),
    );
  });

  it('equal teams move by the same amount in opposite directions, and not at all in a draw', () => {
    fc.assert(
      fc.property(model, team, (gaussianModel, players) => {
        const decided = gaussianModel.rate({ teams: [players, players], ranks: [0, 1] }).teams;
        const drawn = gaussianModel.rate({ teams: [players, players], ranks: [0, 0] }).teams;
        players.forEach(({ mu }, i) => {
          const [up, down] = [(decided[0]?.[i]?.mu ?? NaN) - mu, mu - (decided[1]?.[i]?.mu ?? NaN)];
          expect(Math.abs(up - down)).toBeLessThanOrEqual(1e-12 * Math.max(1, Math.abs(mu)));
          expect(decided[0]?.[i]?.sigma).toBe(decided[1]?.[i]?.sigma);
          expect(Math.abs((drawn[0]?.[i]?.mu ?? NaN) - mu)).toBeLessThanOrEqual(
            1e-12 * Math.max(1, Math.abs(mu)),
          );
        });
      }),
    );
  });

  it('the order in which the two teams are given makes no difference, to the last bit', () => {
    fc.assert(
      fc.property(model, team, team, fc.integer({ min: -1, max: 1 }), (gaussianModel, a, b, order) => {
        const forward = gaussianModel.rate({ teams: [a, b], ranks: [0, order] }).teams;
        const backward = gaussianModel.rate({ teams: [b, a], ranks: [order, 0] }).teams;
        expect(backward).toEqual([forward[1], forward[0]]);
      }),
    );
  });

  it('a mean of -0 is one of 0, to the last bit', () => {
    const even = gaussian({ tau: 0, drawProbability: 0 });
    const [a, b] = [-0, 0].map((mu) => [
      { mu, sigma: 0.01 },
      { mu: 0, sigma: 0.01 },
    ]) as [Rating[], Rating[]];
    const forward = even.rate({ teams: [a, b], ranks: [0, 0] }).teams;
    const backward = even.rate({ teams: [b, a], ranks: [0, 0] }).teams;
    expect(forward.flat().map(({ mu }) => mu)).toEqual([0, 0, 0, 0]);
    expect(backward).toEqual(forward);
  });

  it('win, draw and loss are probabilities that add up to 1, mirrored when the teams are', () => {
    fc.assert(
      fc.property(model, team, team, (gaussianModel, a, b) => {
        const { win, draw } = gaussianModel.predict([a, b]);
        const mirrored = gaussianModel.predict([b, a]);
        expect((win[0] ?? NaN) + (win[1] ?? NaN) + draw).toBeCloseTo(1, 12);
        for (const p of [...win, draw]) {
          expect(p).toBeGreaterThanOrEqual(0);
          expect(p).toBeLessThanOrEqual(1);
        }
        expect(mirrored).toEqual({ win: [win[1], win[0]], draw });
      }),
    );
  });
});

describe('any number of teams', () => {
  const teams = fc.array(team, { minLength: 2, maxLength: 8 });

  it('the order in which players and untied teams are given makes no difference', () => {
    fc.assert(
      fc.property(model, teams, fc.infiniteStream(fc.nat()), (gaussianModel, given, stream) => {
        const ranks = given.map((_, i) => i);
        const order = given.map((_, i) => ({ i, key: stream.next().value })).sort((a, b) => a.key - b.key);
        const forward = gaussianModel.rate({ teams: given, ranks }).teams;
        const shuffled = gaussianModel.rate({
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

  it('the first never falls, the last never rises', () => {
    fc.assert(
      fc.property(model, teams, (gaussianModel, given) => {
        const rated = gaussianModel.rate({ teams: given, ranks: given.map((_, i) => i) }).teams;
        given[0]?.forEach(({ mu }, j) => expect(rated[0]?.[j]?.mu).toBeGreaterThanOrEqual(mu - 1e-9));
        given.at(-1)?.forEach(({ mu }, j) => expect(rated.at(-1)?.[j]?.mu).toBeLessThanOrEqual(mu + 1e-9));
      }),
    );
  });

  it('only the order of the ranks counts', () => {
    fc.assert(
      fc.property(model, teams, (gaussianModel, given) => {
        const plain = gaussianModel.rate({ teams: given, ranks: given.map((_, i) => i) });
        const odd = gaussianModel.rate({ teams: given, ranks: given.map((_, i) => (i - 3) * 1e9) });
        expect(odd).toEqual(plain);
      }),
    );
  });

  it('the same input gives the same bits, and whole play fractions the bits of none', () => {
    fc.assert(
      fc.property(model, teams, (gaussianModel, given) => {
        const match = { teams: given, ranks: given.map((_, i) => i % 3) };
        const playFraction = given.map((players) => players.map(() => 1));
        expect(gaussian(gaussianModel.parameters).rate(match)).toEqual(gaussianModel.rate(match));
        expect(gaussianModel.rate({ ...match, playFraction })).toEqual(gaussianModel.rate(match));
      }),
    );
  });

  it('quality lies between 0 and 1 and does not depend on the order of the teams', () => {
    fc.assert(
      fc.property(model, teams, (gaussianModel, given) => {
        const quality = gaussianModel.quality(given);
        expect(quality).toBeGreaterThanOrEqual(0);
        expect(quality).toBeLessThanOrEqual(1);
        expect(Math.abs(gaussianModel.quality([...given].reverse()) - quality)).toBeLessThanOrEqual(1e-12);
      }),
    );
  });

  it('gives finite skills and positive, finite uncertainties for any finite input', () => {
    const extreme = fc.array(fc.array(anyRating, { minLength: 1, maxLength: 4 }), {
      minLength: 2,
      maxLength: 6,
    });
    const scale = fc.constantFrom(1e-300, 1e-200, 1e-3, 25 / 6, 1e9, 1e200, Number.MAX_VALUE);
    fc.assert(
      fc.property(extreme, scale, drawProbability, fc.boolean(), (given, beta, p, tie) => {
        const gaussianModel = gaussian({ beta, drawProbability: p, tau: 0 });
        const ranks = given.map((_, i) => (tie ? i >> 1 : i));
        const rated = gaussianModel.rate({ teams: given, ranks }).teams;
        flatten(given).forEach((before, i) => {
          const after = flatten(rated)[i] as Rating;
          expect(Number.isFinite(after.mu)).toBe(true);
          expect(Number.isFinite(after.sigma)).toBe(true);
          expect(after.sigma > 0 || before.sigma === 0).toBe(true);
          expect(after.sigma).toBeLessThanOrEqual(before.sigma * (1 + 1e-12));
        });
        expect(gaussianModel.quality(given)).toBeGreaterThanOrEqual(0);
        if (given.length === 2) {
          const { win, draw } = gaussianModel.predict(given);
          for (const value of [...win, draw]) expect(value >= 0 && value <= 1).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('a hundred teams whose ranking is the reverse of what was expected', () => {
    const given = Array.from({ length: 100 }, (_, i) => [{ mu: 10 * i, sigma: 8 }]);
    const narrow = gaussian({ sigma: 25 / 3, beta: 25 / 6, tieProbability: 0.1 });
    const rated = narrow.rate({ teams: given, ranks: given.map((_, i) => i) }).teams;
    flatten(rated).forEach(({ mu, sigma }) => {
      expect(Number.isFinite(mu)).toBe(true);
      expect(sigma).toBeGreaterThan(0);
    });
    const gap = (rated[99]?.[0]?.mu ?? NaN) - (rated[0]?.[0]?.mu ?? NaN);
    expect(gap).toBeLessThan(990 / 5);
  });
});
