import { readFileSync } from 'node:fs';
import { gaussian, smooth, type GaussianParameters, type HistoryMatch } from '../../src/index.js';

interface Case {
  name: string;
  parameters: Partial<GaussianParameters>;
  matches: HistoryMatch[];
  /** Per player [match, mu, sigma]: computed for this library with 34 digits, all skills in one covariance matrix. */
  curves: Record<string, [number, number, number][]>;
  logEvidence: number;
  /** By others, to three digits. */
  published?: { match: number; player: string; mu: number; sigma: number }[];
  /** By others, per player [day, mu, sigma]; their error function is good to about 1e-7. */
  publishedCurves?: Record<string, [number, number, number][]>;
}
const cases = JSON.parse(
  readFileSync(new URL('../vectors/smoothing.json', import.meta.url), 'utf8'),
) as Case[];
const published = cases.filter((example) => example.published !== undefined);
const DAY = 86_400_000;

const smoothed = ({ matches, parameters }: Case) =>
  smooth(matches, gaussian(parameters), { tolerance: 1e-14, maxSweeps: 3000 });
const distance = (a: number | undefined, b: number) => Math.abs((a ?? NaN) - b);

describe('reference values of smoothing', () => {
  it.each(cases)('$name', (example) => {
    const history = smoothed(example);
    expect([...history.playerIds].sort()).toEqual(Object.keys(example.curves).sort());
    for (const [player, expected] of Object.entries(example.curves)) {
      const curve = history.curve(player);
      expect(curve.map(({ match }) => match)).toEqual(expected.map(([match]) => match));
      expected.forEach(([match, mu, sigma], i) => {
        expect(curve[i]?.at).toBe(example.matches[match]?.at);
        expect(distance(curve[i]?.rating.mu, mu)).toBeLessThan(1e-10);
        expect(distance(curve[i]?.rating.sigma, sigma)).toBeLessThan(1e-10);
      });
    }
    expect(distance(history.logEvidence, example.logEvidence)).toBeLessThan(1e-10);
  });

  it.each(published)('$name, as published', (example) => {
    const history = smoothed(example);
    for (const { match, player, mu, sigma } of example.published ?? []) {
      // The matches of one instant share their skills.
      const at = example.matches[match]?.at;
      const point = history.curve(player).find((candidate) => candidate.at === at);
      expect(distance(point?.rating.mu, mu)).toBeLessThanOrEqual(1e-3);
      expect(distance(point?.rating.sigma, sigma)).toBeLessThanOrEqual(1e-3);
    }
    for (const [player, expected] of Object.entries(example.publishedCurves ?? {})) {
      const curve = history.curve(player);
      for (const [day, mu, sigma] of expected) {
        const points = curve.filter(({ at }) => at === day * DAY);
        expect(points.length).toBeGreaterThan(0);
        for (const { rating } of points) {
          expect(distance(rating.mu, mu)).toBeLessThan(1e-6);
          expect(distance(rating.sigma, sigma)).toBeLessThan(1e-6);
        }
      }
    }
  });
});
