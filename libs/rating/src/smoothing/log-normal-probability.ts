import { normalCdf } from '../numerics/truncated-normal.js';
import { erfcx } from '../numerics/erfcx.js';
import { exponential } from '../numerics/exponential.js';
import { logarithm } from '../numerics/logarithm.js';

const LOG_SQRT_TWO_PI = 0.9189385332046728;
/** Beyond this many deviations a square would leave the range of a double. */
const FAR = 1e150;
/** Below this product of distance and half width, the density is constant over the interval to the tenth digit. */
const NARROW = 1e-4;

/** ln P(Z < t) for a standard normal Z; far out, where P itself would be 0, by the scaled function. */
export function logCdf(t: number): number {
  if (t > -1) return logarithm(normalCdf(t));
  const x = Math.min(-t, FAR);
  return logarithm(0.5 * erfcx(x * Math.SQRT1_2)) - 0.5 * x * x;
}

/** ln P(|Z - middle| <= halfWidth) for a standard normal Z; -Infinity where the interval has no width. */
export function logProbabilityWithin(middle: number, halfWidth: number): number {
  const distance = Math.min(Math.abs(middle), FAR);
  if (!(halfWidth > 0)) return -Infinity;
  if (halfWidth * Math.max(1, distance) < NARROW) {
    return logarithm(2 * halfWidth) - LOG_SQRT_TWO_PI - 0.5 * distance * distance;
  }
  const nearest = distance - halfWidth;
  if (nearest <= 0) return logarithm(normalCdf(-nearest) - normalCdf(-distance - halfWidth));
  const farther = erfcx((distance + halfWidth) * Math.SQRT1_2) * exponential(-2 * distance * halfWidth);
  return logarithm(0.5 * (erfcx(nearest * Math.SQRT1_2) - farther)) - 0.5 * nearest * nearest;
}
