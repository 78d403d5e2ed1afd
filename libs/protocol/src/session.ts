import { encodeBatch, decodeBatch, planFrames, type OutgoingMessage } from './batch.js';
import { ProtocolError } from './errors.js';
import type { Frame } from './frame.js';
import { MAX_DRIFT_MS, MAX_PAYLOAD, TAG_LENGTH } from './frame-format.js';
import type { ChannelKeys } from './key-schedule.js';
import { MsgType, msgTypeName } from './msg-type.js';
import { Opener } from './opener.js';
import { Sealer } from './sealer.js';
import type { Side } from './service.js';

/**
 * The schema step: the value of one message, or `ProtocolError('schema')` when its type is unknown or not allowed
 * in this direction, or its JSON does not fit. It is asked for every message, CLOSE included, before any state
 * changes and before any message of the same frame is handed out. REKEY and BATCH themselves never reach it.
 * The plaintext is UTF-8, or already text where the session knows that all of it is ASCII; `decodeMessage` takes both.
 */
export type DecodeMessage<T> = (type: number, plaintext: Buffer | string) => T;

/** What a session may be told otherwise. */
export interface SessionSettings {
  /** How far a frame's time may lie from this end's clock, in ms, inclusive. Default 120,000. */
  readonly maxDriftMs?: number | undefined;
  /** A key seals fewer frames than this. Default 2^20, at least 3. */
  readonly rekeyAfterFrames?: number | undefined;
  /** The age in ms at which a key is due. Default 55 minutes: the rest of the hour is for a timer to notice. */
  readonly rekeyAfterMs?: number | undefined;
  /** A peer that sealed so many frames under one key is dropped. Default 2^23. */
  readonly dropAfterFrames?: number | undefined;
}

/** What a session is made of. */
export interface SessionOptions<T> extends SessionSettings {
  readonly side: Side;
  readonly keys: ChannelKeys;
  /** Unix milliseconds. */
  readonly now: () => number;
  readonly decode: DecodeMessage<T>;
}

/** A message that passed every check. */
export interface OpenedMessage<T> {
  readonly type: number;
  /** Its number within its direction, by which an Ack names it. */
  readonly of: number;
  /** The time in its frame's header, Unix ms. */
  readonly timestampMs: number;
  /** What `decode` made of it. */
  readonly value: T;
}

/** A message as it goes to the socket. */
export interface Sealed {
  /** One frame, or a REKEY and then the frame. */
  readonly bytes: Buffer;
  /** The message's number within its direction. */
  readonly of: number;
}

/** Messages as they go to the socket. */
export interface SealedBatch {
  /** One or more whole frames. */
  readonly bytes: Buffer;
  /** The number of each message, in the order given. */
  readonly of: readonly number[];
}

const DEFAULT_REKEY_FRAMES = 2 ** 20;
const DEFAULT_REKEY_MS = 55 * 60_000;
const DEFAULT_DROP_FRAMES = 2 ** 23;

/** Types that only a handshake or the session itself may put on the wire. */
const RESERVED = new Set<number>([
  MsgType.Hello,
  MsgType.Challenge,
  MsgType.Finish,
  MsgType.Ready,
  MsgType.Rekey,
  MsgType.Batch,
]);

/**
 * An authenticated connection, without the connection: messages to frames, frames to messages. The handshakes
 * make it. A call that throws has changed nothing; a frame that does not open ends the connection all the same,
 * without a reply.
 */
export class Session<T> {
  readonly #now: () => number;
  readonly #decode: DecodeMessage<T>;
  readonly #sealer: Sealer;
  readonly #opener: Opener;
  #sent = 0;
  #received = 0;
  #sendClosed = false;
  #receiveClosed = false;
  #maxPayload = MAX_PAYLOAD;

  /** Throws `argument` for settings that could not work. */
  constructor(options: SessionOptions<T>) {
    const frames = options.rekeyAfterFrames ?? DEFAULT_REKEY_FRAMES;
    const ms = options.rekeyAfterMs ?? DEFAULT_REKEY_MS;
    if (!(frames >= 3)) throw new ProtocolError('argument', 'rekeyAfterFrames is less than 3');
    if (!(ms > 0)) throw new ProtocolError('argument', 'rekeyAfterMs is not positive');
    const { c2s, s2c } = options.keys;
    const [mine, theirs] = options.side === 'client' ? [c2s, s2c] : [s2c, c2s];
    this.#now = options.now;
    this.#decode = options.decode;
    this.#sealer = new Sealer(mine, options.now(), frames, ms);
    this.#opener = new Opener(
      theirs,
      options.maxDriftMs ?? MAX_DRIFT_MS,
      options.dropAfterFrames ?? DEFAULT_DROP_FRAMES,
    );
  }

  /** Whether this end has sent its CLOSE. */
  get sendClosed(): boolean {
    return this.#sendClosed;
  }

  /** Whether the other end's CLOSE has come. */
  get receiveClosed(): boolean {
    return this.#receiveClosed;
  }

  /** The largest `payload_len` the other end takes. */
  get maxPayload(): number {
    return this.#maxPayload;
  }

  /** Keeps to what the other end said it takes (`maxPayload` of READY). Throws `schema` for what is no such number. */
  limitPayload(maxPayload: number): void {
    if (!Number.isInteger(maxPayload) || maxPayload < TAG_LENGTH) {
      throw new ProtocolError('schema', 'maxPayload is no length of a sealed frame');
    }
    this.#maxPayload = Math.min(maxPayload, MAX_PAYLOAD);
  }

  /** Whether this direction's key is old enough to be replaced. `seal` and `sealBatch` do it by themselves. */
  get rekeyDue(): boolean {
    return !this.#sendClosed && this.#sealer.rekeyDue(this.#now());
  }

  /**
   * One message as a frame, after a REKEY if that is due. A CLOSE closes this direction.
   * Throws `closed` after CLOSE, `argument` for a type that is not the caller's, `too-large`.
   */
  seal(type: number, plaintext: Uint8Array): Sealed {
    this.#checkSend(type, plaintext);
    const nowMs = this.#now();
    const rekey = this.#rekeyIfDue(nowMs);
    const frame = this.#sealer.seal(type, plaintext, nowMs);
    const of = this.#sent++;
    if (type === MsgType.Close) this.#sendClosed = true;
    return { bytes: rekey ? Buffer.concat([rekey, frame]) : frame, of };
  }

  /**
   * Messages that wait to be written together, in order, in as few frames as hold them. A lone message travels
   * alone. Throws what `seal` throws, before anything was sealed, and `argument` for a CLOSE among others.
   */
  sealBatch(messages: readonly OutgoingMessage[]): SealedBatch {
    for (const { type, plaintext } of messages) {
      this.#checkSend(type, plaintext);
      if (type === MsgType.Close) throw new ProtocolError('argument', 'CLOSE travels alone');
    }
    const nowMs = this.#now();
    const frames: Buffer[] = [];
    const of: number[] = [];
    for (const group of planFrames(messages, this.#maxPayload)) {
      const rekey = this.#rekeyIfDue(nowMs);
      if (rekey) frames.push(rekey);
      const [only] = group;
      frames.push(
        only && group.length === 1
          ? this.#sealer.seal(only.type, only.plaintext, nowMs)
          : this.#sealer.seal(MsgType.Batch, encodeBatch(group), nowMs),
      );
      for (let i = 0; i < group.length; i++) of.push(this.#sent++);
    }
    const [first] = frames;
    return { bytes: first && frames.length === 1 ? first : Buffer.concat(frames), of };
  }

  /** The CLOSE frame, the last of this direction. Throws `closed` the second time. */
  sealClose(code: string, reason: string): Sealed {
    return this.seal(MsgType.Close, Buffer.from(JSON.stringify({ code, reason })));
  }

  /** A REKEY frame now, for a direction that has been idle while its key grew old. Throws `closed` after CLOSE. */
  sealRekey(): Buffer {
    if (this.#sendClosed) throw new ProtocolError('closed', 'this direction has sent its CLOSE');
    return this.#rekey(this.#now());
  }

  /**
   * The messages of a frame: one, or those of a BATCH, or none for a REKEY. Throws, in the order of the checks,
   * `closed`, `length`, `hmac`, `nonce`, `replay`, `stale`, `missing`, `rekey-overdue`, `drift`, `decrypt`, `schema`.
   */
  open(frame: Frame): OpenedMessage<T>[] {
    if (this.#receiveClosed) throw new ProtocolError('closed', 'a frame came after CLOSE');
    const plaintext = this.#opener.open(frame, this.#now());
    const { type, timestampMs } = frame;
    switch (type) {
      case MsgType.Rekey:
        if (plaintext.length > 0) throw new ProtocolError('schema', 'REKEY is not empty');
        this.#opener.acceptRekey();
        this.#received += 1;
        return [];
      case MsgType.Batch: {
        const opened = decodeBatch(plaintext).map((item, i) => ({
          type: item.type,
          of: this.#received + i,
          timestampMs,
          value: this.#decode(item.type, item.plaintext),
        }));
        this.#opener.accept();
        this.#received += opened.length;
        return opened;
      }
      default: {
        const value = this.#decode(type, plaintext);
        this.#opener.accept();
        if (type === MsgType.Close) this.#receiveClosed = true;
        return [{ type, of: this.#received++, timestampMs, value }];
      }
    }
  }

  /** FINISH or READY: number 0 of this direction, which only a handshake sends. */
  sealHandshake(type: typeof MsgType.Finish | typeof MsgType.Ready, plaintext: Uint8Array): Buffer {
    if (this.#sent > 0) throw new ProtocolError('state', 'the handshake of this direction is over');
    const frame = this.#sealer.seal(type, plaintext, this.#now());
    this.#sent = 1;
    return frame;
  }

  /** Opens FINISH or READY, number 0 of the other direction, with a schema step of its own. */
  openHandshake<R>(
    type: typeof MsgType.Finish | typeof MsgType.Ready,
    frame: Frame,
    decode: (plaintext: Buffer) => R,
  ): R {
    if (this.#received > 0) throw new ProtocolError('state', 'the handshake of this direction is over');
    const plaintext = this.#opener.open(frame, this.#now());
    if (frame.type !== type)
      throw new ProtocolError('schema', `${msgTypeName(frame.type)} came instead of ${msgTypeName(type)}`);
    const value = decode(plaintext);
    this.#opener.accept();
    this.#received = 1;
    return value;
  }

  #checkSend(type: number, plaintext: Uint8Array): void {
    if (this.#sendClosed) throw new ProtocolError('closed', 'this direction has sent its CLOSE');
    if (RESERVED.has(type) || !Number.isInteger(type) || type < 0 || type > 0xff) {
      throw new ProtocolError('argument', `${msgTypeName(type)} is not a message to be sealed`);
    }
    if (plaintext.length + TAG_LENGTH > this.#maxPayload) {
      throw new ProtocolError(
        'too-large',
        `${msgTypeName(type)} of ${plaintext.length} bytes is longer than the ${this.#maxPayload - TAG_LENGTH} the peer takes`,
      );
    }
  }

  #rekeyIfDue(nowMs: number): Buffer | undefined {
    return this.#sealer.rekeyDue(nowMs) ? this.#rekey(nowMs) : undefined;
  }

  #rekey(nowMs: number): Buffer {
    const frame = this.#sealer.rekey(nowMs);
    this.#sent += 1;
    return frame;
  }
}
