import fc from 'fast-check';
import { descend } from '../../src/calibration/descend.js';
import { minimise } from '../../src/calibration/minimise.js';

const settings = {
  maxEvaluations: 2_000,
  smallestStep: 1e-6,
  smallestGain: 0,
};
const bounds = (n: number) => ({
  steps: Array<number>(n).fill(1),
  low: Array<number>(n).fill(-50),
  high: Array<number>(n).fill(50),
});

describe('minimise', () => {
  it.each<[string, number[], (x: readonly number[]) => number, number[], number]>([
    ['a parabola', [10], ([x = 0]) => (x - 3) ** 2, [3], 1e-4],
    ['one far from symmetric', [-7], ([x = 0]) => Math.exp(x) - 2 * x, [Math.LN2], 1e-3],
    [
      'a narrow oblique valley',
      [5, -5],
      ([x = 0, y = 0]) => (x + y) ** 2 + 20 * (x - y - 1) ** 2,
      [0.5, -0.5],
      1e-2,
    ],
    [
      'a curved valley (Rosenbrock)',
      [-1.2, 1],
      ([x = 0, y = 0]) => (1 - x) ** 2 + 10 * (y - x * x) ** 2,
      [1, 1],
      0.05,
    ],
    ['a corner of the bounds', [0, 0], ([x = 0, y = 0]) => x - y, [-50, 50], 0],
    [
      'six numbers',
      [1, 2, 3, 4, 5, 6],
      (x) => x.reduce((sum, v, i) => sum + (i + 1) * (v - i) ** 2, 0),
      [0, 1, 2, 3, 4, 5],
      1e-3,
    ],
  ])('finds %s', (_, start, f, expected, tolerance) => {
    const found = minimise(f, { ...settings, ...bounds(start.length), start });
    expect(found.value).toBe(f(found.point));
    found.point.forEach((x, i) => expect(Math.abs(x - (expected[i] ?? NaN))).toBeLessThanOrEqual(tolerance));
    expect(found.settled).toBe(true);
  });

  it('never ends above the start, leaves the bounds or exceeds the evaluations', () => {
    const numbers = fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(
        numbers,
        fc.infiniteStream(fc.double({ noNaN: true, noDefaultInfinity: true })),
        fc.integer({ min: 1, max: 60 }),
        (start, noise, maxEvaluations) => {
          // Any function at all: noise that depends on nothing.
          const seen: number[] = [];
          const found = minimise(
            (point) => {
              point.forEach((x) => expect(Math.abs(x)).toBeLessThanOrEqual(5));
              seen.push(noise.next().value as number);
              return seen.at(-1) as number;
            },
            {
              ...settings,
              maxEvaluations,
              start,
              steps: start.map(() => 1),
              low: start.map(() => -5),
              high: start.map(() => 5),
            },
          );
          expect(found.evaluations).toBe(seen.length);
          expect(seen.length).toBeLessThanOrEqual(maxEvaluations);
          expect(found.value).toBe(Math.min(...seen));
        },
      ),
    );
  });

  it('says that it ran out of evaluations', () => {
    const found = minimise(([x = 0]) => (x - 30) ** 2, {
      ...settings,
      ...bounds(1),
      start: [0],
      maxEvaluations: 5,
    });
    expect(found).toMatchObject({ settled: false, evaluations: 5 });
  });
});

describe('descend', () => {
  const far = (n: number) => ({ low: Array<number>(n).fill(-50), high: Array<number>(n).fill(50) });

  it.each<[string, number[], (x: readonly number[]) => number, number[]]>([
    ['a parabola', [10], ([x = 0]) => (x - 3) ** 2, [3]],
    [
      'a narrow oblique valley',
      [5, -5],
      ([x = 0, y = 0]) => (x + y) ** 2 + 200 * (x - y - 1) ** 2,
      [0.5, -0.5],
    ],
    [
      'a curved valley (Rosenbrock)',
      [-1.2, 1],
      ([x = 0, y = 0]) => (1 - x) ** 2 + 10 * (y - x * x) ** 2,
      [1, 1],
    ],
    [
      'six numbers that depend on each other',
      [1, 2, 3, 4, 5, 6],
      (x) => x.reduce((sum, v, i) => sum + (v - i + 0.9 * (x[i - 1] ?? 0)) ** 2, 0),
      [0, 1, 1.1, 2.01, 2.191, 3.0281],
    ],
  ])('finds %s', (_, start, f, expected) => {
    const found = descend(f, { ...far(start.length), start, maxEvaluations: 500, smallestGain: 1e-9 });
    found.point.forEach((x, i) => expect(Math.abs(x - (expected[i] ?? NaN))).toBeLessThan(1e-2));
    expect(found).toMatchObject({ settled: true, value: f(found.point) });
  });

  it('goes along a bound that the slope leads to', () => {
    const found = descend(([x = 0, y = 0]) => x + (y - x - 2) ** 2, {
      start: [3, 0],
      low: [1, -50],
      high: [50, 50],
      maxEvaluations: 500,
      smallestGain: 1e-9,
    });
    expect(found.point[0]).toBe(1);
    expect(found.point[1]).toBeCloseTo(3, 3);
  });

  it('never ends above the start, leaves the bounds or exceeds the evaluations', () => {
    const noise = fc.infiniteStream(fc.double({ noNaN: true, noDefaultInfinity: true }));
    const numbers = fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(numbers, noise, fc.integer({ min: 1, max: 60 }), (start, values, maxEvaluations) => {
        const seen: number[] = [];
        const found = descend(
          (point) => {
            point.forEach((x) => expect(Math.abs(x)).toBeLessThanOrEqual(5));
            seen.push(values.next().value as number);
            return seen.at(-1) as number;
          },
          { start, low: start.map(() => -5), high: start.map(() => 5), maxEvaluations, smallestGain: 0 },
        );
        expect(found.evaluations).toBe(seen.length);
        expect(seen.length).toBeLessThanOrEqual(maxEvaluations);
        expect(found.value).toBeLessThanOrEqual(seen[0] as number);
      }),
    );
  });
});
