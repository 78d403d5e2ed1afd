import type { Minimum } from './minimise.js';

/** A search that begins near a minimum of a smooth function. */
export interface DescendOptions {
  readonly start: readonly number[];
  /** Per number: the bounds it is kept within. */
  readonly low: readonly number[];
  readonly high: readonly number[];
  readonly maxEvaluations: number;
  /** The search ends where the next step promises, or the last one gave, less than this. */
  readonly smallestGain: number;
}

/** For first and second derivatives. The function must be smooth to about 1e-9 of what matters over the shorter of the two. */
const SHORT = 1e-4;
const LONG = 0.05;
const LONGEST_STEP = 1;
const SMALLEST_CURVATURE = 1e-3;
/** Share of the promised decrease that a step must give (Armijo). */
const SUFFICIENT = 1e-3;
const MAX_SHORTENINGS = 8;

/**
 * Quasi-Newton descent: the method of Broyden, Fletcher, Goldfarb and Shanno with differences in place of derivatives (Nocedal and
 * Wright, _Numerical Optimization_, chapters 6 and 8). Finds its way along valleys that lie oblique to the axes. Numbers at a bound that
 * the slope would lead across stay there. Never ends above the value at the start.
 */
export function descend(evaluate: (point: readonly number[]) => number, options: DescendOptions): Minimum {
  const { low, high, maxEvaluations, smallestGain } = options;
  const n = options.start.length;
  let evaluations = 0;
  const at = (point: readonly number[]): number => {
    evaluations++;
    return evaluate(point);
  };
  const moved = (point: readonly number[], i: number, by: number) =>
    point.map((x, k) => (k === i ? x + by : x));
  /** Into the bounds, should the point be at one. */
  const inward = (point: readonly number[], i: number, by: number) =>
    (point[i] as number) + by > (high[i] as number) ? -by : by;
  const slopes = (point: readonly number[], value: number) =>
    point.map((_, i) => {
      const step = inward(point, i, SHORT);
      return (at(moved(point, i, step)) - value) / step;
    });

  let point = options.start;
  let value = at(point);
  let inverse: number[][] | undefined;
  let gradient: readonly number[] = [];
  let settled = false;
  // What a round may take: the slopes after it, and before the first the curvatures.
  while (evaluations + MAX_SHORTENINGS + (inverse === undefined ? 4 : 1) * n <= maxEvaluations) {
    if (inverse === undefined) {
      // Curvatures along the axes to begin with.
      inverse = point.map((_, i) => {
        const step = inward(point, i, 2 * LONG) / 2;
        const curvature =
          (value - 2 * at(moved(point, i, step)) + at(moved(point, i, 2 * step))) / (step * step);
        return point.map((_, k) => (k === i ? 1 / Math.max(curvature, SMALLEST_CURVATURE) : 0));
      });
      gradient = slopes(point, value);
    }
    const free = point.map((x, i) => {
      const slope = gradient[i] as number;
      return !((x <= (low[i] as number) && slope > 0) || (x >= (high[i] as number) && slope < 0));
    });
    const direction = inverse.map((row, i) =>
      free[i] === true
        ? -row.reduce((sum, h, k) => sum + (free[k] === true ? h * (gradient[k] as number) : 0), 0)
        : 0,
    );
    const slope = dot(direction, gradient);
    const longest = Math.max(...direction.map(Math.abs));
    // Differences that overflow lead nowhere.
    if (!(-0.5 * slope >= smallestGain && longest < Infinity)) {
      settled = -0.5 * slope < smallestGain;
      break;
    }
    const before = { point, value, gradient };
    let factor = Math.min(1, LONGEST_STEP / longest);
    for (let tries = 0; tries < MAX_SHORTENINGS; tries++, factor /= 3) {
      const candidate = before.point.map((x, i) =>
        Math.min(high[i] as number, Math.max(low[i] as number, x + factor * (direction[i] as number))),
      );
      const found = at(candidate);
      if (found > before.value + SUFFICIENT * factor * slope) continue;
      point = candidate;
      value = found;
      break;
    }
    if (before.value - value < smallestGain) {
      settled = true;
      break;
    }
    gradient = slopes(point, value);
    const step = point.map((x, i) => x - (before.point[i] as number));
    const change = gradient.map((g, i) => g - (before.gradient[i] as number));
    inverse = updatedInverse(inverse, step, change);
  }
  return { point, value, evaluations, settled };
}

/** The BFGS formula for the inverse of the matrix of second derivatives; as it was where the curvature along the step is not positive. */
function updatedInverse(inverse: number[][], step: readonly number[], change: readonly number[]): number[][] {
  const curvature = dot(step, change);
  if (!(curvature > 0)) return inverse;
  const image = inverse.map((row) => dot(row, change));
  const scale = (1 + dot(image, change) / curvature) / curvature;
  return inverse.map((row, i) =>
    row.map((h, k) => {
      const [si, sk] = [step[i] as number, step[k] as number];
      return h + scale * si * sk - ((image[i] as number) * sk + si * (image[k] as number)) / curvature;
    }),
  );
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, x, i) => sum + x * (b[i] as number), 0);
}
