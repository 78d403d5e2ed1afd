/** Numbers of a benchmark: medians, quantiles, alternating rounds, and the lines that tools/bench collects. */

/** @param {readonly number[]} values */
export function quantile(values, q) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))];
}

/** @param {readonly number[]} values */
export const median = (values) => quantile(values, 0.5);

/** The pair-wise ratios `a[i] / b[i]`: what a noisy machine does to both sides of a round cancels out. */
export const ratios = (a, b) => a.map((value, i) => value / b[i]);

/** Three digits are more than a shared machine can tell. */
const short = (value) => Number(value.toPrecision(value >= 1000 ? 4 : 3));

/**
 * Prints a figure as one JSON line: { figure, value, unit, atLeast?, atMost?, peer?, raw? }.
 * `value` is the median of `raw` if it is not given.
 */
export function figure({ raw, value = median(raw), ...rest }) {
  console.log(JSON.stringify({ ...rest, value: short(value), ...(raw && { raw: raw.map(short) }) }));
}

/** A line for whoever watches. */
export const say = (text) => process.stderr.write(`  ${text}\n`);

/**
 * Runs the sides in turn, A B A B …, after one round of each that is not counted.
 * @param sides name → () => Promise<number>
 * @returns name → measurements, one per round
 */
export async function alternate(sides, rounds) {
  const results = Object.fromEntries(Object.keys(sides).map((name) => [name, []]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const [name, measure] of Object.entries(sides)) {
      const value = await measure();
      if (round > 0) results[name].push(value);
    }
  }
  return results;
}
