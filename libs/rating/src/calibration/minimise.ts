/** A search for the smallest value of a function of several numbers. */
export interface MinimiseOptions {
  readonly start: readonly number[];
  /** Per number: the first step, > 0. */
  readonly steps: readonly number[];
  /** Per number: the bounds it is kept within. */
  readonly low: readonly number[];
  readonly high: readonly number[];
  readonly maxEvaluations: number;
  /** Steps below this share of the first ones end the search. */
  readonly smallestStep: number;
  /** So does a round that gains less than this. */
  readonly smallestGain: number;
}

export interface Minimum {
  readonly point: readonly number[];
  readonly value: number;
  readonly evaluations: number;
  /** False if the evaluations ran out before the search had settled. */
  readonly settled: boolean;
}

/** After a success the step of a number grows by this; after a failure on both sides it shrinks to where the parabola points. */
const GROWTH = 1.6;
const SMALLEST_SHRINK = 0.1;
const LARGEST_SHRINK = 0.5;

/**
 * Pattern search (Hooke and Jeeves, _Direct Search Solution of Numerical and Statistical Problems_, J. ACM 8, 1961): each number in
 * turn is tried on both sides; where neither is better, the vertex of the parabola through the three points is. After a round
 * the move as a whole is repeated as long as that helps. Each number has a step of its own. No derivatives, no randomness: the same
 * function gives the same minimum. It never ends above the value at the start.
 */
export function minimise(evaluate: (point: readonly number[]) => number, options: MinimiseOptions): Minimum {
  const { low, high, maxEvaluations, smallestStep, smallestGain } = options;
  const steps = [...options.steps];
  const directions = steps.map(() => 1);
  let point = options.start.map((x, i) => clamp(x, low[i] as number, high[i] as number));
  let value = evaluate(point);
  let evaluations = 1;

  /** Moves to a point if it is better; returns the value there, undefined where nothing new could be tried. */
  const attempt = (candidate: number[]): number | undefined => {
    const inside = candidate.map((x, i) => clamp(x, low[i] as number, high[i] as number));
    if (evaluations >= maxEvaluations || inside.every((x, i) => x === point[i])) return undefined;
    evaluations++;
    const found = evaluate(inside);
    if (found < value) {
      point = inside;
      value = found;
    }
    return found;
  };
  const shifted = (i: number, by: number) => point.map((x, k) => (k === i ? x + by : x));

  const explore = (i: number): void => {
    const step = steps[i] as number;
    const forward = step * (directions[i] as number);
    const centre = value;
    const ahead = attempt(shifted(i, forward));
    if (ahead !== undefined && ahead < centre) {
      steps[i] = step * GROWTH;
      return;
    }
    const behind = attempt(shifted(i, -forward));
    if (behind !== undefined && behind < centre) {
      directions[i] = -(directions[i] as number);
      steps[i] = step * GROWTH;
      return;
    }
    let shrink = LARGEST_SHRINK;
    if (ahead !== undefined && behind !== undefined) {
      const curvature = ahead + behind - 2 * centre;
      // Between -1/2 and 1/2, as the centre is the lowest of the three.
      const offset = curvature > 0 && curvature < Infinity ? (0.5 * (behind - ahead)) / curvature : 0;
      if (Math.abs(offset) > smallestStep) attempt(shifted(i, offset * forward));
      shrink = clamp(Math.abs(offset), SMALLEST_SHRINK, LARGEST_SHRINK);
    }
    steps[i] = step * shrink;
  };

  for (;;) {
    const before = { point, value };
    for (let i = 0; i < steps.length; i++) explore(i);
    for (let factor = 1; value < before.value && evaluations < maxEvaluations; factor *= 2) {
      const reached = value;
      attempt(point.map((x, i) => x + factor * (x - (before.point[i] as number))));
      if (!(value < reached)) break;
    }
    const fine = steps.every((step, i) => step < smallestStep * (options.steps[i] as number));
    const small = steps.every((step, i) => step < 0.3 * (options.steps[i] as number));
    const settled = fine || (small && before.value - value < smallestGain);
    if (settled || evaluations >= maxEvaluations) return { point, value, evaluations, settled };
  }
}

function clamp(x: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, x));
}
