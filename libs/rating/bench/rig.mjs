/** What the benchmarks share: seeded randomness, sides measured in turn, and the lines that tools/bench collects. */

/** mulberry32: small, seeded. */
export function random(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

/**
 * Seconds of processor time that this process has used. All work here is done in one go on one thread, so this is what the clock
 * would show on a machine that does nothing else.
 */
export function processorSeconds() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** How often `work` gets through one item of the list in a second, over at least `seconds`. */
function perSecond(list, work, seconds) {
  const start = processorSeconds();
  let done = 0;
  let elapsed = 0;
  while (elapsed < seconds) {
    for (const item of list) work(item);
    done += list.length;
    elapsed = processorSeconds() - start;
  }
  return done / elapsed;
}

/**
 * Measures the sides in turn, A B C A B C …; what else the machine does falls on all of them. The first two rounds warm up and
 * do not count.
 *
 * @param sides name → { list, work }
 * @returns name → times per second, one per round
 */
export function alternate(sides, { rounds = 9, seconds = 0.05 } = {}) {
  const results = Object.fromEntries(Object.keys(sides).map((name) => [name, []]));
  for (let round = -2; round < rounds; round += 1) {
    for (const [name, { list, work }] of Object.entries(sides)) {
      const value = perSecond(list, work, seconds);
      if (round >= 0) results[name].push(value);
    }
  }
  return results;
}

/** Three digits are more than a shared machine can tell. */
const short = (value) => Number(value.toPrecision(value >= 1000 ? 4 : 3));

/** Prints a figure as one JSON line; its value is the median of `raw` if none is given. */
export function figure({ raw, value = median(raw), ...rest }) {
  console.log(JSON.stringify({ ...rest, value: short(value), raw: raw?.map(short) }));
}

/** Prints how many times faster `ours` was than `theirs`, formed round by round. */
export function compare(what, ours, [peer, theirs], atLeast) {
  figure({
    figure: what,
    unit: '×',
    ...(atLeast !== undefined && { atLeast }),
    raw: ours.map((value, i) => value / theirs[i]),
    peer: `${peer}: ${thousands(median(theirs))} a second, ours ${thousands(median(ours))}`,
  });
}

const thousands = (value) => Math.round(value).toLocaleString('en');
