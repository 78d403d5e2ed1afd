const DIGIT_BITS = 11;
const RADIX = 1 << DIGIT_BITS;
/** Keys are told apart by their place among so many between the lowest and the highest: two digits. */
const BUCKETS = RADIX * RADIX;
/** The scale from keys to buckets stays below this, so that keys that hardly differ do not make it infinite. */
const LARGEST_SCALE = 1e300;
/** Up to so many keys are ordered by comparing alone: counting them by buckets would take longer. */
const SMALL = 500;
/** Keys of one bucket: up to so many are put in order by insertion. */
const FEW = 16;
/** Keys mended between two pauses. */
const KEYS_PER_STEP = 50_000;

/** Gives keys their buckets; a greater key never has a lower one. */
interface Scale {
  readonly lowest: number;
  readonly perUnit: number;
}

/**
 * The places of `keys` (finite numbers) in ascending order of the keys, equal keys in the order given. A radix sort of two passes over
 * four million buckets, in which those who share one are put in order by comparing: linear where the keys are spread out, never
 * worse than n log n. The keys in ascending order are written to `sorted`. Yields between portions of the work.
 */
export function* radixOrder(
  keys: Float64Array,
  sorted: Float64Array = new Float64Array(keys.length),
): Generator<void, Uint32Array> {
  const { length } = keys;
  if (length <= SMALL) return byComparing(keys, sorted);
  const scale = scaleOf(keys);
  const low = new Uint32Array(RADIX);
  const high = new Uint32Array(RADIX);
  for (let i = 0; i < length; i++) {
    const bucket = bucketOf(keys[i] as number, scale);
    const lowDigit = bucket & (RADIX - 1);
    const highDigit = bucket >>> DIGIT_BITS;
    low[lowDigit] = (low[lowDigit] as number) + 1;
    high[highDigit] = (high[highDigit] as number) + 1;
  }
  yield;
  // Keys move with their places: to look them up there would wait for memory once there are more than the caches hold.
  const half = new Uint32Array(length);
  const halfSorted = new Float64Array(length);
  startsOf(low);
  for (let i = 0; i < length; i++) {
    const key = keys[i] as number;
    const digit = bucketOf(key, scale) & (RADIX - 1);
    const place = low[digit] as number;
    low[digit] = place + 1;
    half[place] = i;
    halfSorted[place] = key;
  }
  yield;
  const order = new Uint32Array(length);
  startsOf(high);
  for (let i = 0; i < length; i++) {
    const key = halfSorted[i] as number;
    const digit = bucketOf(key, scale) >>> DIGIT_BITS;
    const place = high[digit] as number;
    high[digit] = place + 1;
    order[place] = half[i] as number;
    sorted[place] = key;
  }
  yield;
  yield* orderWithinBuckets(order, sorted, keys, scale);
  return order;
}

function byComparing(keys: Float64Array, sorted: Float64Array): Uint32Array {
  const order = new Uint32Array(keys.length);
  for (let i = 0; i < order.length; i++) order[i] = i;
  sorted.set(keys);
  if (order.length <= FEW) insert(order, sorted, 0, order.length);
  else sort(order, sorted, 0, order.length, keys);
  return order;
}

function scaleOf(keys: Float64Array): Scale {
  let lowest = Infinity;
  let highest = -Infinity;
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] as number;
    if (key < lowest) lowest = key;
    if (key > highest) highest = key;
  }
  const range = highest - lowest;
  return { lowest, perUnit: range > 0 ? Math.min(LARGEST_SCALE, (BUCKETS - 1) / range) : 0 };
}

function bucketOf(key: number, { lowest, perUnit }: Scale): number {
  return ((key - lowest) * perUnit) >>> 0;
}

/** Makes of counts where each of what was counted begins. */
function startsOf(counts: Uint32Array): void {
  let total = 0;
  for (let digit = 0; digit < RADIX; digit++) {
    const count = counts[digit] as number;
    counts[digit] = total;
    total += count;
  }
}

function* orderWithinBuckets(
  order: Uint32Array,
  sorted: Float64Array,
  keys: Float64Array,
  scale: Scale,
): Generator<void, void> {
  let start = 0;
  let bucket = bucketOf(sorted[0] as number, scale);
  let pause = KEYS_PER_STEP;
  for (let i = 1; i <= order.length; i++) {
    const next = i < order.length ? bucketOf(sorted[i] as number, scale) : BUCKETS;
    if (next === bucket) continue;
    bucket = next;
    if (i - start <= FEW) insert(order, sorted, start, i);
    else if (!isAscending(sorted, start, i)) sort(order, sorted, start, i, keys);
    start = i;
    if (i < pause) continue;
    pause = i + KEYS_PER_STEP;
    yield;
  }
}

function insert(order: Uint32Array, sorted: Float64Array, from: number, end: number): void {
  for (let i = from + 1; i < end; i++) {
    const index = order[i] as number;
    const key = sorted[i] as number;
    let place = i;
    for (; place > from && (sorted[place - 1] as number) > key; place--) {
      order[place] = order[place - 1] as number;
      sorted[place] = sorted[place - 1] as number;
    }
    order[place] = index;
    sorted[place] = key;
  }
}

function sort(order: Uint32Array, sorted: Float64Array, from: number, end: number, keys: Float64Array): void {
  order.subarray(from, end).sort((a, b) => (keys[a] as number) - (keys[b] as number) || a - b);
  for (let i = from; i < end; i++) sorted[i] = keys[order[i] as number] as number;
}

/** Many keys of one bucket are usually equal. */
function isAscending(sorted: Float64Array, from: number, end: number): boolean {
  for (let i = from + 1; i < end; i++) {
    if ((sorted[i - 1] as number) > (sorted[i] as number)) return false;
  }
  return true;
}
