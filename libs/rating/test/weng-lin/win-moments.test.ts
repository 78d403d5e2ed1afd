import { momentsAbove } from '../../src/numerics/truncated-normal.js';
import { winGain, winMean } from '../../src/weng-lin/win-moments.js';

describe('the table of win moments', () => {
  it('agrees with the error function, at its points and between them', () => {
    for (let t = -12; t < 12; t += 1 / 37) {
      const { mean, variance } = momentsAbove(t);
      const actual = winMean(t);
      // Where v is below 1e-16, as it is for t > 8.6, its digits no longer matter.
      expect(Math.abs(actual - mean)).toBeLessThan(1e-13 * mean + 1e-18);
      expect(Math.abs(winGain(t, actual) - (1 - variance))).toBeLessThan(1e-13);
    }
  });

  it('goes on beyond the table', () => {
    expect(winMean(-1e6)).toBeCloseTo(1e6, 5);
    expect(winMean(1e6)).toBe(0);
    expect(winGain(-1e6, winMean(-1e6))).toBeCloseTo(1, 11);
    expect(winGain(1e6, 0)).toBe(0);
    for (const t of [-1e300, 1e300, -Number.MAX_VALUE]) {
      expect(winGain(t, winMean(t)) >= 0 && winGain(t, winMean(t)) <= 1).toBe(true);
    }
  });

  it('does not jump at the ends of the table', () => {
    for (const t of [-10, 10]) {
      const step = t * 1e-12;
      expect(winMean(t - step)).toBeCloseTo(winMean(t + step), 9);
      expect(winGain(t - step, winMean(t - step))).toBeCloseTo(winGain(t + step, winMean(t + step)), 9);
    }
  });
});
