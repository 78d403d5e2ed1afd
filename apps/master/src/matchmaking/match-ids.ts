import type { RandomSource } from '../clock/clock.js';

/** The first digit of the fourth group: two bits of variant (binary 10), two of chance. */
const VARIANT = '89ab';

/** UUIDs of one kind, one after another. */
export interface Uuids {
  /** @throws RangeError for more than were asked for */
  next(): string;
}

/**
 * Random UUIDs (RFC 9562 §5.4, version 4) out of one draw of random bytes: a tick may need thousands.
 *
 * @param count how many `next` will be asked for
 */
export function randomUuids(random: RandomSource, count: number): Uuids {
  return drawn(
    random,
    count,
    (id) => `${id.slice(0, 8)}-${id.slice(8, 12)}-4${id.slice(13, 16)}-${variantOf(id)}${id.slice(17, 20)}-`,
  );
}

/**
 * UUIDs that begin with a time (RFC 9562 §5.7, version 7), each greater than the one before by a counter of 18 bits after it (§6.2,
 * method 1): rows under such keys are appended where random ones would be strewn over the whole table.
 *
 * @param now Unix ms
 * @param count how many `next` will be asked for
 */
export function timeOrderedUuids(random: RandomSource, now: number, count: number): Uuids {
  const time = now.toString(16).padStart(12, '0');
  const head = `${time.slice(0, 8)}-${time.slice(8)}-7`;
  return drawn(random, count, (id, n) => {
    const high = ((n >> 6) & 0xfff).toString(16).padStart(3, '0');
    const low = (0x80 | (n & 0x3f)).toString(16);
    return `${head}${high}-${low}${id.slice(18, 20)}-`;
  });
}

/** @param headOf the first four groups, made of 32 random hex digits and the number of the id; the last twelve digits are the last group */
function drawn(random: RandomSource, count: number, headOf: (id: string, n: number) => string): Uuids {
  const hex = random.bytes(16 * count).toString('hex');
  let n = 0;
  return {
    next() {
      if (n === count) throw new RangeError(`only ${count} ids were drawn`);
      const id = hex.slice(32 * n, 32 * (n + 1));
      return headOf(id, n++) + id.slice(20);
    },
  };
}

function variantOf(id: string): string {
  return VARIANT.charAt(Number.parseInt(id.charAt(16), 16) & 3);
}
