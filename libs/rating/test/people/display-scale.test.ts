import { displayScale, gaussian, type DisplayOptions } from '../../src/index.js';

const model = gaussian({ mu: 25, sigma: 8, beta: 4 });

it.each<[string, DisplayOptions, sigma: number, points: number]>([
  ['the ordinal from 1500', {}, 8, 1500 + 50 * 2],
  ['the ordinal rises with certainty', {}, 2, 1500 + 50 * (2 + 18)],
  ['the mean does not', { measure: 'mean' }, 2, 1600],
  ['another start', { measure: 'mean', start: 0 }, 8, 100],
  ['other points', { measure: 'mean', pointsPerUnit: 10 }, 8, 1520],
])('%s', (_, options, sigma, points) => {
  expect(displayScale(model, options).toDisplay({ mu: 27, sigma })).toBeCloseTo(points, 9);
});

it('keeps the order of the model', () => {
  const { toDisplay } = displayScale(model, { start: 100, pointsPerUnit: 1 });
  expect(toDisplay({ mu: 27, sigma: 2 })).toBeGreaterThan(toDisplay({ mu: 30, sigma: 4 }));
});

it.each<[string, object, RegExp]>([
  ['start', { start: NaN }, /^options\.start/],
  ['pointsPerUnit', { pointsPerUnit: 0 }, /^options\.pointsPerUnit/],
  ['measure', { measure: 'median' }, /^options\.measure/],
])('refuses a wrong %s', (_, options, message) => {
  expect(() => displayScale(model, options)).toThrow(message);
  expect(() => displayScale(model).toDisplay({ mu: NaN, sigma: 1 })).toThrow(/^rating\.mu/);
});
