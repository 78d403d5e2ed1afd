import { randomBytes, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import {
  ClientHandshake,
  decodeClose,
  decodeMessage,
  decodeReady,
  FRAME_LIMITS,
  FrameDecoder,
  MsgType,
  type Frame,
  type OpenedMessage,
  type Ready,
  type Service,
  type Session,
} from '@ranked/protocol';
import type { Clock } from '../../src/clock/clock.js';

/** What a client proves itself with. */
export interface Credential {
  readonly service: Service;
  /** 32 bytes. */
  readonly auth: Uint8Array;
  /** 101 bytes. */
  readonly credential: Uint8Array;
  /** The pinned key of the master, if any. */
  readonly masterKey?: KeyObject;
}

/**
 * A client with every joint exposed: bytes, frames and messages can be sent in any order and form, and whatever comes back
 * is kept until it is asked for.
 */
export class RawPeer {
  /** Every byte that the master has sent. */
  received = Buffer.alloc(0);
  /** Messages that came after READY and were not asked for yet. */
  readonly inbox: OpenedMessage<unknown>[] = [];
  /** Number of frames that came after READY. */
  frames = 0;
  /** The socket is gone. */
  readonly closed: Promise<void>;
  readonly handshake: ClientHandshake<unknown, Ready>;

  readonly #decoder = new FrameDecoder(FRAME_LIMITS.challenge);
  #session: Session<unknown> | undefined;
  /** The master has ended its side, or the socket is gone. */
  readonly #ended: Promise<void>;
  #isEnded = false;
  #waiting: (() => void)[] = [];
  #handshakeFrames: Frame[] = [];
  #error: unknown;

  private constructor(
    readonly socket: Socket,
    credential: Credential,
    clock: Clock,
  ) {
    this.handshake = new ClientHandshake<unknown, Ready>({
      ...credential,
      now: () => clock.now(),
      random: (count) => randomBytes(count),
      decode: (type, plaintext) =>
        type === MsgType.Close
          ? decodeClose(plaintext)
          : decodeMessage(credential.service, 's2c', type, plaintext),
      decodeReady,
    });
    this.closed = new Promise((resolve) => socket.once('close', () => resolve()));
    this.#ended = new Promise((resolve) => socket.once('end', resolve).once('close', resolve));
    void this.#ended.then(() => {
      this.#isEnded = true;
      this.#wake();
    });
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => this.#take(chunk));
  }

  /** Opens the TCP connection, no more. */
  static async dial(
    port: number,
    credential: Credential,
    clock: Clock,
    localAddress: string = '127.0.0.1',
  ): Promise<RawPeer> {
    const socket = connect({ host: '127.0.0.1', port, localAddress, allowHalfOpen: true, noDelay: true });
    const peer = new RawPeer(socket, credential, clock);
    await once(socket, 'connect');
    return peer;
  }

  get session(): Session<unknown> {
    if (this.#session === undefined) throw new Error('the handshake is not over');
    return this.#session;
  }

  /** HELLO … READY. Throws what the handshake throws, or `Error('closed')` if the master ends the connection. */
  async enter(): Promise<Ready> {
    this.send(this.handshake.hello());
    const finish = this.handshake.onChallenge(await this.nextHandshakeFrame());
    this.#decoder.limits = FRAME_LIMITS.sealed;
    this.send(finish);
    return this.awaitReady();
  }

  /** READY, after FINISH was sent. */
  async awaitReady(): Promise<Ready> {
    this.#decoder.limits = FRAME_LIMITS.sealed;
    const { session, ready } = this.handshake.onReady(await this.nextHandshakeFrame());
    this.#session = session;
    const rest = this.#handshakeFrames;
    this.#handshakeFrames = [];
    for (const frame of rest) this.#open(frame);
    return ready;
  }

  /** The next frame of the handshake. */
  async nextHandshakeFrame(): Promise<Frame> {
    await this.#until(() => this.#handshakeFrames.length > 0);
    return this.#handshakeFrames.shift() as Frame;
  }

  send(bytes: Uint8Array): void {
    this.socket.write(bytes);
  }

  /** A message as a frame, sealed but not sent. */
  seal(type: number, value: unknown): Buffer {
    return this.session.seal(type, Buffer.from(JSON.stringify(value))).bytes;
  }

  /** Sends a message. @returns its number */
  tell(type: number, value: unknown): number {
    const { bytes, of } = this.session.seal(type, Buffer.from(JSON.stringify(value)));
    this.send(bytes);
    return of;
  }

  /** The next message from the master. Throws `Error('closed')` if the connection ends first. */
  async next(): Promise<OpenedMessage<unknown>> {
    await this.#until(() => this.inbox.length > 0);
    return this.inbox.shift() as OpenedMessage<unknown>;
  }

  /** Resolves when the master has ended its side; then ends this one. */
  async closedByMaster(): Promise<void> {
    await this.#ended;
    this.socket.end();
    await this.closed;
  }

  /** Ends the stream in order. */
  bye(): void {
    this.send(this.session.sealClose('closed', 'goodbye').bytes);
    this.socket.end();
  }

  #take(chunk: Buffer): void {
    this.received = Buffer.concat([this.received, chunk]);
    try {
      this.#decoder.push(chunk, 0);
      for (let frame = this.#decoder.next(); frame !== undefined; frame = this.#decoder.next()) {
        if (this.#session) this.#open(frame);
        else {
          this.#decoder.limits = FRAME_LIMITS.sealed;
          this.#handshakeFrames.push(frame);
        }
      }
    } catch (error) {
      this.#error = error;
    }
    this.#wake();
  }

  #open(frame: Frame): void {
    this.frames += 1;
    this.inbox.push(...this.session.open(frame));
  }

  async #until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      if (this.#error) throw this.#error;
      if (this.#isEnded) throw new Error('closed');
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}
