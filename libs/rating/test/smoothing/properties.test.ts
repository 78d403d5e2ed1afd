import fc from 'fast-check';
import {
  gaussian,
  smooth,
  type GaussianParameters,
  type HistoryMatch,
  type SmoothedHistory,
} from '../../src/index.js';

const DAY = 86_400_000;
const NAMES = ['a', 'b', 'c', 'd', 'e', 'f'];
const precise = { tolerance: 1e-11, maxSweeps: 300 };
const mild = { mu: 25, sigma: 8, beta: 4, tau: 0.4, tauPerDay: 0.2, drawProbability: 0.1 };

/** A history of teams of one to three; `even` gives all teams of a match the same size. */
const histories = (even: boolean, most: number) =>
  fc
    .array(
      fc.record({
        players: fc.shuffledSubarray(NAMES, { minLength: 2 }),
        size: fc.integer({ min: 1, max: 3 }),
        ranks: fc.array(fc.nat(3), { minLength: 6, maxLength: 6 }),
        days: fc.double({ min: 0, max: 30, noNaN: true }),
      }),
      { minLength: 1, maxLength: most },
    )
    .map((drawn) => {
      let at = 0;
      return drawn.map(({ players, size, ranks, days }): HistoryMatch => {
        at += days * DAY;
        const width = Math.min(size, Math.floor(players.length / 2));
        const teams: string[][] = [];
        for (let i = 0; i + width <= players.length; i += width) teams.push(players.slice(i, i + width));
        if (!even) teams[0] = [...(teams[0] ?? []), ...players.slice(teams.length * width)];
        return { at, teams, ranks: ranks.slice(0, teams.length) };
      });
    });

/** Player and match → rating, for comparisons. */
function points(history: SmoothedHistory): Map<string, { mu: number; sigma: number }> {
  return new Map(
    history.playerIds.flatMap((id) =>
      history.curve(id).map(({ match, rating }) => [`${id} ${match}`, rating] as const),
    ),
  );
}

function expectSame(
  ours: ReturnType<typeof points>,
  theirs: ReturnType<typeof points>,
  map: { key?: (key: string) => string; mu?: (mu: number) => number } = {},
) {
  expect(ours.size).toBe(theirs.size);
  for (const [key, { mu, sigma }] of ours) {
    const other = theirs.get(map.key?.(key) ?? key);
    expect(other?.mu).toBeCloseTo(map.mu?.(mu) ?? mu, 6);
    expect(other?.sigma).toBeCloseTo(sigma, 6);
  }
}

describe('whatever the history', () => {
  const model = gaussian(mild);

  it('it converges, and the same input gives the same bits', () => {
    fc.assert(
      fc.property(histories(false, 15), (matches) => {
        const first = smooth(matches, model);
        expect(first.converged).toBe(true);
        expect(first.change).toBeLessThanOrEqual(1e-4);
        const second = smooth(matches, model);
        expect(points(second)).toEqual(points(first));
        expect(second.logEvidence).toBe(first.logEvidence);
        expect(first.logEvidence).toBeLessThan(0);
      }),
      { numRuns: 60 },
    );
  });

  it('the names of the players make no difference', () => {
    fc.assert(
      fc.property(histories(false, 10), (matches) => {
        const renamed = matches.map((match) => ({
          ...match,
          teams: match.teams.map((team) => team.map((id) => `x${id}`)),
        }));
        expectSame(points(smooth(matches, model)), points(smooth(renamed, model)), {
          key: (key) => `x${key}`,
        });
      }),
      { numRuns: 30 },
    );
  });

  it('the same results the other way round mirror every curve about a new player', () => {
    fc.assert(
      fc.property(histories(true, 10), (matches) => {
        // Tied teams are compared in the order given, so that is turned round too.
        const mirrored = matches.map(({ at, teams, ranks }) => ({
          at,
          teams: teams.toReversed(),
          ranks: ranks.map((rank) => -rank).toReversed(),
        }));
        expectSame(points(smooth(matches, model, precise)), points(smooth(mirrored, model, precise)), {
          mu: (mu) => 50 - mu,
        });
      }),
      { numRuns: 30 },
    );
  });

  it('without dynamics, time can run backwards', () => {
    const still = gaussian({ ...mild, tau: 0, tauPerDay: 0 });
    fc.assert(
      fc.property(histories(false, 10), (matches) => {
        const end = matches.at(-1)?.at ?? 0;
        const reversed = matches.toReversed().map((match) => ({ ...match, at: end - match.at }));
        const forward = smooth(matches, still, precise);
        const backward = smooth(reversed, still, precise);
        expectSame(points(forward), points(backward), {
          key: (key) => {
            const [id, match] = key.split(' ');
            return `${id} ${matches.length - 1 - Number(match)}`;
          },
        });
        expect(backward.logEvidence).toBeCloseTo(forward.logEvidence, 6);
      }),
      { numRuns: 30 },
    );
  });

  it('those who never meet, by any way, know nothing of each other', () => {
    fc.assert(
      fc.property(histories(false, 6), histories(false, 6), (here, there) => {
        const elsewhere = there.map((match) => ({
          ...match,
          teams: match.teams.map((team) => team.map((id) => `x${id}`)),
        }));
        const both = [...here, ...elsewhere].sort((a, b) => a.at - b.at);
        const [alone, other, together] = [here, elsewhere, both].map((part) => smooth(part, model, precise));
        for (const part of [alone, other]) {
          for (const id of part?.playerIds ?? []) {
            const expected = part?.curve(id).map(({ rating }) => rating) ?? [];
            together?.curve(id).forEach(({ rating }, i) => {
              expect(rating.mu).toBeCloseTo(expected[i]?.mu ?? NaN, 6);
              expect(rating.sigma).toBeCloseTo(expected[i]?.sigma ?? NaN, 6);
            });
          }
        }
        expect(together?.logEvidence).toBeCloseTo(
          (alone?.logEvidence ?? NaN) + (other?.logEvidence ?? NaN),
          6,
        );
      }),
      { numRuns: 30 },
    );
  });
});

describe('whatever the parameters', () => {
  const size = fc.constantFrom(0, 1e-300, 1e-200, 1e-9, 0.01, 1, 30, 1e9, 1e200, Number.MAX_VALUE);
  const positive = size.map((value) => value || 1);
  const signed = fc.oneof(
    size,
    size.map((value) => -value),
  );
  const parameters: fc.Arbitrary<Partial<GaussianParameters>> = fc.record({
    mu: signed,
    sigma: positive,
    beta: positive,
    tau: size,
    tauPerDay: size,
    drawProbability: fc.constantFrom(0, 1e-12, 0.1, 0.99),
    tieProbability: fc.constantFrom(0, 1e-12, 0.1, 0.99),
    hostAdvantage: signed,
    playerWorth: signed,
    scoreWorth: size,
    scoreNoise: size,
  });
  const circumstances = fc.record({
    host: fc.boolean(),
    scored: fc.boolean(),
    importance: fc.constantFrom(undefined, 0, 0.5, 1, 3, 1e300),
  });

  it('the result is finite, and never certain', () => {
    fc.assert(
      fc.property(
        parameters,
        histories(false, 8),
        circumstances,
        (given, drawn, { host, scored, importance }) => {
          const matches = drawn.map((match) => ({
            ...match,
            ...(host && { host: 1 }),
            ...(scored && { scores: match.ranks.map((rank) => 3 - rank) }),
            ...(importance !== undefined && { matchImportance: importance }),
          }));
          const smoothed = smooth(matches, gaussian(given), { maxSweeps: 30 });
          expect(smoothed.logEvidence).not.toBeNaN();
          for (const { mu, sigma } of points(smoothed).values()) {
            expect(Number.isFinite(mu)).toBe(true);
            expect(Number.isFinite(sigma)).toBe(true);
            expect(sigma).toBeGreaterThan(0);
          }
        },
      ),
      { numRuns: 400 },
    );
  });

  it('sweeps that drive each other away go back and on in smaller steps', () => {
    // Performances that hardly vary, and ties although no tie is to be had: full steps alone go round and round here.
    const model = gaussian({ mu: 0, sigma: 1, beta: 0.002, tau: 0.1, tauPerDay: 0, drawProbability: 1e-9 });
    let state = 215;
    const random = () => {
      state = (Math.imul(state, 1664525) + 1013904223) | 0;
      return (state >>> 0) / 4294967296;
    };
    const names = [...NAMES, 'g', 'h'];
    const matches = Array.from({ length: 60 }, (_, i): HistoryMatch => {
      const order = names
        .map((name) => ({ name, place: random() }))
        .sort((a, b) => a.place - b.place)
        .map(({ name }) => name);
      const cut = 1 + Math.floor(3 * random());
      return {
        at: i * DAY,
        teams: [order.slice(0, cut), order.slice(cut, cut + 1 + Math.floor(3 * random()))],
        ranks: [0, Math.floor(3 * random()) - 1],
      };
    });
    expect(smooth(matches, model).converged).toBe(true);
  });
});
