import { exponential } from '../numerics/exponential.js';
import type { Contest } from './contest.js';
import { PlaceSums } from './places.js';

/** Teams whose strengths, in deviations, are farther apart than this finish in that order, to the last digit of a double. */
const CERTAIN = 40;
/** Step of the sum over the logarithm of time; the error of the trapezoidal rule is about e^(-pi^2 / step). */
const STEP = 0.25;
/** A density e^u e^(-e^u) is below 1e-18 of its peak outside of -42 < u < 4. */
const EARLIEST = -42;
const LATEST = 4;

/** The deviation that scales all strengths: that of the update. */
function collectiveDeviation(contest: Contest): number {
  let collective = 0;
  for (let k = 0; k < contest.count; k++)
    collective += (contest.variances[k] as number) + contest.betaSquared;
  return Math.sqrt(collective);
}

/** Exactly the model's chance of coming first: in proportion to e^(strength/c). Writes `win`; the model knows no ties here. */
export function predictFirst(contest: Contest, win: Float64Array): number {
  const { count, strengths } = contest;
  const deviation = collectiveDeviation(contest);
  let highest = -Infinity;
  for (let k = 0; k < count; k++) highest = Math.max(highest, strengths[k] as number);
  let total = 0;
  for (let k = 0; k < count; k++) {
    total += win[k] = exponential(((strengths[k] as number) - highest) / deviation);
  }
  for (let k = 0; k < count; k++) win[k] = (win[k] as number) / total;
  return 0;
}

/**
 * The model's probabilities of every place, `[team][place]`. Its ranking is that of a race in which team i arrives after an
 * exponentially distributed time of rate e^(strength/c) (Luce 1959; Plackett 1975), which leaves one integral over the arrival time
 * instead of a sum over all orders. With u = ln(time) + strength/c the density of the arrival is e^u e^(-e^u).
 */
export function plackettLucePlaces(contest: Contest): number[][] {
  const { count } = contest;
  const logRates = orderedLogRates(contest);
  const sums = new PlaceSums(count);
  const before = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const own = logRates[i] as number;
    for (let u = EARLIEST; u <= LATEST; u += STEP) {
      const hazard = exponential(u);
      for (let j = 0; j < count; j++) {
        before[j] = -expm1OfNegative(exponential(u + (logRates[j] as number) - own));
      }
      sums.add(i, STEP * hazard * exponential(-hazard), before);
    }
  }
  return sums.matrix();
}

/** e^(-x) - 1 for x >= 0. */
function expm1OfNegative(x: number): number {
  return x < 1e-5 ? -x * (1 - 0.5 * x) : exponential(-x) - 1;
}

/** Strengths in deviations, the gaps between neighbours cut to what makes their order certain, so that nothing overflows. */
function orderedLogRates(contest: Contest): Float64Array {
  const { count, strengths } = contest;
  const deviation = collectiveDeviation(contest);
  const order = Array.from({ length: count }, (_, k) => k).sort(
    (a, b) => (strengths[b] as number) - (strengths[a] as number),
  );
  const logRates = new Float64Array(count);
  for (let k = 1; k < count; k++) {
    const [above, below] = [order[k - 1] as number, order[k] as number];
    const gap = ((strengths[above] as number) - (strengths[below] as number)) / deviation;
    logRates[below] = (logRates[above] as number) - Math.min(gap, CERTAIN);
  }
  return logRates;
}
