import { exponential } from '../../src/numerics/exponential.js';
import { logarithm } from '../../src/numerics/logarithm.js';

/** Digits by a computer algebra system with 40 of them. */
describe('the natural logarithm', () => {
  it.each([
    [1, 0],
    [2, 0.6931471805599453],
    [10, 2.302585092994046],
    [0.1, -2.3025850929940455],
    [1.0000001, 9.999999505838704e-8],
    [0.9999999, -1.0000000494736474e-7],
    [Math.SQRT2, 0.3465735902799727],
    [1e300, 690.7755278982137],
    [1e-300, -690.7755278982137],
    [Number.MIN_VALUE, -744.4400719213812],
    [Number.MAX_VALUE, 709.782712893384],
  ])('of %d', (x, expected) => {
    expect(Math.abs(logarithm(x) - expected)).toBeLessThanOrEqual(4.5e-16 * Math.abs(expected));
  });

  it('agrees with the engine over the whole range', () => {
    for (let x = 1.3e-308; x < 1e308; x *= 1.37) {
      expect(Math.abs(logarithm(x) - Math.log(x))).toBeLessThanOrEqual(4.5e-16 * Math.abs(Math.log(x)));
    }
  });

  it('undoes the exponential', () => {
    for (let x = -700; x < 700; x += 3.7) {
      expect(Math.abs(logarithm(exponential(x)) - x)).toBeLessThan(1e-15 * Math.max(1, Math.abs(x)));
    }
  });

  it.each([
    [0, -Infinity],
    [-0, -Infinity],
    [Infinity, Infinity],
    [-1, NaN],
    [-Infinity, NaN],
    [NaN, NaN],
  ])('of %d', (x, expected) => {
    expect(logarithm(x)).toBe(expected);
  });
});
