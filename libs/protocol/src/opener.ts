import { createDecipheriv } from 'node:crypto';

import { ProtocolError } from './errors.js';
import type { Frame } from './frame.js';
import { HEADER_LENGTH, MAX_PAYLOAD, TAG_LENGTH } from './frame-format.js';
import { nextKeys, type DirectionKeys } from './key-schedule.js';
import { stagedHeader, stagedNonce, stageHeader } from './mac-key.js';
import { ReplayWindow } from './replay-window.js';

/** Without a stated tag length Node 20 would take a truncated tag. */
const GCM_OPTIONS = { authTagLength: TAG_LENGTH };

/** The tag of the frame in hand; see `MacKey` for why one serves all. */
const tag = Buffer.allocUnsafeSlow(TAG_LENGTH);

/** The receiving direction of a session: its keys, the counters it has seen, and the checks of a frame. */
export class Opener {
  #keys: DirectionKeys;
  #next = 0;
  readonly #window = new ReplayWindow();
  readonly #maxDriftMs: number;
  readonly #dropAfterFrames: number;

  /**
   * @param maxDriftMs how far a frame's time may lie from this end's clock, inclusive
   * @param dropAfterFrames the frame that makes it so many under one key is refused
   */
  constructor(keys: DirectionKeys, maxDriftMs: number, dropAfterFrames: number) {
    this.#keys = keys;
    this.#maxDriftMs = maxDriftMs;
    this.#dropAfterFrames = dropAfterFrames;
  }

  /**
   * The plaintext of a frame that passed, in this order: length, HMAC, nonce, drift, decryption. Changes nothing:
   * the caller checks the schema, and then calls `accept` or `acceptRekey`.
   */
  open(frame: Frame, nowMs: number): Buffer {
    const bytes = frame.bytes;
    const payloadLength = frame.payloadLength;
    if (
      payloadLength < TAG_LENGTH ||
      payloadLength > MAX_PAYLOAD ||
      bytes.readUInt32LE(0) !== payloadLength
    ) {
      throw new ProtocolError('length', `a sealed frame has no payload_len ${payloadLength}`);
    }
    const ciphertext = bytes.subarray(HEADER_LENGTH, bytes.length - TAG_LENGTH);
    for (let i = 0; i < TAG_LENGTH; i++) tag[i] = bytes[HEADER_LENGTH + ciphertext.length + i] as number;
    stageHeader(bytes);
    if (!this.#keys.mac.verifyStaged(bytes, ciphertext, tag)) {
      throw new ProtocolError('hmac', 'the frame HMAC is wrong');
    }
    this.#checkNonce(frame);
    if (Math.abs(frame.timestampMs - nowMs) > this.#maxDriftMs) {
      throw new ProtocolError(
        'drift',
        `the frame's time is more than ${this.#maxDriftMs} ms from this clock`,
      );
    }
    return this.#decrypt(ciphertext);
  }

  /** Records that the frame last opened has passed. */
  accept(): void {
    this.#window.accept(this.#next);
    this.#next += 1;
  }

  /** Records that a REKEY has passed: what follows is under the next keys, from counter 0. */
  acceptRekey(): void {
    this.#keys = nextKeys(this.#keys);
    this.#window.reset();
    this.#next = 0;
  }

  #checkNonce(frame: Frame): void {
    if (frame.iv !== this.#keys.iv) throw new ProtocolError('nonce', 'the nonce is not of this direction');
    const counter = frame.counter;
    const verdict = this.#window.check(counter);
    if (verdict !== 'new') throw new ProtocolError(verdict, `counter ${counter} is a ${verdict} one`);
    if (counter !== this.#next) {
      throw new ProtocolError('missing', `counter ${counter} came where ${this.#next} was due`);
    }
    if (counter + 1 >= this.#dropAfterFrames) {
      throw new ProtocolError(
        'rekey-overdue',
        `the peer sealed ${this.#dropAfterFrames} frames under one key`,
      );
    }
  }

  /** Decrypts what lies staged: the header and the tag of the frame whose HMAC was just found right. */
  #decrypt(ciphertext: Buffer): Buffer {
    const decipher = createDecipheriv('aes-256-gcm', this.#keys.enc, stagedNonce, GCM_OPTIONS);
    decipher.setAAD(stagedHeader);
    decipher.setAuthTag(tag);
    const plaintext = decipher.update(ciphertext);
    try {
      decipher.final();
    } catch (cause) {
      throw new ProtocolError('decrypt', 'the authentication tag is wrong', { cause });
    }
    return plaintext;
  }
}
