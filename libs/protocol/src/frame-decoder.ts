import { ProtocolError } from './errors.js';
import { Frame } from './frame.js';
import {
  asBuffer,
  CHALLENGE_PAYLOAD,
  FINISH_PAYLOAD,
  HEADER_LENGTH,
  HELLO_PAYLOAD,
  MAX_PAYLOAD,
  TAG_LENGTH,
} from './frame-format.js';

/** The `payload_len` that a connection takes in its present state, both ends inclusive. */
export interface FrameLimits {
  readonly min: number;
  readonly max: number;
}

/** The limits of each state of a connection. */
export const FRAME_LIMITS = {
  /** The master before HELLO. */
  hello: { min: HELLO_PAYLOAD, max: HELLO_PAYLOAD },
  /** The client before CHALLENGE. */
  challenge: { min: CHALLENGE_PAYLOAD, max: CHALLENGE_PAYLOAD },
  /** The master before FINISH. */
  finish: { min: FINISH_PAYLOAD, max: FINISH_PAYLOAD },
  /** Both ends afterwards. */
  sealed: { min: TAG_LENGTH, max: MAX_PAYLOAD },
  /** Not the peer's turn: its first byte is an error. */
  nothing: { min: 1, max: 0 },
} as const satisfies Record<string, FrameLimits>;

/** Bytes of `payload_len`, which must be there before anything is decided. */
const LENGTH_BYTES = 4;
const EMPTY = Buffer.alloc(0);

type DecoderState = 'length' | 'body' | 'failed';

/**
 * Cuts a byte stream into frames, however it is segmented.
 *
 *     decoder.push(chunk, now());
 *     for (let frame; (frame = decoder.next()); ) handle(frame);
 *
 * It is pulled, not pushed, so that handling one frame can change `limits` before the next length is read.
 * A frame that lies whole in one chunk is a view of that chunk; one that is spread over several is copied once,
 * into a buffer of exactly its size, which is reserved only after its length was found within the limits.
 */
export class FrameDecoder {
  /** What is taken next. Set it between frames, never in the middle of one. */
  limits: FrameLimits;

  #state: DecoderState = 'length';
  #error: ProtocolError | undefined;
  #chunk: Buffer = EMPTY;
  #offset = 0;
  #arrivedAt = 0;
  #beganAt: number | undefined;
  /** The `payload_len` bytes when a chunk ended inside them. */
  readonly #length = Buffer.alloc(LENGTH_BYTES);
  #lengthFilled = 0;
  /** The frame under way when it is spread over chunks. */
  #frame: Buffer = EMPTY;
  #filled = 0;

  /** @param limits of the first frame: {@link FRAME_LIMITS} has those of each state */
  constructor(limits: FrameLimits) {
    this.limits = limits;
  }

  /**
   * When the chunk came that holds the first byte of a frame not yet whole, in the caller's milliseconds;
   * undefined between frames. A frame must be whole within 10 s of it, however often more bytes arrive.
   */
  get beganAt(): number | undefined {
    return this.#beganAt;
  }

  /**
   * Hands over the next bytes of the stream, which must stay unchanged until `next()` has returned undefined.
   * Throws `state` while an earlier chunk is not drained, and the first error again once the stream has failed.
   */
  push(chunk: Uint8Array, nowMs: number): void {
    if (this.#error) throw this.#error;
    if (this.#offset < this.#chunk.length) {
      throw new ProtocolError('state', 'the last chunk has not been drained with next()');
    }
    this.#chunk = asBuffer(chunk);
    this.#offset = 0;
    this.#arrivedAt = nowMs;
  }

  /**
   * The next whole frame, or undefined when more bytes are needed. Throws `length`, as soon as the four bytes
   * of `payload_len` are there, for a length that `limits` do not allow; after that, always.
   */
  next(): Frame | undefined {
    switch (this.#state) {
      case 'length':
        return this.#readLength();
      case 'body':
        return this.#readBody();
      case 'failed':
        throw this.#error;
    }
  }

  #readLength(): Frame | undefined {
    const chunk = this.#chunk;
    const start = this.#offset;
    const available = chunk.length - start;
    if (available === 0) return this.#drained();
    if (this.limits.max < this.limits.min) return this.#fail('the peer sent bytes out of turn');
    this.#beganAt ??= this.#arrivedAt;

    if (this.#lengthFilled === 0 && available >= LENGTH_BYTES) {
      const size = this.#frameSize(chunk, start);
      if (available >= size) {
        this.#offset = start + size;
        this.#beganAt = undefined;
        return new Frame(chunk.subarray(start, start + size));
      }
      return this.#begin(size);
    }

    const taken = Math.min(LENGTH_BYTES - this.#lengthFilled, available);
    chunk.copy(this.#length, this.#lengthFilled, start, start + taken);
    this.#lengthFilled += taken;
    this.#offset = start + taken;
    if (this.#lengthFilled < LENGTH_BYTES) return this.#drained();
    const size = this.#frameSize(this.#length, 0);
    return this.#begin(size);
  }

  /** The size of the frame whose length stands at `offset`, once it is known to be allowed. */
  #frameSize(bytes: Buffer, offset: number): number {
    const length = bytes.readUInt32LE(offset);
    if (length < this.limits.min || length > this.limits.max) {
      return this.#fail(`payload_len ${length} is not in ${this.limits.min} … ${this.limits.max}`);
    }
    return HEADER_LENGTH + length;
  }

  #begin(size: number): Frame | undefined {
    this.#frame = Buffer.allocUnsafeSlow(size);
    this.#length.copy(this.#frame, 0, 0, this.#lengthFilled);
    this.#filled = this.#lengthFilled;
    this.#lengthFilled = 0;
    this.#state = 'body';
    return this.#readBody();
  }

  #readBody(): Frame | undefined {
    const taken = Math.min(this.#frame.length - this.#filled, this.#chunk.length - this.#offset);
    this.#chunk.copy(this.#frame, this.#filled, this.#offset, this.#offset + taken);
    this.#offset += taken;
    this.#filled += taken;
    if (this.#filled < this.#frame.length) return this.#drained();
    const frame = new Frame(this.#frame);
    this.#frame = EMPTY;
    this.#state = 'length';
    this.#beganAt = undefined;
    return frame;
  }

  #drained(): undefined {
    this.#chunk = EMPTY;
    this.#offset = 0;
    return undefined;
  }

  #fail(message: string): never {
    this.#error = new ProtocolError('length', message);
    this.#state = 'failed';
    this.#chunk = EMPTY;
    this.#offset = 0;
    this.#frame = EMPTY;
    throw this.#error;
  }
}
