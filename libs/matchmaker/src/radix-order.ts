/** Bytes in a key. */
const PASSES = 8;
const RADIX = 256;

/**
 * The given indices in ascending order of `keys[index]`, those with equal keys in the order given. Linear: a radix sort over the
 * 64 bits of the keys (finite numbers), turned so that their unsigned order is that of the numbers.
 */
export function radixOrder(indices: Uint32Array, keys: Float64Array): Uint32Array {
  const digits = orderedDigits(keys);
  const length = indices.length;
  let from = indices.slice();
  let to = new Uint32Array(length);
  const places = new Uint32Array(RADIX);
  for (let pass = 0; pass < PASSES; pass++) {
    places.fill(0);
    for (let i = 0; i < length; i++) {
      const digit = digits[PASSES * (from[i] as number) + pass] as number;
      places[digit] = (places[digit] as number) + 1;
    }
    // All keys agree in this digit: nothing to order by it.
    if (length === 0 || places[digits[PASSES * (from[0] as number) + pass] as number] === length) continue;
    let total = 0;
    for (let digit = 0; digit < RADIX; digit++) {
      const count = places[digit] as number;
      places[digit] = total;
      total += count;
    }
    for (let i = 0; i < length; i++) {
      const index = from[i] as number;
      const digit = digits[PASSES * index + pass] as number;
      const place = places[digit] as number;
      places[digit] = place + 1;
      to[place] = index;
    }
    [from, to] = [to, from];
  }
  return from;
}

/** Eight bytes per key, lowest first (typed arrays are little-endian wherever JavaScript runs today). */
function orderedDigits(keys: Float64Array): Uint8Array {
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
  return new Uint8Array(copy.buffer);
}
