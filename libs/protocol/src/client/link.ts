import type { KeyObject } from 'node:crypto';
import type { Socket } from 'node:net';
import { ProtocolError } from '../errors.js';
import { FRAME_LIMITS, FrameDecoder } from '../frame-decoder.js';
import type { Frame } from '../frame.js';
import { TAG_LENGTH } from '../frame-format.js';
import { ClientHandshake } from '../handshake/client-handshake.js';
import { decodeClose, decodeReady } from '../messages/index.js';
import type { BoundHandler, Close, Ready } from '../messages/index.js';
import { MsgType } from '../msg-type.js';
import type { Service } from '../service.js';
import type { OpenedMessage, Session } from '../session.js';
import type { Address, ClientRuntime } from './runtime.js';
import { surface } from './surface.js';
import type { ClientTiming } from './timing.js';

/** A message as its handler gets it. */
export interface Delivery {
  /** The message's number, by which an Ack names it. */
  readonly of: number;
  /** The connection it came on, the only one on which its Ack means anything. */
  readonly link: Link;
}

/** What every connection of one client has in common. */
export interface LinkOptions {
  readonly service: Service;
  readonly address: Address;
  readonly auth: Uint8Array;
  readonly credential: Uint8Array;
  readonly masterKey: KeyObject | undefined;
  readonly runtime: ClientRuntime;
  readonly timing: ClientTiming;
  /** Decodes a message and finds its handler. @throws ProtocolError `schema` */
  readonly bind: (type: number, plaintext: Uint8Array | string) => BoundHandler<Delivery>;
}

/** Who listens to a connection. */
export interface LinkListener {
  ready(ready: Ready): void;
  /** The congestion is over. */
  drained(): void;
  /** The end, once, for whatever cause; undefined after an orderly `close`. */
  ended(error: ProtocolError | undefined): void;
}

type Incoming = { readonly run: BoundHandler<Delivery> } | { readonly close: Close };

interface Outgoing {
  readonly type: number;
  readonly plaintext: Uint8Array;
  readonly sealed: ((of: number) => void) | undefined;
}

/** From here on a sender that can wait should. */
const CONGESTED_BYTES = 256 * 1024;
/** A master that lets so much pile up does not read. */
const LIMIT_BYTES = 1024 * 1024;
const KEEPALIVE_MS = 15_000;

/**
 * One connection to the master, from TCP to its end. It never reconnects.
 *
 * What is sent in one turn of the event loop travels in one frame: most of the cost of a small frame is fixed.
 */
export class Link {
  readonly #options: LinkOptions;
  readonly #listener: LinkListener;
  readonly #socket: Socket;
  readonly #decoder = new FrameDecoder(FRAME_LIMITS.challenge);
  readonly #handshake: ClientHandshake<Incoming, Ready>;
  readonly #cancels = new Map<'handshake' | 'frame' | 'stall' | 'close', () => void>();
  #session: Session<Incoming> | undefined;
  #queue: Outgoing[] = [];
  #queuedBytes = 0;
  #flushing = false;
  #closing = false;
  #ended = false;
  #heard = false;
  /** Somebody was told of a congestion and is owed `drained`. */
  #senderWaits = false;

  constructor(options: LinkOptions, listener: LinkListener) {
    const { runtime, timing, address } = options;
    this.#options = options;
    this.#listener = listener;
    this.#handshake = new ClientHandshake<Incoming, Ready>({
      service: options.service,
      auth: options.auth,
      credential: options.credential,
      masterKey: options.masterKey,
      now: () => runtime.now(),
      random: (length) => runtime.randomBytes(length),
      decode: (type, plaintext) =>
        type === MsgType.Close ? { close: decodeClose(plaintext) } : { run: options.bind(type, plaintext) },
      decodeReady,
    });
    this.#arm('handshake', timing.handshakeMs, () =>
      this.fail(new ProtocolError('timeout', `no session within ${timing.handshakeMs / 1000} s`)),
    );
    this.#socket = runtime.connect(address);
    this.#socket
      .setNoDelay(true)
      .setKeepAlive(true, KEEPALIVE_MS)
      .once('connect', () => this.#socket.write(this.#handshake.hello()))
      .on('data', (chunk: Buffer) => this.#onData(chunk))
      .on('error', (error: NodeJS.ErrnoException) => this.#onSocketError(error))
      .on('close', () => this.#onSocketClose());
  }

  /** Whether a session is up and `send` reaches it. */
  get open(): boolean {
    return this.#session !== undefined && !this.#ended && !this.#closing;
  }

  /** Whether so much waits to be written that a sender should wait. Who is told so is told of `drained` later. */
  isCongested(): boolean {
    const congested = this.#waitingBytes >= CONGESTED_BYTES;
    if (congested) this.#senderWaits = true;
    return congested;
  }

  /** The longest plaintext the master takes, in bytes. */
  get maxPlaintext(): number {
    return (this.#session?.maxPayload ?? 0) - TAG_LENGTH;
  }

  get #waitingBytes(): number {
    return this.#queuedBytes + this.#socket.writableLength;
  }

  /**
   * Sends a message at the end of this turn. False, and nothing is sent, without an open session or when the
   * plaintext is longer than `maxPlaintext`.
   *
   * @param sealed told the message's number when it is sealed
   */
  send(type: number, plaintext: Uint8Array, sealed?: (of: number) => void): boolean {
    if (!this.open || plaintext.length > this.maxPlaintext) return false;
    this.#queue.push({ type, plaintext, sealed });
    this.#queuedBytes += plaintext.length;
    if (!this.#flushing) {
      this.#flushing = true;
      setImmediate(() => {
        this.#flushing = false;
        this.#flush();
      });
    }
    return true;
  }

  /** Stops reading, until `resume`: the kernel's buffers fill, then the master waits. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    if (!this.#ended) this.#socket.resume();
  }

  /** Sends what is queued and CLOSE, waits a moment for the master's CLOSE, and ends. */
  close(): void {
    if (this.#closing) return;
    if (!this.open) {
      this.#end(undefined);
      return;
    }
    this.#flush();
    if (this.#ended) return;
    this.#closing = true;
    this.#sendClose('bye', 'the client closes');
    this.#arm('close', this.#options.timing.closeMs, () => this.#end(undefined));
    // A paused socket would not show the master's CLOSE.
    this.#socket.resume();
  }

  /** Ends the connection at once. */
  fail(error: ProtocolError): void {
    this.#end(error);
  }

  #onData(chunk: Buffer): void {
    if (this.#ended) return;
    this.#heard = true;
    this.#decoder.push(chunk, this.#options.runtime.now());
    while (!this.#ended) {
      let opened: OpenedMessage<Incoming>[];
      try {
        const frame = this.#decoder.next();
        if (frame === undefined) break;
        opened = this.#onFrame(frame);
      } catch (error) {
        this.fail(asProtocolError(error));
        return;
      }
      for (const message of opened) this.#deliver(message);
    }
    this.#watchFrame();
  }

  #onFrame(frame: Frame): OpenedMessage<Incoming>[] {
    if (this.#session !== undefined) return this.#session.open(frame);
    if (this.#handshake.state === 'await-challenge') {
      this.#socket.write(this.#handshake.onChallenge(frame));
      this.#decoder.limits = FRAME_LIMITS.sealed;
      return [];
    }
    const { session, ready } = this.#handshake.onReady(frame);
    this.#session = session;
    this.#disarm('handshake');
    this.#listener.ready(ready);
    return [];
  }

  #deliver({ of, value }: OpenedMessage<Incoming>): void {
    if (this.#ended) return;
    if ('close' in value) this.#onClose(value.close);
    else surface(() => value.run({ of, link: this }));
  }

  #onClose({ code, reason }: Close): void {
    if (this.#closing) {
      this.#end(undefined);
      return;
    }
    this.#flush();
    if (this.#ended) return;
    this.#sendClose('bye', 'answering CLOSE');
    this.#socket.end();
    this.#end(
      code === 'superseded'
        ? new ProtocolError('superseded', 'another connection with the same credential took over')
        : new ProtocolError('connection', `the master closed the connection: ${reason || code} (${code})`),
      'written',
    );
  }

  /** An absolute limit for each frame, measured from its first byte. */
  #watchFrame(): void {
    const { beganAt } = this.#decoder;
    if (beganAt === undefined || this.#ended) {
      this.#disarm('frame');
      return;
    }
    const { timing, runtime } = this.#options;
    this.#arm('frame', beganAt + timing.frameMs - runtime.now(), () =>
      this.fail(new ProtocolError('timeout', `a frame was not whole within ${timing.frameMs / 1000} s`)),
    );
  }

  #flush(): void {
    const session = this.#session;
    if (session === undefined || this.#ended || this.#closing || this.#queue.length === 0) return;
    const queue = this.#queue;
    this.#queue = [];
    this.#queuedBytes = 0;
    const { bytes, of } = session.sealBatch(queue);
    for (const [i, { sealed }] of queue.entries()) sealed?.(of[i] as number);
    this.#write(bytes);
  }

  #sendClose(code: string, reason: string): void {
    if (this.#session !== undefined) this.#write(this.#session.sealClose(code, reason).bytes);
  }

  #write(bytes: Uint8Array): void {
    this.#socket.write(bytes, () => this.#onWritten());
    if (this.#waitingBytes > LIMIT_BYTES) {
      this.fail(
        new ProtocolError(
          'connection',
          `the master does not read: ${this.#waitingBytes} bytes wait to be sent`,
        ),
      );
    } else if (this.#socket.writableLength > 0 && !this.#cancels.has('stall')) this.#watchWrites();
  }

  #onWritten(): void {
    this.#disarm('stall');
    if (this.#ended) return;
    if (this.#socket.writableLength > 0) this.#watchWrites();
    // The socket's own `drain` is no help: it does not come when the kernel takes everything at once.
    if (this.#senderWaits && this.open && !this.isCongested()) {
      this.#senderWaits = false;
      this.#listener.drained();
    }
  }

  #watchWrites(): void {
    const { stallMs } = this.#options.timing;
    this.#arm('stall', stallMs, () =>
      this.fail(new ProtocolError('timeout', `the master has taken nothing for ${stallMs / 1000} s`)),
    );
  }

  #onSocketError(cause: NodeJS.ErrnoException): void {
    const { host, port } = this.#options.address;
    const what = this.#session === undefined ? 'could not connect to' : 'lost the connection to';
    this.fail(
      new ProtocolError('connection', `${what} ${host}:${port} (${cause.code ?? cause.message})`, { cause }),
    );
  }

  #onSocketClose(): void {
    this.#disarm('close');
    if (this.#closing) this.#end(undefined);
    else if (this.#session !== undefined) {
      this.fail(new ProtocolError('connection', 'the master ended the connection without CLOSE'));
    } else {
      const hint = this.#heard ? '' : '; it gives no answer to a credential that it does not know';
      this.fail(
        new ProtocolError('connection', `the master ended the connection during the handshake${hint}`),
      );
    }
  }

  #end(error: ProtocolError | undefined, written?: 'written'): void {
    if (this.#ended) return;
    this.#ended = true;
    for (const cancel of this.#cancels.values()) cancel();
    this.#cancels.clear();
    this.#queue = [];
    this.#queuedBytes = 0;
    if (written === undefined) this.#socket.destroy();
    else
      this.#cancels.set(
        'close',
        this.#options.runtime.after(this.#options.timing.closeMs, () => this.#socket.destroy()),
      );
    this.#listener.ended(error);
  }

  #arm(name: 'handshake' | 'frame' | 'stall' | 'close', ms: number, action: () => void): void {
    this.#disarm(name);
    this.#cancels.set(name, this.#options.runtime.after(Math.max(0, ms), action));
  }

  #disarm(name: 'handshake' | 'frame' | 'stall' | 'close'): void {
    this.#cancels.get(name)?.();
    this.#cancels.delete(name);
  }
}

function asProtocolError(error: unknown): ProtocolError {
  if (error instanceof ProtocolError) {
    if (error.code !== 'signature') return error;
    return new ProtocolError('signature', 'the master does not hold the pinned key', { cause: error });
  }
  // The core throws nothing else; should it ever, the connection ends and the cause is kept.
  return new ProtocolError('state', 'a frame could not be handled', { cause: error });
}
