import fc from 'fast-check';
import { nextVolatility } from '../../src/glicko2/volatility.js';

/** The paper's f as it is printed, by the engine's own functions. */
function paperF(x: number, volatility: number, variance: number, delta: number, v: number, tau: number) {
  const a = Math.log(volatility ** 2);
  const e = Math.exp(x);
  return (e * (delta ** 2 - variance - v - e)) / (2 * (variance + v + e) ** 2) - (x - a) / tau ** 2;
}

describe('the volatility of the next period', () => {
  it("is a root of the paper's function", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 0.3, noNaN: true }),
        fc.double({ min: 0.01, max: 4, noNaN: true }),
        fc.double({ min: -8, max: 8, noNaN: true }),
        fc.double({ min: 0.05, max: 5, noNaN: true }),
        fc.double({ min: 0.05, max: 1.2, noNaN: true }),
        (volatility, variance, score, information, tau) => {
          const next = nextVolatility(volatility, variance, score, information, tau);
          const change = Math.log(next / volatility);
          // So much evidence against so little information may ask for more than one period allows.
          if (Math.abs(change) > 4.99) return expect(Math.abs(change)).toBeCloseTo(5, 9);
          const x = Math.log(next ** 2);
          const v = 1 / information;
          // In units of x: f is that distance over tau squared.
          const f = paperF(x, volatility, variance, score * v, v, tau) * tau ** 2;
          expect(Math.abs(f)).toBeLessThan(1e-12);
        },
      ),
    );
  });

  it('rises after surprises and falls after what was expected', () => {
    expect(nextVolatility(0.06, 0.1, 3, 0.5, 0.5)).toBeGreaterThan(0.06);
    expect(nextVolatility(0.06, 0.1, 0, 0.5, 0.5)).toBeLessThan(0.06);
    expect(nextVolatility(0.06, 0.1, 3, 0.5, 1)).toBeGreaterThan(nextVolatility(0.06, 0.1, 3, 0.5, 0.3));
  });

  it('takes the root nearest to no change where there are three', () => {
    // Far more than expected with hardly any information: f has roots near z = 0 and far above.
    const next = nextVolatility(0.06, 0.083, 1, 1.8e-4, 0.5);
    expect(next).toBeGreaterThan(0.06);
    expect(next).toBeLessThan(0.0601);
  });

  it('is a number above 0 whatever is given', () => {
    const numbers = [1e-50, 1e-6, 0.06, 1, 1e6, 1e50];
    for (const volatility of numbers) {
      for (const variance of [0, ...numbers.map((n) => n * n)]) {
        for (const score of [0, 1e-300, 1, -1, 1e3, 1e100]) {
          for (const information of [0, 1e-300, 0.25, 1e3, 1e100]) {
            for (const tau of [1e-200, 0.5, 1.2, 1e3]) {
              const next = nextVolatility(volatility, variance, score, information, tau);
              expect(next > 0 && next < Infinity).toBe(true);
              expect(Math.abs(Math.log(next / volatility))).toBeLessThan(5.1);
            }
          }
        }
      }
    }
  });
});
