import { createCipheriv } from 'node:crypto';

import { ProtocolError } from './errors.js';
import {
  COUNTER_OFFSET,
  HEADER_LENGTH,
  HMAC_LENGTH,
  MAX_PLAINTEXT,
  NONCE_OFFSET,
  TAG_LENGTH,
  TIMESTAMP_OFFSET,
  TYPE_OFFSET,
  writeU64,
} from './frame-format.js';
import { nextKeys, type DirectionKeys } from './key-schedule.js';
import { stagedHeader, stagedNonce, stagedTail } from './mac-key.js';
import { MsgType } from './msg-type.js';

const EMPTY = Buffer.alloc(0);

/** The sending direction of a session: its keys, its counter, and when the keys have served long enough. */
export class Sealer {
  #keys: DirectionKeys;
  #counter = 0;
  #keysSince: number;
  readonly #rekeyAfterFrames: number;
  readonly #rekeyAfterMs: number;

  /**
   * @param nowMs the present time, from which the age of the keys is counted
   * @param rekeyAfterFrames a key seals fewer frames than this, its REKEY among them; at least 3
   * @param rekeyAfterMs the age of a key, in ms, at which it is due
   */
  constructor(keys: DirectionKeys, nowMs: number, rekeyAfterFrames: number, rekeyAfterMs: number) {
    this.#keys = keys;
    this.#keysSince = nowMs;
    this.#rekeyAfterFrames = rekeyAfterFrames;
    this.#rekeyAfterMs = rekeyAfterMs;
  }

  /** Whether the next frame must be a REKEY. */
  rekeyDue(nowMs: number): boolean {
    return this.#counter >= this.#rekeyAfterFrames - 2 || nowMs - this.#keysSince >= this.#rekeyAfterMs;
  }

  /** One frame in a buffer of its own. Throws `too-large` for more than 65,536 bytes of plaintext. */
  seal(type: number, plaintext: Uint8Array, nowMs: number): Buffer {
    if (plaintext.length > MAX_PLAINTEXT) {
      throw new ProtocolError('too-large', `${plaintext.length} bytes do not fit a frame`);
    }
    const { enc, iv, mac } = this.#keys;
    const payloadLength = plaintext.length + TAG_LENGTH;
    stagedHeader.writeUInt32LE(payloadLength, 0);
    stagedHeader.writeUInt32LE(iv, NONCE_OFFSET - HMAC_LENGTH);
    writeU64(stagedHeader, this.#counter, COUNTER_OFFSET - HMAC_LENGTH);
    stagedHeader[TYPE_OFFSET - HMAC_LENGTH] = type;
    writeU64(stagedHeader, nowMs, TIMESTAMP_OFFSET - HMAC_LENGTH);

    const cipher = createCipheriv('aes-256-gcm', enc, stagedNonce);
    cipher.setAAD(stagedHeader);
    const ciphertext = cipher.update(plaintext);
    cipher.final();
    const tag = cipher.getAuthTag();

    const frame = Buffer.allocUnsafe(HEADER_LENGTH + payloadLength);
    frame.writeUInt32LE(payloadLength, 0);
    frame.set(stagedTail, NONCE_OFFSET);
    frame.set(ciphertext, HEADER_LENGTH);
    frame.set(tag, HEADER_LENGTH + ciphertext.length);
    mac.signStaged(frame, ciphertext, tag);
    this.#counter += 1;
    return frame;
  }

  /** The REKEY frame, the last under the present keys; the next frame is sealed under the keys that follow. */
  rekey(nowMs: number): Buffer {
    const frame = this.seal(MsgType.Rekey, EMPTY, nowMs);
    this.#keys = nextKeys(this.#keys);
    this.#counter = 0;
    this.#keysSince = nowMs;
    return frame;
  }
}
