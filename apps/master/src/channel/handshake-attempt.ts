import type { Socket } from 'node:net';
import {
  encodeReady,
  FRAME_LIMITS,
  FrameDecoder,
  MasterHandshake,
  MAX_PAYLOAD,
  ProtocolError,
  type Frame,
  type MasterHandshakeOptions,
  type MasterLoad,
  type RefusalStatus,
  type Session,
} from '@ranked/protocol';
import type { Authenticator } from './authenticator.js';
import type { CredentialCache } from './credential-cache.js';
import type { Unauthenticated } from './handshake-limits.js';
import type { Peer } from './peer.js';
import type { SocketOwner } from './socket-owner.js';

/** What a finished handshake leaves behind. */
export interface Established<P extends Peer> {
  readonly sessionId: string;
  readonly peer: P;
  readonly socket: Socket;
  readonly session: Session<unknown>;
  readonly decoder: FrameDecoder;
  /** The READY frame, not yet written. */
  readonly ready: Buffer;
}

/** What a handshake needs of the door. One object serves all handshakes of a door. */
export interface HandshakeHost<P extends Peer> {
  readonly authenticator: Authenticator<P>;
  readonly forged: CredentialCache<P>;
  readonly heartbeatMs: number;
  /** Unix ms. */
  now(): number;
  elapsed(): number;
  newSessionId(): string;
  handshakeOptions(): MasterHandshakeOptions<unknown>;
  /** Whether there is room for this peer. */
  loadFor(peer: P, maintenance: boolean): MasterLoad;
  /** The peer got a signed refusal. */
  refused(attempt: HandshakeAttempt<P>, status: RefusalStatus): void;
  /** The handshake came to nothing, without a word to the peer. */
  failed(attempt: HandshakeAttempt<P>, kind: string, error?: unknown): void;
  established(attempt: HandshakeAttempt<P>, established: Established<P>): void;
  /** The socket is gone. Called once, unless the handshake was established. */
  gone(attempt: HandshakeAttempt<P>): void;
}

/**
 * A connection from accept to FINISH. It says nothing to a peer that has not proven that it knows the credential's
 * secret; whatever goes wrong before that ends the socket in silence.
 */
export class HandshakeAttempt<P extends Peer> implements SocketOwner, Unauthenticated {
  /** On the clock of `host.elapsed()`. */
  readonly startedAt: number;

  readonly #decoder = new FrameDecoder(FRAME_LIMITS.hello);
  readonly #handshake: MasterHandshake<unknown>;
  #peer: P | undefined;
  #over = false;

  constructor(
    private readonly host: HandshakeHost<P>,
    private readonly socket: Socket,
    /** As the limits count it, see `addressKey`. */
    readonly key: string,
    readonly remoteAddress: string,
  ) {
    this.startedAt = host.elapsed();
    this.#handshake = new MasterHandshake(host.handshakeOptions());
  }

  evict(): void {
    this.#fail('evicted');
  }

  /** The time for the whole handshake is over. */
  expire(): void {
    // A refusal that the peer does not fetch is no failure of the handshake, but the socket goes all the same.
    if (this.#over) this.socket.destroy();
    else this.#fail('timeout');
  }

  /** The door closes. */
  stop(): void {
    this.#over = true;
    this.socket.destroy();
  }

  onData(chunk: Buffer): void {
    if (this.#over) return;
    try {
      this.#decoder.push(chunk, this.host.elapsed());
      const frame = this.#decoder.next();
      if (frame !== undefined) this.#take(frame);
    } catch (error) {
      this.#failWith(error);
    }
  }

  onEnd(): void {
    if (!this.#over) this.#fail('ended');
  }

  onError(): void {
    if (!this.#over) this.#fail('socket-error');
  }

  onClosed(): void {
    if (!this.#over) this.#fail('ended');
    this.host.gone(this);
  }

  #take(frame: Frame): void {
    // The peer's turn is over: a byte more is an error, now or while the database is asked, so nothing piles up.
    this.#decoder.limits = FRAME_LIMITS.nothing;
    this.#decoder.next();
    const step = this.#handshake.state === 'await-hello' ? this.#onHello(frame) : this.#onFinish(frame);
    step.catch((error: unknown) => this.#failWith(error));
  }

  async #onHello(frame: Frame): Promise<void> {
    const { id } = this.#handshake.onHello(frame);
    const known = this.host.forged.get(id);
    const found = known === undefined ? await this.host.authenticator.find(id) : known.found;
    if (this.#over) return;
    const peer = found?.peerAt(this.remoteAddress);
    const load = peer
      ? this.host.loadFor(peer, found?.maintenance ?? false)
      : { maintenance: false, full: false };
    try {
      const answer = this.#handshake.answer(found, load);
      if (answer.kind === 'refusal') return this.#refuse(answer.status, answer.bytes);
      this.socket.write(answer.bytes);
    } catch (error) {
      if (isForged(error)) this.host.forged.remember(id, found);
      throw error;
    }
    this.#peer = peer;
    this.#decoder.limits = FRAME_LIMITS.finish;
  }

  async #onFinish(frame: Frame): Promise<void> {
    const peer = this.#peer as P;
    const sessionId = this.host.newSessionId();
    const ready = encodeReady({
      sessionId,
      serverTime: this.host.now(),
      heartbeatMs: this.host.heartbeatMs,
      maxPayload: MAX_PAYLOAD,
    });
    const { session, bytes } = this.#handshake.onFinish(frame, ready);
    const valid = await this.host.authenticator.isStillValid(peer);
    if (this.#over) return;
    if (!valid) return this.#fail('changed');
    this.#over = true;
    this.#decoder.limits = FRAME_LIMITS.sealed;
    const { socket } = this;
    this.host.established(this, { sessionId, peer, socket, session, decoder: this.#decoder, ready: bytes });
  }

  #refuse(status: RefusalStatus, bytes: Buffer): void {
    this.#over = true;
    this.host.refused(this, status);
    // What the peer still says is thrown away, until it ends its side or the handshake's time is over.
    this.socket.end(bytes);
  }

  #failWith(error: unknown): void {
    if (error instanceof ProtocolError) this.#fail(error.code);
    else this.#fail('lookup', error);
  }

  #fail(kind: string, error?: unknown): void {
    if (this.#over) return;
    this.#over = true;
    this.host.failed(this, kind, error);
    this.socket.destroy();
  }
}

/** Whether the HELLO was sent by somebody who does not hold the credential. */
function isForged(error: unknown): boolean {
  return error instanceof ProtocolError && (error.code === 'hmac' || error.code === 'credential');
}
