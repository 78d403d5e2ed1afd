import { erfc, erfcx } from './erfcx.js';
import { exponential } from './exponential.js';
import { GAUSS_NODES, GAUSS_WEIGHTS } from './quadrature.js';

/** Mean and variance of a standard normal variable of which is known where it lies. */
export interface TruncatedMoments {
  readonly mean: number;
  /** Positive, at most 1. */
  readonly variance: number;
}

const SQRT_HALF = Math.SQRT1_2;
const SQRT_2_OVER_PI = 0.7978845608028654;
/** Beyond this many deviations squares would leave the range of a double; the moments are those at the limit. */
const FAR = 1e150;
/** e^-40 is less than half a unit in the last place of 1: what lies beyond adds nothing to an integral. */
const NEGLIGIBLE_EXPONENT = 40;
/** Standard deviations that hold all of a normal density to double precision. */
const WHOLE_WIDTH = 9;
const SMALLEST_VARIANCE = 1e-300;

/** P(Z < x) for a standard normal Z. */
export function normalCdf(x: number): number {
  // Exactly what the line below gives there.
  if (x > 8.5) return 1;
  return 0.5 * erfc(-x * SQRT_HALF);
}

/**
 * Moments of Z given Z > -t: the mean is the function v of the papers, the variance 1 - w
 * (Herbrich, Minka and Graepel 2006, equations for a win without and with a draw margin).
 */
export function momentsAbove(t: number): TruncatedMoments {
  if (t < -2.5) return momentsInTail(Math.min(-t, FAR));
  const v = SQRT_2_OVER_PI / erfcx(-t * SQRT_HALF);
  // v = 0 once erfcx overflows; t itself may be so large that 0 * t is safe but t * t is not.
  return { mean: v, variance: v === 0 ? 1 : 1 - v * (v + t) };
}

/**
 * Chebyshev coefficients, highest order first, of x K(x) as a function of y = (x - 7.5) / (x + 2.5), which maps all x >= 2.5 to
 * -1 <= y < 1; computed with 60 digits by interpolation at 40 Chebyshev nodes, the terms below 1e-17 dropped.
 */
const TAIL_COEFFICIENTS = new Float64Array([
  -6.53824817105907e-17, -3.559292956791991e-16, 7.154120539767314e-16, 9.593480608075823e-15,
  1.540842973508526e-15, -2.189762221269078e-13, -3.823930713946078e-13, 4.567872765444809e-12,
  1.4899910597809905e-11, -9.14217431131147e-11, -4.4803381130164833e-10, 1.8464096535496592e-9,
  1.22780472466095e-8, -4.0269735033013355e-8, -3.2705458267184706e-7, 1.0308398317605224e-6,
  8.750558872451217e-6, -3.312030753778726e-5, -0.0002361604569342898, 0.0013753321492870258,
  0.005700995879593589, -0.07829535950607548, 0.24649760823956537, 1.8249812763238358,
]);

/**
 * The same for x = -t far in the tail, where 1 - v (v + t) would cancel. Laplace's continued fraction for Mills' ratio gives
 * u = v - x = 1/(x + K) with K = 2/(x + 3/(x + …)), and from it 1 - v u = u (K - u) without cancellation.
 */
function momentsInTail(x: number): TruncatedMoments {
  const last = TAIL_COEFFICIENTS.length - 1;
  const y = (x - 7.5) / (x + 2.5);
  const twice = 2 * y;
  let previous = 0;
  let current = 0;
  for (let i = 0; i < last; i++) {
    const next = twice * current - previous + (TAIL_COEFFICIENTS[i] as number);
    previous = current;
    current = next;
  }
  const k = (y * current - previous + (TAIL_COEFFICIENTS[last] as number)) / x;
  const u = 1 / (x + k);
  return { mean: x + u, variance: Math.max(u * (k - u), SMALLEST_VARIANCE) };
}

/**
 * Moments of Z given |Z - middle| <= halfWidth: a draw. The closed form cancels when the interval is narrow or far out, so
 * the integrals are taken numerically over the part of the interval that carries weight, in panels over which the density
 * changes by a factor of e^6 at most; all terms are positive. A width of 0 is the limit of ever narrower intervals.
 */
export function momentsWithin(middle: number, halfWidth: number): TruncatedMoments {
  if (middle < 0) {
    const mirrored = momentsWithin(-middle, halfWidth);
    return { mean: -mirrored.mean, variance: mirrored.variance };
  }
  // The middle is >= 0, so the density is highest at the lower end, or at 0 if that lies inside.
  const start = Math.max(Math.min(middle - halfWidth, FAR), -WHOLE_WIDTH);
  const reach =
    start > 0
      ? (2 * NEGLIGIBLE_EXPONENT) / (start + Math.sqrt(start * start + 2 * NEGLIGIBLE_EXPONENT))
      : WHOLE_WIDTH - start;
  const width = Math.min(start > -WHOLE_WIDTH ? 2 * halfWidth : middle + halfWidth - start, reach);
  if (!(width > 0)) return { mean: start, variance: SMALLEST_VARIANCE };
  const steepest = Math.max(Math.abs(start), Math.abs(start + width));
  const moments = integrateMoments(start, width, Math.max(1, Math.ceil((width * steepest) / 6)));
  // Exactly in the middle nothing moves, not even by the rounding of a sum.
  return middle === 0 ? { mean: 0, variance: moments.variance } : moments;
}

function integrateMoments(start: number, width: number, panels: number): TruncatedMoments {
  // Offsets count from the densest point, so that the variance below cancels as little as can be.
  const origin = Math.max(start, 0);
  const first = start - origin;
  const half = width / panels / 2;
  let mass = 0;
  let sum = 0;
  let sumOfSquares = 0;
  for (let panel = 0; panel < panels; panel++) {
    const middle = first + half * (2 * panel + 1);
    for (let i = 0; i < GAUSS_NODES.length; i++) {
      const offset = half * (GAUSS_NODES[i] as number);
      const below = middle - offset;
      const above = middle + offset;
      const weight = GAUSS_WEIGHTS[i] as number;
      const left = weight * exponential(-below * (origin + 0.5 * below));
      const right = weight * exponential(-above * (origin + 0.5 * above));
      mass += left + right;
      sum += left * below + right * above;
      sumOfSquares += left * below * below + right * above * above;
    }
  }
  const mean = sum / mass;
  const variance = sumOfSquares / mass - mean * mean;
  return { mean: origin + mean, variance: Math.min(1, Math.max(variance, SMALLEST_VARIANCE)) };
}
