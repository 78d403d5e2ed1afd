import type { RandomSource } from '../clock/clock.js';

const BYTES = 16;
/** Length of a UUID's text. */
const LENGTH = 36;
const DASH = 0x2d;
/** The ASCII codes of the sixteen digits. */
const DIGITS = Buffer.from('0123456789abcdef');
/** The two bits of the variant, before six others. */
const VARIANT = 0x80;

/** UUIDs of one kind, one after another. */
export interface Uuids {
  next(): string;
}

/**
 * Random UUIDs (RFC 9562 §5.4, version 4): a tick may need thousands.
 *
 * @param atATime for how many random bytes are drawn at a time
 */
export function randomUuids(random: RandomSource, atATime: number): Uuids {
  return drawn(random, atATime, (bytes, at) => {
    bytes[at + 6] = 0x40 | (byte(bytes, at + 6) & 0x0f);
    bytes[at + 8] = VARIANT | (byte(bytes, at + 8) & 0x3f);
  });
}

/**
 * UUIDs that begin with a time (RFC 9562 §5.7, version 7), each greater than the one before by a counter of 18 bits after it (§6.2,
 * method 1): rows under such keys are appended where random ones would be strewn over the whole table.
 *
 * @param now Unix ms
 * @param atATime for how many random bytes are drawn at a time
 */
export function timeOrderedUuids(random: RandomSource, now: number, atATime: number): Uuids {
  return drawn(random, atATime, (bytes, at, n) => {
    bytes.writeUIntBE(now, at, 6);
    bytes.writeUInt16BE(0x7000 | ((n >> 6) & 0xfff), at + 6);
    bytes[at + 8] = VARIANT | (n & 0x3f);
  });
}

/** @param stamp puts what is not random into the bytes of the id `n`, counted from 0, which begin at `at` */
function drawn(
  random: RandomSource,
  atATime: number,
  stamp: (bytes: Buffer, at: number, n: number) => void,
): Uuids {
  let texts = '';
  let at = 0;
  let n = 0;
  return {
    next() {
      if (at === texts.length) {
        const bytes = Buffer.from(random.bytes(BYTES * atATime));
        for (let i = 0; i < atATime; i++) stamp(bytes, BYTES * i, n++);
        texts = textsOf(bytes);
        at = 0;
      }
      return texts.slice(at, (at += LENGTH));
    },
  };
}

/** The texts of UUIDs, one after another. Put together of pieces, each id would be a tree of strings, and twice as slow to write. */
function textsOf(bytes: Buffer): string {
  const texts = Buffer.allocUnsafe((bytes.length / BYTES) * LENGTH);
  let to = 0;
  for (let from = 0; from < bytes.length; from++) {
    const place = from % BYTES;
    if (place === 4 || place === 6 || place === 8 || place === 10) texts[to++] = DASH;
    const value = byte(bytes, from);
    texts[to++] = byte(DIGITS, value >> 4);
    texts[to++] = byte(DIGITS, value & 15);
  }
  return texts.toString('latin1');
}

function byte(bytes: Buffer, at: number): number {
  return bytes[at] as number;
}
