import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { publicKeyFromSeed } from '@ranked/cert';
import { masterIdentity } from '../src/ed25519.js';
import { FRAME_LIMITS, FrameDecoder } from '../src/frame-decoder.js';
import type { Frame } from '../src/frame.js';
import { ChallengeCache } from '../src/handshake/challenge-cache.js';
import { MasterHandshake } from '../src/handshake/master-handshake.js';
import type { KnownCredential } from '../src/handshake/master-handshake.js';
import { decodeClose, decodeMessage, encodeMessage, encodeReady } from '../src/messages/index.js';
import type { Ack, MessageTypeOf, MessagesOf } from '../src/messages/index.js';
import { MsgType } from '../src/msg-type.js';
import type { Service } from '../src/service.js';
import type { Session } from '../src/session.js';
import { Inbox } from './client-inbox.js';

/** One master key for all tests of a file: making signatures portably is slow. */
export const MASTER_SEED = randomBytes(32);
const MASTER_KEY = publicKeyFromSeed(MASTER_SEED);
const IDENTITY = masterIdentity(MASTER_SEED);

/** A message from a client. */
export interface Received {
  readonly type: number;
  readonly of: number;
  readonly value: unknown;
  /** Which frame of the session brought it, from 0. */
  readonly frame: number;
}

/** How the master behaves; a test changes it between connections. */
export interface Conduct {
  /** undefined: the credential is unknown. */
  known: KnownCredential | undefined;
  maintenance: boolean;
  full: boolean;
  /** Added to the master's clock. */
  clockOffsetMs: number;
  /** Where it stops to answer. */
  stallBefore: 'challenge' | 'ready' | undefined;
  heartbeatMs: number;
  maxPayload: number;
  /** Answers CLOSE with CLOSE. */
  answersClose: boolean;
}

/** An established connection, seen from the master. */
export class TestConnection<S extends Service> {
  readonly received = new Inbox<Received>();
  readonly ended: Promise<void>;
  readonly socket: Socket;
  readonly #service: S;
  readonly #session: Session<unknown>;
  readonly #conduct: Conduct;
  #frames = 0;

  constructor(service: S, socket: Socket, session: Session<unknown>, conduct: Conduct) {
    this.#service = service;
    this.socket = socket;
    this.#session = session;
    this.#conduct = conduct;
    this.ended = new Promise((resolve) => socket.once('close', () => resolve()));
  }

  /** The next message that is no heartbeat, log or Ack, unless it is asked for one of these types. */
  async next(...types: number[]): Promise<Received> {
    const passedOver: number[] = [MsgType.Heartbeat, MsgType.LogInfo, MsgType.LogWarn, MsgType.LogError];
    for (;;) {
      const message = await this.received.next();
      if (types.includes(message.type)) return message;
      if (!passedOver.includes(message.type)) {
        if (types.length === 0) return message;
        throw new Error(`0x${message.type.toString(16)} came instead`);
      }
    }
  }

  send<T extends MessageTypeOf<S, 's2c'>>(type: T, message: MessagesOf<S, 's2c'>[T]): number {
    const { bytes, of } = this.#session.seal(type, encodeMessage(this.#service, 's2c', type, message));
    this.socket.write(bytes);
    return of;
  }

  ack(of: number, error?: Ack['error']): void {
    const ack = error === undefined ? { of, ok: true } : { of, ok: false, error };
    // Both services have an Ack in this direction.
    const plaintext = encodeMessage('S2S', 's2c', MsgType.Ack, ack);
    this.socket.write(this.#session.seal(MsgType.Ack, plaintext).bytes);
  }

  /** A whole valid frame, not written. */
  frame<T extends MessageTypeOf<S, 's2c'>>(type: T, message: MessagesOf<S, 's2c'>[T]): Buffer {
    return this.#session.seal(type, encodeMessage(this.#service, 's2c', type, message)).bytes;
  }

  /** A frame whose plaintext is anything. */
  rawFrame(type: number, plaintext: string): Buffer {
    return this.#session.seal(type, Buffer.from(plaintext)).bytes;
  }

  close(code: string): void {
    this.socket.write(this.#session.sealClose(code, `because of ${code}`).bytes);
  }

  drop(): void {
    this.socket.destroy();
  }

  /** @internal */
  take(frame: Frame): void {
    const index = this.#frames++;
    for (const { type, of, value } of this.#session.open(frame)) {
      this.received.push({ type, of, value, frame: index });
      if (type === MsgType.Close) {
        if (this.#conduct.answersClose && !this.#session.sendClosed) this.close('bye');
        if (this.#conduct.answersClose) this.socket.end();
      }
    }
  }
}

/** A small master on a real socket, made of the core's handshake and session. It acknowledges nothing by itself. */
export class TestMaster<S extends Service> {
  readonly publicKey = MASTER_KEY;
  port = 0;
  readonly conduct: Conduct = {
    known: undefined,
    maintenance: false,
    full: false,
    clockOffsetMs: 0,
    stallBefore: undefined,
    heartbeatMs: 5000,
    maxPayload: 65_552,
    answersClose: true,
  };
  /** Sockets as they are accepted. */
  readonly accepted = new Inbox<Socket>();
  /** Connections whose FINISH has passed. */
  readonly established = new Inbox<TestConnection<S>>();
  readonly #service: S;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #clock: () => number;
  readonly #challenges: ChallengeCache;

  private constructor(service: S, now: () => number) {
    this.#service = service;
    this.#clock = () => now() + this.conduct.clockOffsetMs;
    this.#challenges = new ChallengeCache({ now: this.#clock });
    this.#server = createServer((socket) => this.#accept(socket));
  }

  static async listen<S extends Service>(service: S, now: () => number): Promise<TestMaster<S>> {
    const master = new TestMaster(service, now);
    await new Promise<void>((resolve) => master.#server.listen(0, '127.0.0.1', resolve));
    master.port = (master.#server.address() as AddressInfo).port;
    return master;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket);
    const now = this.#clock;
    const handshake = new MasterHandshake<unknown>({
      service: this.#service,
      identity: IDENTITY,
      challenges: this.#challenges,
      now,
      random: (length) => randomBytes(length),
      decode: (type, plaintext) =>
        type === MsgType.Close
          ? decodeClose(plaintext)
          : decodeMessage(this.#service, 'c2s', type, plaintext),
    });
    const decoder = new FrameDecoder(FRAME_LIMITS.hello);
    let connection: TestConnection<S> | undefined;

    const take = (frame: Frame): void => {
      if (connection !== undefined) connection.take(frame);
      else if (handshake.state === 'await-hello') {
        handshake.onHello(frame);
        const { maintenance, full, known, stallBefore } = this.conduct;
        if (stallBefore === 'challenge') return;
        const answer = handshake.answer(known, { maintenance, full });
        socket.write(answer.bytes);
        if (answer.kind === 'refusal') socket.end();
        else decoder.limits = FRAME_LIMITS.finish;
      } else {
        if (this.conduct.stallBefore === 'ready') return;
        const { heartbeatMs, maxPayload } = this.conduct;
        const ready = encodeReady({ sessionId: 'test', serverTime: now(), heartbeatMs, maxPayload });
        const { session, bytes } = handshake.onFinish(frame, ready);
        decoder.limits = FRAME_LIMITS.sealed;
        connection = new TestConnection(this.#service, socket, session, this.conduct);
        socket.write(bytes);
        this.established.push(connection);
      }
    };

    socket.setNoDelay(true);
    socket.on('error', () => undefined);
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('data', (chunk) => {
      try {
        decoder.push(chunk, now());
        for (let frame = decoder.next(); frame !== undefined; frame = decoder.next()) take(frame);
      } catch {
        socket.destroy();
      }
    });
    this.accepted.push(socket);
  }
}
