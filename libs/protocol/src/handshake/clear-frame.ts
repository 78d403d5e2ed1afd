import { ProtocolError } from '../errors.js';
import type { Frame } from '../frame.js';
import {
  HEADER_LENGTH,
  NONCE_LENGTH,
  NONCE_OFFSET,
  TIMESTAMP_OFFSET,
  TYPE_OFFSET,
  writeU64,
} from '../frame-format.js';
import type { MacKey } from '../mac-key.js';
import { msgTypeName } from '../msg-type.js';

/** Random bytes, as many as asked for; `randomBytes` of node:crypto, or fixed ones in a test. */
export type RandomSource = (length: number) => Uint8Array;

/** The 32 random bytes ‖ X25519 public key of `client_challenge` and `server_response`. */
export const CHALLENGE_LENGTH = 64;

/** A clear frame around a body, with a random nonce and its `hmac` field still unwritten (zero). */
export function clearFrame(
  type: number,
  body: Uint8Array,
  timestampMs: number,
  random: RandomSource,
): Buffer {
  const frame = Buffer.alloc(HEADER_LENGTH + body.length);
  frame.writeUInt32LE(body.length, 0);
  frame.set(random(NONCE_LENGTH), NONCE_OFFSET);
  frame[TYPE_OFFSET] = type;
  writeU64(frame, timestampMs, TIMESTAMP_OFFSET);
  frame.set(body, HEADER_LENGTH);
  return frame;
}

/** Throws `length` or `schema` unless the frame has exactly this length and type. */
export function requireClearFrame(frame: Frame, type: number, payloadLength: number): void {
  if (frame.payloadLength !== payloadLength || frame.bytes.readUInt32LE(0) !== payloadLength) {
    throw new ProtocolError(
      'length',
      `${msgTypeName(type)} has ${payloadLength} bytes, not ${frame.payloadLength}`,
    );
  }
  if (frame.type !== type) {
    throw new ProtocolError('schema', `${msgTypeName(frame.type)} came instead of ${msgTypeName(type)}`);
  }
}

/** The key under which a label's HMAC is made: HMAC(auth, "ranked v1 " ‖ label ‖ " " ‖ service). */
export function labelledKey(auth: MacKey, label: 'hello' | 'refuse', service: string): Buffer {
  return auth.sign(Buffer.from(`ranked v1 ${label} ${service}`, 'latin1'));
}
