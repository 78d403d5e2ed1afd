import fc from 'fast-check';
import { defaultTiers, gaussian, isProvisional, tierLadder, type Tier } from '../../src/index.js';

const LADDER = tierLadder(
  [
    { name: 'low', from: 0 },
    { name: 'middle', from: 100 },
    { name: 'high', from: 200 },
  ],
  20,
);

describe('a ladder of tiers', () => {
  it.each<[display: number, previous: string | undefined | null, tier: string]>([
    [-500, undefined, 'low'],
    [99.999, undefined, 'low'],
    [100, undefined, 'middle'],
    [1e9, null, 'high'],
    [100, 'low', 'middle'],
    [250, 'low', 'high'],
    // Below the boundary, but not by the margin.
    [80, 'middle', 'middle'],
    [79.999, 'middle', 'low'],
    [180, 'high', 'high'],
    [179, 'high', 'middle'],
    // Two tiers down at once: each boundary has its margin.
    [85, 'high', 'middle'],
    [79, 'high', 'low'],
    // A tier of another ladder is none.
    [99, 'wood', 'low'],
  ])('%d points, formerly %s: %s', (display, previous, tier) => {
    expect(LADDER.tierOf(display, previous).name).toBe(tier);
  });

  const points = fc.double({ min: -400, max: 400, noNaN: true });
  const tierName = fc.constantFrom('low', 'middle', 'high');

  it('nobody flickers: who moves by less than the margin changes his tier once at most', () => {
    fc.assert(
      fc.property(
        fc.option(tierName, { nil: undefined }),
        points,
        fc.array(fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), { maxLength: 30 }),
        (start, lowest, walk) => {
          let tier: string | undefined = start;
          const seen: string[] = [];
          for (const step of walk) {
            const { name } = LADDER.tierOf(lowest + step * LADDER.margin, tier);
            if (name !== seen.at(-1)) seen.push(name);
            tier = name;
          }
          // The tier he came in with may be far from where he walks; from his first tier there on, one change.
          expect(seen.length).toBeLessThanOrEqual(2);
        },
      ),
    );
  });

  it('a tier is between what the points reach and what the margin holds, and seeing them again changes nothing', () => {
    fc.assert(
      fc.property(points, fc.option(tierName, { nil: undefined }), (display, previous) => {
        const tier = LADDER.tierOf(display, previous);
        const at = LADDER.tiers.indexOf(tier);
        const next = LADDER.tiers[at + 1];
        if (at > 0) expect(display).toBeGreaterThanOrEqual(tier.from - LADDER.margin);
        if (next) expect(display).toBeLessThan(next.from);
        expect(LADDER.tierOf(display, tier.name)).toBe(tier);
      }),
    );
  });

  it('more points never mean a lower tier', () => {
    fc.assert(
      fc.property(points, points, fc.option(tierName, { nil: undefined }), (a, b, previous) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        expect(LADDER.tierOf(low, previous).from).toBeLessThanOrEqual(LADDER.tierOf(high, previous).from);
      }),
    );
  });

  const bad: [string, readonly Tier[], number, RegExp][] = [
    ['no tiers', [], 0, /^tiers: at least one/],
    ['no name', [{ name: '', from: 0 }], 0, /^tiers\[0\]\.name/],
    ['NaN', [{ name: 'a', from: NaN }], 0, /^tiers\[0\]\.from/],
    [
      'descending',
      [
        { name: 'a', from: 5 },
        { name: 'b', from: 5 },
      ],
      0,
      /^tiers\[1\]\.from: must be above 5/,
    ],
    [
      'a name twice',
      [
        { name: 'a', from: 5 },
        { name: 'a', from: 6 },
      ],
      0,
      /^tiers\[1\]\.name: "a" is there twice/,
    ],
    ['a negative margin', [{ name: 'a', from: 5 }], -1, /^margin: must not be negative/],
    [
      'a margin that swallows a tier',
      [
        { name: 'a', from: 5 },
        { name: 'b', from: 6 },
        { name: 'c', from: 7 },
      ],
      1,
      /^margin: must be less than the 1 points of "b"/,
    ],
  ];
  it.each(bad)('is refused: %s', (_, tiers, margin, message) => {
    expect(() => tierLadder(tiers, margin)).toThrow(message);
  });

  it('refuses a rating that is no number', () => {
    expect(() => LADDER.tierOf(NaN)).toThrow(/^display/);
  });
});

describe('the default tiers', () => {
  it.each([
    ['the defaults', {}],
    ['another scale', { mu: 1500, sigma: 350, beta: 300 }],
    ['a game of luck', { beta: 40 }],
  ])(
    'put the average settled player into the middle of Gold, a new one at the bottom: %s',
    (_, parameters) => {
      const model = gaussian(parameters);
      const { mu, sigma } = model.initial();
      const ladder = defaultTiers(model);
      const tierAt = (deviations: number) =>
        ladder.tierOf(model.displayRating({ mu: mu + deviations * sigma, sigma: 0.15 * sigma })).name;
      expect([-2, -0.7, 0, 0.7, 1.3, 2].map(tierAt)).toEqual([
        'Bronze',
        'Silver',
        'Gold',
        'Platinum',
        'Diamond',
        'Master',
      ]);
      expect(ladder.tierOf(model.displayRating(model.initial())).name).toBe('Bronze');
    },
  );
});

describe('provisional', () => {
  const model = gaussian({ sigma: 8 });
  it.each<[sigma: number, share: number | undefined, provisional: boolean]>([
    [8, undefined, true],
    [4.01, undefined, true],
    [4, undefined, false],
    [0, undefined, false],
    [2.1, 0.25, true],
    [2, 0.25, false],
    [8, 1, false],
  ])('sigma %d, share %s: %s', (sigma, share, provisional) => {
    expect(isProvisional(model, { mu: 25, sigma }, share)).toBe(provisional);
  });

  it.each([0, 1.1, NaN])('refuses a share of %d', (share) => {
    expect(() => isProvisional(model, model.initial(), share)).toThrow(/^share/);
  });

  it('ends after some ten matches of one against one', () => {
    let [one, other] = [model.initial(), model.initial()];
    let matches = 0;
    for (; isProvisional(model, one) && matches < 100; matches++) {
      const { teams } = model.rate({ teams: [[one], [other]], ranks: matches % 2 ? [1, 0] : [0, 1] });
      [one, other] = [teams[0]?.[0] ?? one, teams[1]?.[0] ?? other];
    }
    expect(matches).toBeGreaterThan(4);
    expect(matches).toBeLessThan(25);
  });
});
