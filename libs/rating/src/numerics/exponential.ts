const LOG2_E = 1.4426950408889634;
/** ln 2 in two parts; the first has 21 trailing zero bits, so that its product with an exponent is exact. */
const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;

/** 2^k for k = -1074 … 1023, by doubling, which is exact. */
const POWERS_OF_TWO = (() => {
  const powers = new Float64Array(2098);
  let power = Number.MIN_VALUE;
  for (let i = 0; i < powers.length; i++, power *= 2) powers[i] = power;
  return powers;
})();

/** 1/n! for n = 13 … 2: the Taylor series to the 13th power errs by less than 1e-17 for |r| <= ln(2)/2. */
const INVERSE_FACTORIALS = [
  1 / 6227020800,
  1 / 479001600,
  1 / 39916800,
  1 / 3628800,
  1 / 362880,
  1 / 40320,
  1 / 5040,
  1 / 720,
  1 / 120,
  1 / 24,
  1 / 6,
  1 / 2,
] as const;

function powerOfTwo(k: number): number {
  return POWERS_OF_TWO[k + 1074] as number;
}

/**
 * e^x within about one unit in the last place. `Math.exp` may differ from one JavaScript engine to the next; this one
 * uses additions and multiplications alone, so ratings have the same bits everywhere.
 */
export function exponential(x: number): number {
  if (x > 709.782712893384) return Infinity;
  if (x < -745.2) return 0;
  const k = Math.round(x * LOG2_E);
  const r = x - k * LN2_HIGH - k * LN2_LOW;
  let series = INVERSE_FACTORIALS[0] as number;
  for (let i = 1; i < INVERSE_FACTORIALS.length; i++) series = series * r + (INVERSE_FACTORIALS[i] as number);
  const fraction = 1 + (r + r * r * series);
  // In two steps at the ends of the range: 2^1024 is no number, and below 2^-1021 a subnormal factor would round twice.
  if (k > 1023) return fraction * 2 * powerOfTwo(k - 1);
  return k < -1021 ? fraction * powerOfTwo(k + 100) * powerOfTwo(-100) : fraction * powerOfTwo(k);
}
