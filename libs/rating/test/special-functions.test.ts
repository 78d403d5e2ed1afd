import { readFileSync } from 'node:fs';
import { exponential } from '../src/numerics/exponential.js';
import { erfc, erfcx } from '../src/numerics/erfcx.js';
import { momentsAbove, momentsWithin } from '../src/numerics/truncated-normal.js';
import { standardDrawMargin } from '../src/numerics/draw-margin.js';

interface Vectors {
  /** x, erfcx(x) */
  erfcx: [number, number][];
  /** x, erfc(x) */
  erfc: [number, number][];
  /** t, v, v + t, w, 1 - w */
  win: [number, number, number, number, number][];
  /** low, high, mean, variance */
  tie: [number, number, number, number][];
}
const vectors = JSON.parse(
  readFileSync(new URL('./vectors/special-functions.json', import.meta.url), 'utf8'),
) as Vectors;

function relativeError(actual: number, expected: number): number {
  return actual === expected ? 0 : Math.abs(actual - expected) / Math.abs(expected);
}

describe('special functions against values computed with 60 digits', () => {
  it.each(vectors.erfcx)('erfcx(%d)', (x, expected) => {
    expect(relativeError(erfcx(x), expected)).toBeLessThan(1e-15);
  });

  it.each(vectors.erfc)('erfc(%d)', (x, expected) => {
    expect(relativeError(erfc(x), expected)).toBeLessThan(2e-15);
  });

  it.each(vectors.win)('mean and variance above %d', (t, v, _excess, _w, rest) => {
    const moments = momentsAbove(t);
    // e^(-t^2/2) magnifies the rounding of t itself; there v is far below anything a rating could show.
    expect(relativeError(moments.mean, v)).toBeLessThan(5e-15 + (t > 0 ? 2e-16 * t * t : 0));
    expect(relativeError(moments.variance, rest)).toBeLessThan(1e-13);
  });

  it.each(vectors.tie)('mean and variance between %d and %d', (low, high, mean, variance) => {
    const moments = momentsWithin((low + high) / 2, (high - low) / 2);
    expect(Math.abs(moments.mean - mean)).toBeLessThan(1e-14 * Math.max(1, Math.abs(mean)));
    // The width of an interval far out is itself only known to the digits that its ends have.
    const knownTo = (1e-15 * Math.max(Math.abs(low), Math.abs(high))) / (high - low);
    expect(relativeError(moments.variance, variance)).toBeLessThan(1e-13 + knownTo);
  });

  it('exp agrees with the engine over the whole range', () => {
    for (let x = -744; x < 709.78; x += 0.37) {
      const expected = Math.exp(x);
      expect(Math.abs(exponential(x) - expected)).toBeLessThanOrEqual(4.5e-16 * expected + Number.MIN_VALUE);
    }
    expect([0, -0, 1000, -1000, Infinity, -Infinity].map(exponential)).toEqual([
      1,
      1,
      Infinity,
      0,
      Infinity,
      0,
    ]);
    expect(exponential(709.78)).toBeLessThan(Infinity);
  });

  it('stays finite and positive where squares overflow', () => {
    for (const t of [-Infinity, -1e308, -1e200, -1e150, 1e150, 1e308, Infinity]) {
      const above = momentsAbove(t);
      expect(above.mean).toBeGreaterThanOrEqual(0);
      expect(above.mean).toBeLessThan(Infinity);
      expect(above.variance).toBeGreaterThan(0);
      expect(above.variance).toBeLessThanOrEqual(1);
      for (const half of [0, 1e-300, 1, 1e308]) {
        const within = momentsWithin(t, half);
        expect(Number.isFinite(within.mean)).toBe(true);
        expect(within.variance).toBeGreaterThan(0);
        expect(within.variance).toBeLessThanOrEqual(1);
      }
    }
  });

  it.each([
    [0, 0],
    [1e-12, 1.2533141373155003e-12],
    [0.0099, 0.012408128348054262],
    [0.1, 0.12566134685507402],
    [0.5, 0.6744897501960817],
    [0.95, 1.959963984540054],
    [0.9999999, 5.3267238864801436],
  ])('draw margin for probability %d', (p, expected) => {
    expect(relativeError(standardDrawMargin(p), expected)).toBeLessThan(1e-14);
  });
});
