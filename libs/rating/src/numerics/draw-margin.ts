import { erfc } from './erfcx.js';
import { exponential } from './exponential.js';

const HALF_SQRT_PI = 0.886226925452758;

/** The x >= 0 with erf(x) = p, for 0 <= p < 1. */
function inverseErf(p: number): number {
  if (p < 0.01) {
    // Power series of the inverse: here erfc would lose the digits of p.
    const z = HALF_SQRT_PI * p;
    const z2 = z * z;
    return z * (1 + z2 * (1 / 3 + z2 * (7 / 30 + z2 * (127 / 630))));
  }
  const target = 1 - p;
  let low = 0;
  let high = 6;
  for (let i = 0; i < 12; i++) {
    const middle = (low + high) / 2;
    if (erfc(middle) > target) low = middle;
    else high = middle;
  }
  let x = (low + high) / 2;
  // Newton's step in units of the function itself: the derivative of erfc is -2/sqrt(pi) e^(-x^2).
  for (let i = 0; i < 6; i++) x += (erfc(x) - target) * HALF_SQRT_PI * exponential(x * x);
  return x;
}

/**
 * The margin for one performance deviation: two equally strong teams, whose performance difference has standard deviation
 * `d`, end within `standardDrawMargin(p) * d` of each other with probability p (Herbrich, Minka and Graepel 2006, section 2).
 */
export function standardDrawMargin(drawProbability: number): number {
  return Math.SQRT2 * inverseErf(drawProbability);
}
