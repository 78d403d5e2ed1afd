const DIGIT_BITS = 11;
const RADIX = 1 << DIGIT_BITS;
const MASK = RADIX - 1;
/** Digits in a key of 64 bits. */
const PASSES = 6;

/**
 * The places of `keys` in ascending order of the keys, equal keys in the order given: a radix sort over the 64 bits of the keys
 * (finite numbers), turned so that their unsigned order is that of the numbers. Linear; yields between passes.
 */
export function* radixOrder(keys: Float64Array): Generator<void, Uint32Array> {
  const length = keys.length;
  const words = orderedWords(keys);
  const counts = countDigits(words);
  let from = new Uint32Array(length);
  for (let i = 0; i < length; i++) from[i] = i;
  let to = new Uint32Array(length);
  for (let pass = 0; pass < PASSES; pass++) {
    const places = counts.subarray(pass * RADIX, (pass + 1) * RADIX);
    // All keys agree in this digit: nothing to order by it.
    if (length === 0 || places[digitOf(words, 0, pass)] === length) continue;
    yield;
    let total = 0;
    for (let digit = 0; digit < RADIX; digit++) {
      const count = places[digit] as number;
      places[digit] = total;
      total += count;
    }
    scatter(words, pass, places, from, to);
    [from, to] = [to, from];
  }
  return from;
}

function scatter(words: Uint32Array, pass: number, places: Uint32Array, from: Uint32Array, to: Uint32Array) {
  for (let i = 0; i < from.length; i++) {
    const index = from[i] as number;
    const digit = digitOf(words, index, pass);
    const place = places[digit] as number;
    places[digit] = place + 1;
    to[place] = index;
  }
}

/** Three digits lie in the low word, the third of them reaching into the high one; three in what is left of that. */
function digitOf(words: Uint32Array, index: number, pass: number): number {
  const low = words[2 * index] as number;
  const high = words[2 * index + 1] as number;
  switch (pass) {
    case 0:
      return low & MASK;
    case 1:
      return (low >>> 11) & MASK;
    case 2:
      return ((low >>> 22) | (high << 10)) & MASK;
    case 3:
      return (high >>> 1) & MASK;
    case 4:
      return (high >>> 12) & MASK;
    default:
      return high >>> 23;
  }
}

function countDigits(words: Uint32Array): Uint32Array {
  const counts = new Uint32Array(PASSES * RADIX);
  const count = (place: number) => {
    counts[place] = (counts[place] as number) + 1;
  };
  for (let i = 0; i < words.length; i += 2) {
    const low = words[i] as number;
    const high = words[i + 1] as number;
    count(low & MASK);
    count(RADIX + ((low >>> 11) & MASK));
    count(2 * RADIX + (((low >>> 22) | (high << 10)) & MASK));
    count(3 * RADIX + ((high >>> 1) & MASK));
    count(4 * RADIX + ((high >>> 12) & MASK));
    count(5 * RADIX + (high >>> 23));
  }
  return counts;
}

/** Two words per key, the low one first (typed arrays are little-endian wherever JavaScript runs today). */
function orderedWords(keys: Float64Array): Uint32Array {
  const copy = new Float64Array(keys.length);
  // Adding 0 makes -0 the same as 0.
  for (let i = 0; i < keys.length; i++) copy[i] = (keys[i] as number) + 0;
  const words = new Uint32Array(copy.buffer);
  for (let i = 0; i < words.length; i += 2) {
    const high = words[i + 1] as number;
    // Negative numbers sort backwards by their bits and after the positive ones: all bits turned, else only the sign.
    if (high >>> 31 === 1) {
      words[i] = ~(words[i] as number);
      words[i + 1] = ~high;
    } else {
      words[i + 1] = high | 0x80000000;
    }
  }
  return words;
}
