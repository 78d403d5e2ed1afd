import { readFileSync } from 'node:fs';
import { gaussian, type GaussianParameters, type Rating } from '../src/index.js';

type Pair = [mu: number, sigma: number];
interface Vectors {
  matches: {
    name: string;
    parameters: GaussianParameters;
    teams: Pair[][];
    ranks: number[];
    weights?: number[][];
    exact: Pair[][];
    quality?: number;
  }[];
  predictions: {
    name: string;
    beta: number;
    drawProbability: number;
    teams: Pair[][];
    win: number[];
    draw: number;
  }[];
}
const vectors = JSON.parse(
  readFileSync(new URL('./vectors/gaussian.json', import.meta.url), 'utf8'),
) as Vectors;

const ratings = (teams: Pair[][]): Rating[][] =>
  teams.map((team) => team.map(([mu, sigma]) => ({ mu, sigma })));

describe('reference values', () => {
  it.each(vectors.matches)('rate: $name', ({ parameters, teams, ranks, weights, exact }) => {
    const match = { teams: ratings(teams), ranks, ...(weights && { playFraction: weights }) };
    const rated = gaussian(parameters).rate(match).teams;
    const unit = parameters.sigma / (25 / 3);
    expect(rated.map((team) => team.length)).toEqual(exact.map((team) => team.length));
    exact.forEach((team, i) =>
      team.forEach(([mu, sigma], j) => {
        expect(Math.abs((rated[i]?.[j]?.mu ?? NaN) - mu)).toBeLessThan(1e-9 * unit);
        expect(Math.abs((rated[i]?.[j]?.sigma ?? NaN) - sigma)).toBeLessThan(1e-9 * unit);
      }),
    );
  });

  it.each(vectors.matches.filter(({ quality }) => quality !== undefined))(
    'quality: $name',
    ({ parameters, teams, weights, quality }) => {
      const circumstances = weights === undefined ? {} : { playFraction: weights };
      const found = gaussian(parameters).quality(ratings(teams), circumstances);
      expect(Math.abs(found - (quality ?? NaN))).toBeLessThan(1e-12);
    },
  );

  it.each(vectors.predictions)('predict: $name', ({ beta, drawProbability, teams, win, draw }) => {
    const prediction = gaussian({ beta, drawProbability }).predict(ratings(teams));
    win.forEach((p, i) => {
      expect(Math.abs((prediction.win[i] ?? NaN) - p)).toBeLessThan(1e-12 * p);
    });
    expect(Math.abs(prediction.draw - draw)).toBeLessThan(1e-12);
  });
});

describe('what a match does to a rating', () => {
  const model = gaussian();
  const [newcomer, veteran] = [model.initial(), { mu: 31, sigma: 1.2 }];

  it('moves the uncertain player more than the settled one', () => {
    const [won, lost] = model
      .rate({ teams: [[newcomer], [veteran]], ranks: [0, 1] })
      .teams.map(([r]) => r as Rating);
    expect((won as Rating).mu - newcomer.mu).toBeGreaterThan(10 * (veteran.mu - (lost as Rating).mu));
  });

  it('a draw pulls unequal players together', () => {
    const rated = model.rate({
      teams: [[{ mu: 20, sigma: 3 }], [{ mu: 30, sigma: 3 }]],
      ranks: [4, 4],
    }).teams;
    expect(rated[0]?.[0]?.mu).toBeGreaterThan(20);
    expect(rated[1]?.[0]?.mu).toBeLessThan(30);
  });

  it('a draw where the game knows none says that both performed alike', () => {
    const exact = gaussian({ drawProbability: 0, tau: 0 });
    const almost = gaussian({ drawProbability: 1e-9, tau: 0 });
    const match = { teams: [[newcomer], [veteran]], ranks: [0, 0] };
    const [a, b] = [exact.rate(match).teams, almost.rate(match).teams];
    expect(a[0]?.[0]?.mu).toBeCloseTo(b[0]?.[0]?.mu ?? NaN, 8);
    expect(a[0]?.[0]?.sigma).toBeCloseTo(b[0]?.[0]?.sigma ?? NaN, 8);
  });

  it('a player of fraction 0 keeps his skill and gains the uncertainty of one more match', () => {
    for (const rivals of [1, 2, 5]) {
      const teams = [[newcomer, veteran], ...Array.from({ length: rivals }, () => [newcomer])];
      const playFraction = teams.map((team) => team.map((_, i) => (i === 1 ? 0 : 1)));
      const absent = model.rate({ teams, ranks: teams.map((_, i) => i), playFraction }).teams[0]?.[1];
      expect(absent?.mu).toBe(veteran.mu);
      expect(absent?.sigma).toBeCloseTo(Math.sqrt(veteran.sigma ** 2 + model.parameters.tau ** 2), 13);
    }
  });

  it('a match in which nobody took part changes no skill', () => {
    const rated = model.rate({
      teams: [[newcomer], [veteran]],
      ranks: [0, 1],
      playFraction: [[0], [0]],
    }).teams;
    expect(rated.map(([r]) => r?.mu)).toEqual([newcomer.mu, veteran.mu]);
  });

  it('half a match moves a player less than a whole one, with three teams as with two', () => {
    for (const rivals of [1, 2]) {
      const teams = [[newcomer, newcomer], ...Array.from({ length: rivals }, () => [newcomer, newcomer])];
      const ranks = teams.map((_, i) => i);
      const playFraction = teams.map((_, i) => (i === 0 ? [0.5, 1] : [1, 1]));
      const [half, whole] = model.rate({ teams, ranks, playFraction }).teams[0] as [Rating, Rating];
      expect(half.mu).toBeGreaterThan(newcomer.mu);
      expect(half.mu).toBeLessThan(whole.mu);
      expect(half.sigma).toBeGreaterThan(whole.sigma);
    }
  });

  it('leaves its input alone and gives new objects', () => {
    const match = { teams: [[newcomer], [veteran]], ranks: [0, 1] };
    const before = JSON.stringify(match);
    const rated = model.rate(match);
    expect(JSON.stringify(match)).toBe(before);
    expect(rated.teams[0]?.[0]).not.toBe(newcomer);
  });
});

describe('display', () => {
  const model = gaussian();

  it('shows a new player at 1500, whatever the scale', () => {
    expect(model.displayRating(model.initial())).toBe(1500);
    expect(gaussian({ mu: -3, sigma: 2 }).displayRating({ mu: -3, sigma: 2 })).toBe(1500);
  });

  it('counts one performance deviation as 200 points, and sorts as the ordinal does', () => {
    const { beta } = model.parameters;
    expect(model.pointsPerUnit).toBeCloseTo(28.8, 12);
    expect(model.displayRating({ mu: 25 + beta, sigma: 25 / 3 })).toBeCloseTo(1700, 9);
    expect(model.displayRating({ mu: 25, sigma: 1 })).toBeGreaterThan(
      model.displayRating({ mu: 26, sigma: 2 }),
    );
    expect(model.ordinal({ mu: 25, sigma: 1 })).toBe(22);
  });
});
