const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
const WORD = new DataView(new ArrayBuffer(8));
/** 2^54, exact: lifts subnormal numbers into the normal range. */
const LIFT = 18014398509481984;
/** The series below in s^2 reaches s^21 / 21; with |s| <= 0.1716 what is left out is below 1e-17 of the sum. */
const ODD = [1 / 21, 1 / 19, 1 / 17, 1 / 15, 1 / 13, 1 / 11, 1 / 9, 1 / 7, 1 / 5, 1 / 3] as const;

/**
 * The natural logarithm within about one unit in the last place, of additions, multiplications and divisions alone, so that
 * it has the same bits on every engine, which `Math.log` need not have. NaN below 0, -Infinity at 0.
 */
export function logarithm(x: number): number {
  if (!(x > 0)) return x === 0 ? -Infinity : NaN;
  if (x === Infinity) return Infinity;
  let exponent = 0;
  let normal = x;
  if (x < 2.2250738585072014e-308) {
    normal = x * LIFT;
    exponent = -54;
  }
  WORD.setFloat64(0, normal);
  const high = WORD.getInt32(0);
  exponent += (high >>> 20) - 1023;
  WORD.setInt32(0, (high & 0xfffff) | 0x3ff00000);
  let fraction = WORD.getFloat64(0);
  if (fraction > Math.SQRT2) {
    fraction /= 2;
    exponent += 1;
  }
  // ln(1 + f) = 2 artanh(s) with s = f / (2 + f), written f - s (f - r) so that the leading term f is exact.
  const f = fraction - 1;
  const s = f / (2 + f);
  const s2 = s * s;
  let series = 0;
  for (let i = 0; i < ODD.length; i++) series = series * s2 + (ODD[i] as number);
  const r = 2 * s2 * series;
  return exponent * LN2_HIGH + (f - s * (f - r) + exponent * LN2_LOW);
}
