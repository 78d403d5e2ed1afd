import { ProtocolError } from '../errors.js';
import type { Ready } from '../messages/index.js';
import { MsgType } from '../msg-type.js';
import { Backoff } from './backoff.js';
import { deferred } from './deferred.js';
import { isFatal } from './fatal.js';
import { Link } from './link.js';
import type { LinkOptions } from './link.js';
import { surface } from './surface.js';

/** `idle` before `connect`, `waiting` between two attempts, `closed` for good. */
export type ClientState = 'idle' | 'connecting' | 'ready' | 'waiting' | 'closed';

/** A lost connection or a failed attempt; another one follows. */
export interface Disconnected {
  readonly error: ProtocolError;
  readonly retryInMs: number;
}

/** What a client does at the turning points of its connection. */
export interface ChannelListener {
  /** A session is up. Sends of this turn travel in one frame with the first heartbeat. */
  up(link: Link, ready: Ready): void;
  drained(): void;
  /** The session is over; called only after `up`. */
  down(): void;
  disconnected(event: Disconnected): void;
  /** The end for good: undefined after `close`, else the fatal error. */
  closed(error: ProtocolError | undefined): void;
}

export interface ChannelOptions extends LinkOptions {
  /** The plaintext of a heartbeat. */
  readonly heartbeat: () => Uint8Array;
}

/** Keeps one connection to the master up: connects, reconnects with backoff, sends heartbeats, closes. */
export class Channel {
  readonly #options: ChannelOptions;
  readonly #listener: ChannelListener;
  readonly #backoff: Backoff;
  readonly #first = deferred<Ready>();
  readonly #finished = deferred<void>();
  #state: ClientState = 'idle';
  #link: Link | undefined;
  #readyAt: number | undefined;
  #heartbeatMs = 0;
  #cancelBeat: (() => void) | undefined;
  #cancelRetry: (() => void) | undefined;
  /** `close` was called: however the connection ends now, no other follows. */
  #closing = false;

  /** @throws ProtocolError `argument` */
  constructor(options: ChannelOptions, listener: ChannelListener) {
    const { timing, runtime, address } = options;
    if (!Number.isInteger(address.port) || address.port < 1 || address.port > 65_535) {
      throw new ProtocolError('argument', 'port is no integer from 1 to 65535');
    }
    this.#options = options;
    this.#listener = listener;
    this.#backoff = new Backoff(timing.backoffMs, timing.backoffMaxMs, () => runtime.random());
  }

  get state(): ClientState {
    return this.#state;
  }

  /** The connection, while its session is up. */
  get link(): Link | undefined {
    return this.#state === 'ready' ? this.#link : undefined;
  }

  /** Starts, the first time. Resolves at the first READY. */
  connect(): Promise<Ready> {
    if (this.#state === 'idle') this.#attempt();
    return this.#first.promise;
  }

  /** Sends a heartbeat now and counts the interval from here. */
  beat(): void {
    this.#cancelBeat?.();
    const { link } = this;
    if (link === undefined) return;
    const error = this.#sendHeartbeat(link);
    if (error !== undefined) {
      link.fail(error);
      return;
    }
    this.#cancelBeat = this.#options.runtime.after(this.#heartbeatMs, () => this.beat());
  }

  /** Ends for good, after a CLOSE when a session is up. */
  close(): Promise<void> {
    if (this.#state === 'ready') {
      this.#closing = true;
      this.#cancelBeat?.();
      this.#link?.close();
    } else if (this.#state !== 'closed') this.#finish(undefined);
    return this.#finished.promise;
  }

  #attempt(): void {
    this.#state = 'connecting';
    const link: Link = new Link(this.#options, {
      ready: (ready) => this.#onReady(link, ready),
      drained: () => this.#listener.drained(),
      ended: (error) => this.#onEnded(error),
    });
    this.#link = link;
  }

  #onReady(link: Link, ready: Ready): void {
    this.#state = 'ready';
    this.#readyAt = this.#options.runtime.now();
    this.#heartbeatMs = ready.heartbeatMs;
    this.beat();
    // A heartbeat that could not be made has ended the link.
    if (this.link === undefined) return;
    this.#first.resolve(ready);
    surface(() => this.#listener.up(link, ready));
  }

  #sendHeartbeat(link: Link): ProtocolError | undefined {
    // A heartbeat that waits behind a congestion would tell the master the past.
    if (link.isCongested()) return undefined;
    let plaintext: Uint8Array;
    try {
      plaintext = this.#options.heartbeat();
    } catch (error) {
      if (error instanceof ProtocolError) return error;
      return new ProtocolError('argument', 'the heartbeat function threw an error', { cause: error });
    }
    if (plaintext.length > link.maxPlaintext) {
      return new ProtocolError(
        'too-large',
        `a heartbeat takes ${plaintext.length} bytes, more than the master takes`,
      );
    }
    link.send(MsgType.Heartbeat, plaintext);
    return undefined;
  }

  #onEnded(error: ProtocolError | undefined): void {
    const { runtime, timing } = this.#options;
    const wasReady = this.#state === 'ready';
    this.#cancelBeat?.();
    this.#link = undefined;
    if (this.#state === 'closed') return;
    if (this.#readyAt !== undefined && runtime.now() - this.#readyAt >= timing.stableMs)
      this.#backoff.reset();
    this.#readyAt = undefined;
    this.#state = 'waiting';
    if (wasReady) this.#listener.down();
    if (this.#closing || error === undefined || isFatal(error)) {
      this.#finish(this.#closing ? undefined : error);
      return;
    }
    const retryInMs = this.#backoff.next();
    this.#cancelRetry = runtime.after(retryInMs, () => this.#attempt());
    surface(() => this.#listener.disconnected({ error, retryInMs }));
  }

  #finish(error: ProtocolError | undefined): void {
    this.#state = 'closed';
    this.#cancelRetry?.();
    this.#link?.close();
    this.#link = undefined;
    this.#first.reject(error ?? new ProtocolError('closed', 'the client was closed'));
    this.#finished.resolve();
    surface(() => this.#listener.closed(error));
  }
}
