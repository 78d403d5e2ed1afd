import fc from 'fast-check';
import { gaussian, newSeason, type MatchInput, type Rating } from '../../src/index.js';

const model = gaussian({ hostAdvantage: 3, scoreWorth: 4, scoreNoise: 6 });
const even: Rating = { mu: 25, sigma: 4 };
const duel = { teams: [[even], [even]], ranks: [0, 1] };
const after = (match: MatchInput, gaussianModel = model) =>
  gaussianModel.rate(match).teams.map((t) => t[0] as Rating);
const rise = (match: MatchInput, gaussianModel = model) => (after(match, gaussianModel)[0]?.mu ?? NaN) - 25;

describe('the host', () => {
  it('gains less by a win at home than away, and the same as anywhere without an advantage', () => {
    expect(rise({ ...duel, host: 0 })).toBeLessThan(rise(duel));
    expect(rise({ ...duel, host: 1 })).toBeGreaterThan(rise(duel));
    expect(after({ ...duel, host: 0 }, gaussian())).toEqual(after(duel, gaussian()));
  });

  it('is expected to win more: as if it were better by the advantage', () => {
    const atHome = model.predict([[even], [even]], { host: 0 });
    const better = model.predict([[{ mu: 28, sigma: 4 }], [even]]);
    atHome.win.forEach((p, i) => expect(p).toBeCloseTo(better.win[i] ?? NaN, 14));
  });
});

describe('scores', () => {
  const scored = (a: number, b: number): MatchInput => ({
    teams: [[even], [even]],
    ranks: a === b ? [0, 0] : a > b ? [0, 1] : [1, 0],
    scores: [a, b],
  });

  it('a clear win says more than a narrow one', () => {
    expect(rise(scored(2, 1))).toBeGreaterThan(0);
    expect(rise(scored(6, 1))).toBeGreaterThan(rise(scored(2, 1)));
    expect(rise(scored(1, 1))).toBe(0);
    expect(rise(scored(1, 6))).toBeCloseTo(-rise(scored(6, 1)), 12);
  });

  it('a narrow win of a favourite can lower him', () => {
    const strong = { mu: 45, sigma: 4 };
    expect(after({ ...scored(2, 1), teams: [[strong], [even]] })[0]?.mu).toBeLessThan(45);
  });

  /** By the formulas of the linear model: gain s/(v1 + v2 + noise) of the difference. */
  it('move two players as one observation of their difference does', () => {
    const still = gaussian({ beta: 7, tau: 0, scoreWorth: 4, scoreNoise: 6 });
    const variance = 2 * (16 + 49) + 36;
    const seen = 4 * (2 * Math.sqrt(5.375) - 2 * Math.sqrt(1.375));
    const [first, second] = after(scored(5, 1), still);
    expect(first?.mu).toBeCloseTo(25 + (16 / variance) * seen, 11);
    expect(second?.mu).toBeCloseTo(25 - (16 / variance) * seen, 11);
    expect(first?.sigma).toBeCloseTo(Math.sqrt(16 - (16 * 16) / variance), 12);
  });

  it('a level common to all says nothing', () => {
    const root = (y: number) => (y / 2) ** 2 - 0.375;
    const three = { teams: [[even], [even], [even]], ranks: [0, 1, 2] };
    const low = after({ ...three, scores: [root(5), root(4), root(3)] });
    const high = after({ ...three, scores: [root(15), root(14), root(13)] });
    low.forEach(({ mu }, i) => expect(mu).toBeCloseTo(high[i]?.mu ?? NaN, 9));
  });

  it('of the two of two teams and a third that is unknown, say what those of the two do', () => {
    const stranger = { mu: 25, sigma: 1e7 };
    const three = after({ teams: [[even], [even], [stranger]], ranks: [0, 1, 2], scores: [5, 3, 1] });
    const two = after(scored(5, 3));
    expect(three[0]?.mu).toBeCloseTo(two[0]?.mu ?? NaN, 6);
    expect(three[1]?.sigma).toBeCloseTo(two[1]?.sigma ?? NaN, 6);
  });

  it('below zero are mirrored, and count as the ranks do where the model has no worth for them', () => {
    const negative = rise({ ...duel, scores: [-1, -4] });
    expect(negative).toBeCloseTo(rise(scored(4, 1)), 12);
    expect(after(scored(6, 1), gaussian())).toEqual(after(duel, gaussian()));
  });
});

describe('what a server may claim', () => {
  const fraction = fc.double({ min: 0, max: 1, noNaN: true });

  it('however little is played, nobody rises by more than a whole match and a tenth of it would lift him', () => {
    const plain = gaussian();
    const newcomer = plain.initial();
    const whole = rise({ teams: [[newcomer], [newcomer]], ranks: [0, 1] }, plain);
    fc.assert(
      fc.property(fraction, (share) => {
        const match = { teams: [[newcomer], [newcomer]], ranks: [0, 1], playFraction: [[share], [share]] };
        const won = rise(match, plain);
        expect(won).toBeGreaterThanOrEqual(0);
        expect(won).toBeLessThanOrEqual(1.1 * whole);
      }),
    );
  });

  it('an absurd score moves a rating by five deviations at most', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e308, max: 1e308 }), {
          minLength: 2,
          maxLength: 6,
        }),
        (points) => {
          const scores = points.toSorted((a, b) => b - a);
          const ranks = scores.map((score) => scores.indexOf(score));
          for (const { mu, sigma } of after({ teams: scores.map(() => [even]), ranks, scores })) {
            expect(Math.abs(mu - 25)).toBeLessThanOrEqual(5 * Math.hypot(even.sigma, model.parameters.tau));
            expect(sigma > 0 && sigma <= Math.hypot(even.sigma, model.parameters.tau)).toBe(true);
          }
        },
      ),
    );
  });
});

describe('importance', () => {
  const plain = gaussian();
  it('0 changes nothing but the dynamics, 1 is a plain match', () => {
    for (const rivals of [1, 3]) {
      const match = {
        teams: [[even], ...Array.from({ length: rivals }, () => [even])],
        ranks: Array.from({ length: rivals + 1 }, (_, i) => i),
      };
      const grown = Math.sqrt(16 + plain.parameters.tau ** 2);
      for (const { mu, sigma } of after({ ...match, matchImportance: 0 }, plain)) {
        expect(mu).toBe(25);
        expect(sigma).toBeCloseTo(grown, 14);
      }
      expect(after({ ...match, matchImportance: 1 }, plain)).toEqual(after(match, plain));
    }
  });

  it('multiplies the gain of precision, and of precision times mean', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 20, noNaN: true }),
        fc.integer({ min: 2, max: 5 }),
        fc.boolean(),
        (matchImportance, count, withScores) => {
          const still = gaussian({ tau: 0, scoreWorth: withScores ? 3 : 0 });
          const ranks = Array.from({ length: count }, (_, i) => i);
          const scores = ranks.map((rank) => 9 - rank);
          const match = { teams: ranks.map((i) => [{ mu: 20 + i, sigma: 3 + i }]), ranks, scores };
          const whole = after(match, still);
          const part = after({ ...match, matchImportance }, still);
          match.teams.forEach(([before], i) => {
            const own = 1 / (before as Rating).sigma ** 2;
            const precision = own + matchImportance * (1 / (whole[i] as Rating).sigma ** 2 - own);
            const pull =
              own * (before as Rating).mu +
              matchImportance *
                ((whole[i] as Rating).mu / (whole[i] as Rating).sigma ** 2 - own * (before as Rating).mu);
            expect((part[i] as Rating).sigma).toBeCloseTo(1 / Math.sqrt(precision), 9);
            expect((part[i] as Rating).mu).toBeCloseTo(pull / precision, 8);
          });
        },
      ),
    );
  });
});

describe('time', () => {
  const ageing = gaussian({ sigma: 8, tauPerDay: 0.5 });

  it('adds uncertainty with the root of the days, up to that of a new player, and leaves mu alone', () => {
    expect(ageing.aged({ mu: 30, sigma: 2 }, 0)).toEqual({ mu: 30, sigma: 2 });
    expect(ageing.aged({ mu: 30, sigma: 2 }, 48).sigma).toBeCloseTo(4, 14);
    expect(ageing.aged({ mu: 30, sigma: 2 }, 1e6)).toEqual({ mu: 30, sigma: 8 });
    expect(ageing.aged({ mu: 30, sigma: 9 }, 100)).toEqual({ mu: 30, sigma: 9 });
    expect(ageing.aged({ mu: 30, sigma: 2 }, Number.MAX_VALUE).sigma).toBe(8);
  });

  it('in two steps is as in one', () => {
    const once = ageing.aged({ mu: 30, sigma: 2 }, 30);
    const twice = ageing.aged(ageing.aged({ mu: 30, sigma: 2 }, 12.5), 17.5);
    expect(twice.sigma).toBeCloseTo(once.sigma, 13);
  });

  it('matches that say nothing do not add uncertainty without end', () => {
    const { sigma, tau } = ageing.parameters;
    let rating = ageing.initial();
    for (let i = 0; i < 50; i++) {
      rating = after({ teams: [[rating], [rating]], ranks: [0, 1], matchImportance: 0 }, ageing)[0] as Rating;
    }
    expect(rating.sigma).toBe(Math.sqrt(sigma * sigma + tau * tau));
  });

  it('a season pulls to the mean and forgets, but teaches nobody', () => {
    expect(newSeason(ageing, { mu: 35, sigma: 2 }, { pull: 0.5, sigma: 4 })).toEqual({ mu: 30, sigma: 4 });
    expect(newSeason(ageing, { mu: 35, sigma: 6 }, { pull: 0, sigma: 4 })).toEqual({ mu: 35, sigma: 6 });
    expect(newSeason(ageing, { mu: 35, sigma: 6 }, { pull: 1 })).toEqual({ mu: 25, sigma: 6 });
    expect(newSeason(ageing, { mu: 35, sigma: 6, volatility: 0.06 }, { pull: 1 }).volatility).toBe(0.06);
  });
});

it('gives finite skills and positive uncertainties whatever the circumstances', () => {
  const anyFinite = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.constantFrom(0, 1e6, Number.MAX_VALUE, -Number.MAX_VALUE, Number.MIN_VALUE),
  );
  const anyRating = fc.record({ mu: anyFinite, sigma: anyFinite.map(Math.abs) });
  fc.assert(
    fc.property(
      fc.array(fc.tuple(anyRating, anyRating, fc.double({ min: 0, max: 1, noNaN: true })), {
        minLength: 2,
        maxLength: 5,
      }),
      fc.array(anyFinite, { minLength: 6, maxLength: 6 }),
      fc.constantFrom(0, 1e-300, 4, 1e300),
      fc.constantFrom(0, 1, 1e300, Number.MAX_VALUE),
      (teams, numbers, scoreWorth, matchImportance) => {
        const scores = numbers.slice(0, teams.length).sort((a, b) => b - a);
        const gaussianModel = gaussian({ scoreWorth, hostAdvantage: numbers[5] ?? 0, tau: 0 });
        const match = {
          teams: teams.map(([a, b]) => [a, b]),
          ranks: scores.map((score) => -score),
          scores,
          host: 1,
          playFraction: teams.map(([, , fraction]) => [fraction, 1 - fraction]),
          matchImportance,
        };
        gaussianModel.rate(match).teams.forEach((team, i) =>
          team.forEach(({ mu, sigma }, j) => {
            const before = match.teams[i]?.[j] as Rating;
            expect(Number.isFinite(mu)).toBe(true);
            expect(sigma > 0 || before.sigma === 0).toBe(true);
            expect(sigma).toBeLessThanOrEqual(before.sigma * (1 + 1e-12));
          }),
        );
      },
    ),
    { numRuns: 300 },
  );
});
