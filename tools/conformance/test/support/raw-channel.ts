import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { publicPart } from '@ranked/cert';
import {
  ClientHandshake,
  decodeClose,
  decodeMessage,
  decodeReady,
  FRAME_LIMITS,
  FrameDecoder,
  masterPublicKey,
  MsgType,
  ticketAuthKey,
  ticketCredential,
  type Ack,
  type Frame,
  type OpenedMessage,
  type Ready,
  type Service,
  type Session,
} from '@ranked/protocol';
import { within } from './deadline.js';
import type { Login } from './player-api.js';
import type { Issued } from './world.js';

/** What a client proves itself with. */
export interface Credential {
  readonly service: Service;
  readonly auth: Uint8Array;
  readonly credential: Uint8Array;
}

export function byCertificate({ certificate }: Issued, service: Service = 'S2S'): Credential {
  return { service, auth: certificate.secret, credential: publicPart(certificate) };
}

export function byTicket({ ticket }: Login, service: Service = 'RDV'): Credential {
  return {
    service,
    auth: ticketAuthKey(Buffer.from(ticket.secret, 'base64url')),
    credential: ticketCredential(Buffer.from(ticket.id, 'hex')),
  };
}

/** A TCP connection of which everything that comes back is kept. */
export class RawSocket {
  received = Buffer.alloc(0);
  /** Resolves when the other end has ended it, in whatever way, to that moment (Unix ms). */
  readonly ended: Promise<number>;
  isEnded = false;

  private constructor(readonly socket: Socket) {
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => (this.received = Buffer.concat([this.received, chunk])));
    this.ended = new Promise((resolve) => {
      const end = (): void => {
        this.isEnded = true;
        resolve(Date.now());
      };
      socket.once('end', end).once('close', end);
    });
  }

  /** @param localAddress the loopback address to come from. Resolves when connected, or refused: then it is ended. */
  static async dial(port: number, localAddress = '127.0.0.1'): Promise<RawSocket> {
    const socket = connect({ host: '127.0.0.1', port, localAddress, noDelay: true });
    const raw = new RawSocket(socket);
    await Promise.race([new Promise((resolve) => socket.once('connect', resolve)), raw.ended]);
    return raw;
  }

  send(bytes: Uint8Array): void {
    this.socket.write(bytes);
  }

  destroy(): void {
    this.socket.destroy();
  }
}

type Message = OpenedMessage<unknown>;

/**
 * How a channel ended: the code of the master's CLOSE, after which nothing counts any more, and when it came (Unix ms); if
 * the master said nothing, undefined and the end of the connection.
 */
export interface Ending {
  readonly code: string | undefined;
  readonly at: number;
}

/** A client with every joint exposed: any bytes, frames and messages in any order. It answers nothing by itself. */
export class RawChannel {
  readonly ended: Promise<Ending>;
  readonly inbox: Message[] = [];
  readonly handshake: ClientHandshake<unknown, Ready>;
  readonly #decoder = new FrameDecoder(FRAME_LIMITS.challenge);
  readonly #frames: Frame[] = [];
  #session: Session<unknown> | undefined;
  #farewell: Ending | undefined;
  #wake: (() => void)[] = [];

  constructor(
    readonly raw: RawSocket,
    { service, auth, credential }: Credential,
    pinned?: Uint8Array,
  ) {
    this.handshake = new ClientHandshake<unknown, Ready>({
      service,
      auth,
      credential,
      masterKey: pinned && masterPublicKey(pinned),
      now: () => Date.now(),
      random: (count) => randomBytes(count),
      decode: (type, plaintext) =>
        type === MsgType.Close ? decodeClose(plaintext) : decodeMessage(service, 's2c', type, plaintext),
      decodeReady,
    });
    raw.socket.on('data', (chunk) => this.#take(chunk));
    this.ended = raw.ended.then((at) => {
      this.#stir();
      return this.#farewell ?? { code: undefined, at };
    });
  }

  /** Dials and goes through the handshake. Rejects with what the handshake throws, or when the master ends it. */
  static async enter(port: number, credential: Credential, localAddress?: string): Promise<RawChannel> {
    const channel = new RawChannel(await RawSocket.dial(port, localAddress), credential);
    await channel.enter();
    return channel;
  }

  async enter(): Promise<Ready> {
    this.raw.send(this.handshake.hello());
    this.raw.send(this.handshake.onChallenge(await this.#nextFrame('CHALLENGE')));
    const { session, ready } = this.handshake.onReady(await this.#nextFrame('READY'));
    this.#session = session;
    for (const frame of this.#frames.splice(0)) this.#open(frame);
    return ready;
  }

  get session(): Session<unknown> {
    if (!this.#session) throw new Error('the handshake is not over');
    return this.#session;
  }

  /** Sends a message of any type and shape. @returns its number */
  send(type: number, value: unknown): number {
    return this.sendText(type, JSON.stringify(value));
  }

  /** The same with a plaintext that need not be JSON. */
  sendText(type: number, plaintext: string): number {
    const { bytes, of } = this.session.seal(type, Buffer.from(plaintext));
    this.raw.send(bytes);
    return of;
  }

  /** Sends a message and resolves to its Ack: `ok` or the code of the refusal. */
  async ask(type: number, value: unknown): Promise<string> {
    const of = this.send(type, value);
    const { value: ack } = await this.next(`the Ack of number ${of}`, (message) => {
      return message.type === MsgType.Ack && (message.value as Ack).of === of;
    });
    return (ack as Ack).ok ? 'ok' : ((ack as Ack).error?.code ?? 'no code');
  }

  /** The first message in the inbox, or to come, for which `is` holds; it is taken out. */
  next(what: string, is: (message: Message) => boolean): Promise<Message> {
    return within(
      what,
      this.#until(what, () => {
        const index = this.inbox.findIndex(is);
        return index < 0 ? undefined : this.inbox.splice(index, 1)[0];
      }),
    );
  }

  /** The next command of a type. */
  command<T>(type: number, of?: (value: T) => boolean): Promise<{ of: number; value: T }> {
    return this.next(`command 0x${type.toString(16)}`, (message) => {
      return message.type === type && (of?.(message.value as T) ?? true);
    }) as Promise<{ of: number; value: T }>;
  }

  acknowledge(of: number, error?: { code: string; message: string }): void {
    this.send(MsgType.Ack, error ? { of, ok: false, error } : { of, ok: true });
  }

  /** Ends in good order. */
  async leave(): Promise<void> {
    if (!this.raw.isEnded) this.raw.send(this.session.sealClose('closed', 'goodbye').bytes);
    await this.ended;
    this.raw.destroy();
  }

  #nextFrame(what: string): Promise<Frame> {
    return within(
      what,
      this.#until(what, () => this.#frames.shift()),
    );
  }

  #take(chunk: Buffer): void {
    this.#decoder.push(chunk, Date.now());
    for (let frame = this.#decoder.next(); frame; frame = this.#decoder.next()) {
      this.#decoder.limits = FRAME_LIMITS.sealed;
      if (this.#session) this.#open(frame);
      else this.#frames.push(frame);
    }
    this.#stir();
  }

  #open(frame: Frame): void {
    for (const message of this.session.open(frame)) {
      if (message.type === MsgType.Close) {
        this.#farewell = { code: (message.value as { code: string }).code, at: Date.now() };
      } else this.inbox.push(message);
    }
  }

  async #until<T>(what: string, find: () => T | undefined): Promise<T> {
    for (;;) {
      const found = find();
      if (found !== undefined) return found;
      if (this.raw.isEnded) throw new Error(`${what}: the master ended the connection`);
      await new Promise<void>((resolve) => this.#wake.push(resolve));
    }
  }

  #stir(): void {
    for (const wake of this.#wake.splice(0)) wake();
  }
}
