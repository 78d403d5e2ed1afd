import { isAscii, isUtf8 } from 'node:buffer';
import { ProtocolError } from '../errors.js';
import { asBuffer } from '../frame-format.js';

/** JSON is at most this many levels deep, the message's own object being the first. */
export const MAX_DEPTH = 16;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Parses the plaintext of a message: strict UTF-8 without a byte-order mark, at most `MAX_DEPTH` levels.
 *
 * @param plaintext text if the caller knows that all of it is ASCII
 * @throws ProtocolError `schema`
 */
export function parseJson(plaintext: Uint8Array | string): unknown {
  const text = typeof plaintext === 'string' ? plaintext : textOf(asBuffer(plaintext));
  if (isTooDeep(text)) throw new ProtocolError('schema', `a message is more than ${MAX_DEPTH} levels deep`);
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // The parser's own message quotes what the peer sent, which does not belong into logs.
    throw new ProtocolError('schema', 'a message is not JSON');
  }
}

function textOf(bytes: Buffer): string {
  if (isAscii(bytes)) return bytes.toString('latin1');
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) {
    throw new ProtocolError('schema', 'a message begins with a byte-order mark');
  }
  if (!isUtf8(bytes)) throw new ProtocolError('schema', 'a message is not UTF-8');
  return bytes.toString('utf8');
}

/** Whether JSON text nests deeper than allowed; of text that is not JSON the answer does not matter. */
function isTooDeep(text: string): boolean {
  // `indexOf` runs at memory speed: almost every message has fewer opening brackets than levels are allowed.
  let openings = 0;
  for (const bracket of ['{', '[']) {
    for (let at = text.indexOf(bracket); at !== -1; at = text.indexOf(bracket, at + 1)) {
      if (++openings > MAX_DEPTH) return depthExceeds(text);
    }
  }
  return false;
}

function depthExceeds(text: string): boolean {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    switch (text.charCodeAt(i)) {
      case 0x7b: // {
      case 0x5b: // [
        if (++depth > MAX_DEPTH) return true;
        break;
      case 0x7d: // }
      case 0x5d: // ]
        depth--;
        break;
      case QUOTE:
        i = endOfString(text, i + 1);
        break;
    }
  }
  return false;
}

/** Index of the quote that ends the string, or the end of the text when none does. */
function endOfString(text: string, from: number): number {
  for (let i = from; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit === BACKSLASH) i++;
    else if (unit === QUOTE) return i;
  }
  return text.length;
}
