import { patternSearch } from '../../src/rating/pattern-search.js';

/** Least at a = 3, b = 0.2, where it is 1; a slanted valley. */
const valley = ({ a = NaN, b = NaN }: Record<string, number>): number => {
  const x = Math.log(a / 3);
  const y = Math.log(b / 0.2);
  return 1 + x * x + y * y + x * y;
};

test('finds the least point of a slanted valley from afar', () => {
  const { parameters, loss } = patternSearch(valley, { a: 100, b: 0.001 }, 300);
  expect(loss).toBeLessThan(1.01);
  expect(Math.abs(Math.log((parameters['a'] ?? NaN) / 3))).toBeLessThan(0.15);
  expect(Math.abs(Math.log((parameters['b'] ?? NaN) / 0.2))).toBeLessThan(0.15);
});

test('stays where nothing is better', () => {
  const { parameters } = patternSearch(valley, { a: 3, b: 0.2 }, 100);
  expect(parameters).toEqual({ a: 3, b: 0.2 });
});

test('follows a valley in which no parameter can move alone', () => {
  const bent = ({ a = NaN, b = NaN }: Record<string, number>): number =>
    50 * Math.log(a / b) ** 2 + 0.5 * Math.log(a / 1000) ** 2;
  const { parameters } = patternSearch(bent, { a: 1.2, b: 1 }, 400);
  expect(parameters['a']).toBeGreaterThan(500);
  expect(parameters['b']).toBeLessThan(2000);
});

test('keeps to the number of evaluations', () => {
  let calls = 0;
  const { evaluations } = patternSearch(
    (parameters) => {
      calls += 1;
      return valley(parameters);
    },
    { a: 1e6, b: 1e-6 },
    10,
  );
  expect([calls, evaluations]).toEqual([10, 10]);
});

test('parameters that make the contestant fail are passed by', () => {
  const { parameters } = patternSearch(
    ({ a = NaN }) => {
      if (a > 4) throw new Error('floating point error');
      return a < 0.5 ? NaN : -a;
    },
    { a: 1 },
    50,
  );
  expect(parameters['a']).toBeGreaterThan(3.4);
  expect(parameters['a']).toBeLessThanOrEqual(4);
});
