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

/**
 * The places of `keys` (finite numbers) in ascending order of the keys, equal keys in the order given. A radix sort of two passes over
 * four million buckets, in which those who share one are put in order by comparing: linear where the keys are spread out, never
 * worse than n log n. Yields between portions of the work.
 */
export function* radixOrder(keys: Float64Array): Generator<void, Uint32Array> {
  const length = keys.length;
  if (length <= SMALL) return byComparing(keys);
  const buckets = bucketsOf(keys);
  const counts = new Uint32Array(2 * RADIX);
  for (let i = 0; i < length; i++) {
    const bucket = buckets[i] as number;
    const low = bucket & (RADIX - 1);
    const high = RADIX + (bucket >>> DIGIT_BITS);
    counts[low] = (counts[low] as number) + 1;
    counts[high] = (counts[high] as number) + 1;
  }
  yield;
  const half = new Uint32Array(length);
  const places = counts.subarray(0, RADIX);
  startsOf(places);
  for (let i = 0; i < length; i++) {
    const digit = (buckets[i] as number) & (RADIX - 1);
    const place = places[digit] as number;
    places[digit] = place + 1;
    half[place] = i;
  }
  yield;
  const order = new Uint32Array(length);
  const high = counts.subarray(RADIX);
  startsOf(high);
  for (let i = 0; i < length; i++) {
    const index = half[i] as number;
    const digit = (buckets[index] as number) >>> DIGIT_BITS;
    const place = high[digit] as number;
    high[digit] = place + 1;
    order[place] = index;
  }
  yield;
  yield* orderWithinBuckets(order, buckets, keys);
  return order;
}

function byComparing(keys: Float64Array): Uint32Array {
  const order = new Uint32Array(keys.length);
  for (let i = 0; i < order.length; i++) order[i] = i;
  if (order.length <= FEW) insert(order, 0, order.length, keys);
  else order.sort((a, b) => (keys[a] as number) - (keys[b] as number) || a - b);
  return order;
}

/** Per key its bucket; a greater key never has a lower one. */
function bucketsOf(keys: Float64Array): Uint32Array {
  let lowest = Infinity;
  let highest = -Infinity;
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] as number;
    if (key < lowest) lowest = key;
    if (key > highest) highest = key;
  }
  const buckets = new Uint32Array(keys.length);
  if (lowest === highest) return buckets;
  const scale = Math.min(LARGEST_SCALE, (BUCKETS - 1) / (highest - lowest));
  for (let i = 0; i < keys.length; i++) buckets[i] = ((keys[i] as number) - lowest) * scale;
  return buckets;
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
  buckets: Uint32Array,
  keys: Float64Array,
): Generator<void, void> {
  let start = 0;
  let pause = KEYS_PER_STEP;
  for (let i = 1; i <= order.length; i++) {
    if (i < order.length && buckets[order[i] as number] === buckets[order[start] as number]) continue;
    if (i - start <= FEW) insert(order, start, i, keys);
    else if (!isAscending(order, start, i, keys)) {
      order.subarray(start, i).sort((a, b) => (keys[a] as number) - (keys[b] as number) || a - b);
    }
    start = i;
    if (i < pause) continue;
    pause = i + KEYS_PER_STEP;
    yield;
  }
}

function insert(order: Uint32Array, from: number, end: number, keys: Float64Array): void {
  for (let i = from + 1; i < end; i++) {
    const index = order[i] as number;
    const key = keys[index] as number;
    let place = i;
    for (; place > from && (keys[order[place - 1] as number] as number) > key; place--) {
      order[place] = order[place - 1] as number;
    }
    order[place] = index;
  }
}

/** Many keys of one bucket are usually equal. */
function isAscending(order: Uint32Array, from: number, end: number, keys: Float64Array): boolean {
  for (let i = from + 1; i < end; i++) {
    if ((keys[order[i - 1] as number] as number) > (keys[order[i] as number] as number)) return false;
  }
  return true;
}
