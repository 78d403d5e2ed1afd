import { exponential } from '../numerics/exponential.js';

/** Volatility changes at most by a factor of e^5 in one period, whatever happened. */
const LARGEST_CHANGE = 10;
/** Volatility comes out as exact as doubles are; three steps are usual. */
const TOLERANCE = 1e-15;
const MOST_STEPS = 100;

/**
 * The volatility after a rating period (Glickman 2013, step 5). With z = ln(new variance / old variance), the paper's f is divided by
 * what makes it the distance between z and the change that the evidence at z asks for; v is replaced by its inverse, the
 * information, and delta by score * v, so that nothing is infinite when a result was certain. The root nearest to no change is
 * taken, where there is more than one. The search is the paper's (Illinois), with a bracket that always holds.
 *
 * @param variance of the skill before the period, in squared Glicko-2 units (phi^2)
 * @param score sum of g (s - E) over the games
 * @param information sum of g^2 E (1 - E) over the games (1/v in the paper)
 */
export function nextVolatility(
  volatility: number,
  variance: number,
  score: number,
  information: number,
  tau: number,
): number {
  const before = volatility * volatility;
  const half = 0.5 * tau * tau;
  const askedFor = (z: number) => {
    const change = before * growth(z);
    const spread = (variance + change) * information + 1;
    return half * change * ((score / spread) * (score / spread) - information / spread);
  };
  const first = askedFor(0);
  if (first === 0) return volatility;
  let low = 0;
  let lowValue = first;
  let high = clamped(first);
  let highValue = askedFor(high) - high;
  // Beyond the root, z asks for less than itself. Downwards the first step always gets there.
  while (highValue * first > 0) {
    if (Math.abs(high) >= LARGEST_CHANGE) return volatility * growth(0.5 * clamped(high));
    low = high;
    lowValue = highValue;
    high = clamped(2 * high);
    highValue = askedFor(high) - high;
  }
  for (let step = 0; step < MOST_STEPS && Math.abs(high - low) > TOLERANCE; step++) {
    let next = low + ((low - high) * lowValue) / (highValue - lowValue);
    if (!(next > Math.min(low, high) && next < Math.max(low, high))) next = 0.5 * (low + high);
    const value = askedFor(next) - next;
    if (value * highValue <= 0) {
      low = high;
      lowValue = highValue;
    } else {
      lowValue *= 0.5;
    }
    high = next;
    highValue = value;
    // The slope is about -1: what is left to ask for is about the distance from the root.
    if (Math.abs(value) < TOLERANCE / 10) break;
  }
  return volatility * growth(0.5 * high);
}

/** e^z; most changes are tiny, where five terms of its series are as exact. */
function growth(z: number): number {
  return Math.abs(z) < 1e-3 ? 1 + z * (1 + (z / 2) * (1 + (z / 3) * (1 + z / 4))) : exponential(z);
}

function clamped(z: number): number {
  return Math.max(-LARGEST_CHANGE, Math.min(LARGEST_CHANGE, z));
}
