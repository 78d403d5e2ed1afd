import { readFileSync } from 'node:fs';
import { ratingModel, type Rating } from '../../src/index.js';

type Pair = [mu: number, sigma: number];
interface Vector {
  name: string;
  model: string;
  parameters: { mu: number; sigma: number; beta: number; tau: number };
  teams: Pair[][];
  ranks?: number[];
  scores?: number[];
  weights?: number[][];
  limitSigma?: boolean;
  expected: Pair[][];
}
const vectors = JSON.parse(
  readFileSync(new URL('../vectors/weng-lin.json', import.meta.url), 'utf8'),
) as Vector[];
const TOLERANCE = 1e-9;

/** Ranks from what a vector gives: its ranks, else the order of its scores, else the order of its teams. */
function ranksOf({ teams, ranks, scores }: Vector): number[] {
  return ranks ?? scores?.map((score) => -score) ?? teams.map((_, i) => i);
}

/**
 * The vectors come from implementations with two options that this library does not have:
 * - `limitSigma` keeps a match from raising a deviation. Here `tau: 0` does that, and what idle time adds is apart.
 * - `weights` reward a player's part in the result: scaled to 1 … 2 within the team, they multiply what a player gains and divide what
 *   he loses, so that the weighted are favoured whatever happens, and the update follows from no model. Here `playFraction` says
 *   how much of the match was played, and scales the player's part in the team's strength.
 * Both act on the plain update after the fact, so the numbers still check it.
 * Scores count by their order alone: in the three vectors with a margin all teams are equally strong, where it has no effect.
 */
function withForeignOptions(
  vector: Vector,
  before: Rating,
  after: Rating,
  team: number,
  player: number,
): Rating {
  let { mu, sigma } = after;
  if (vector.weights) {
    const list = vector.weights[team] ?? [];
    const [low, high] = [Math.min(...list), Math.max(...list)];
    const share = 1 + ((list[player] ?? NaN) - low) / (high - low || 1e-4);
    const factor = mu >= before.mu ? share : 1 / share;
    const inflated = before.sigma ** 2 + vector.parameters.tau ** 2;
    mu = before.mu + factor * (mu - before.mu);
    sigma = Math.sqrt(inflated * (1 - factor * (1 - sigma ** 2 / inflated)));
  }
  if (vector.limitSigma) sigma = Math.min(sigma, before.sigma);
  return { mu, sigma };
}

describe('reference values of other implementations', () => {
  it.each(vectors)('$model: $name', (vector) => {
    const model = ratingModel({ model: vector.model, ...vector.parameters });
    const teams = vector.teams.map((team) => team.map(([mu, sigma]) => ({ mu, sigma })));
    const rated = model.rate({ teams, ranks: ranksOf(vector) }).teams;
    expect(rated.map((team) => team.length)).toEqual(vector.expected.map((team) => team.length));
    vector.expected.forEach((team, i) =>
      team.forEach(([mu, sigma], j) => {
        const before = teams[i]?.[j] as Rating;
        const after = withForeignOptions(vector, before, rated[i]?.[j] as Rating, i, j);
        expect(Math.abs(after.mu - mu)).toBeLessThan(TOLERANCE);
        expect(Math.abs(after.sigma - sigma)).toBeLessThan(TOLERANCE);
      }),
    );
  });

  it('every model is checked', () => {
    expect([...new Set(vectors.map(({ model }) => model))].sort()).toEqual([
      'bradley-terry',
      'bradley-terry-part',
      'plackett-luce',
      'thurstone-mosteller',
      'thurstone-mosteller-part',
    ]);
  });
});
