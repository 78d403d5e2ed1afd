import {
  asBuffer,
  COUNTER_OFFSET,
  HEADER_LENGTH,
  NONCE_OFFSET,
  readU64,
  TIMESTAMP_OFFSET,
  TYPE_OFFSET,
} from './frame-format.js';
import { ProtocolError } from './errors.js';

/**
 * One whole frame as it lies in memory. Everything is a view; nothing in it is to be believed before a
 * session or a handshake has checked it.
 */
export class Frame {
  /** The frame from `payload_len` to the payload's last byte. */
  readonly bytes: Buffer;

  /** @param bytes exactly one frame, unchecked: {@link from} checks */
  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  /** Takes a buffer that should hold exactly one frame. Throws `length` when it does not. */
  static from(bytes: Uint8Array): Frame {
    const buffer = asBuffer(bytes);
    if (buffer.length < HEADER_LENGTH || buffer.readUInt32LE(0) !== buffer.length - HEADER_LENGTH) {
      throw new ProtocolError('length', 'the bytes are not exactly one frame');
    }
    return new Frame(buffer);
  }

  /** `payload_len`, bytes after the header. */
  get payloadLength(): number {
    return this.bytes.length - HEADER_LENGTH;
  }

  /** `msg_type`, 0 … 255. */
  get type(): number {
    return this.bytes[TYPE_OFFSET] as number;
  }

  /** `timestamp_ms`, Unix milliseconds. */
  get timestampMs(): number {
    return readU64(this.bytes, TIMESTAMP_OFFSET);
  }

  /** The counter in the nonce of a sealed frame; noise in a clear one. */
  get counter(): number {
    return readU64(this.bytes, COUNTER_OFFSET);
  }

  /** The first four bytes of the nonce as a u32, for comparison with a direction's `iv`. */
  get iv(): number {
    return this.bytes.readUInt32LE(NONCE_OFFSET);
  }

  /** Ciphertext and tag, or the body of a clear frame. */
  get payload(): Buffer {
    return this.bytes.subarray(HEADER_LENGTH);
  }
}
