import type { RandomSource } from '../clock/clock.js';

/** The first digit of the fourth group: two bits of variant (binary 10), two of chance. */
const VARIANT = '89ab';

/**
 * Random UUIDs (RFC 9562 §5.4, version 4) out of one draw of random bytes: a tick may need thousands.
 *
 * @param count how many `next` will be asked for
 */
export function uuids(random: RandomSource, count: number): { next(): string } {
  const hex = random.bytes(16 * count).toString('hex');
  let at = 0;
  return {
    next() {
      if (at === hex.length) throw new RangeError(`only ${count} ids were drawn`);
      const id = hex.slice(at, (at += 32));
      const variant = VARIANT.charAt(Number.parseInt(id.charAt(16), 16) & 3);
      return `${id.slice(0, 8)}-${id.slice(8, 12)}-4${id.slice(13, 16)}-${variant}${id.slice(17, 20)}-${id.slice(20)}`;
    },
  };
}
