import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import {
  ChallengeCache,
  decodeClose,
  decodeMessage,
  masterPublicKey,
  MsgType,
  RefusalStatus,
  type MasterHandshakeOptions,
  type MasterLoad,
  type OpenedMessage,
} from '@ranked/protocol';
import type { Clock, RandomSource } from '../clock/clock.js';
import type { MasterKeys } from '../keys/master-keys.js';
import { addressKey } from '../limits/address-key.js';
import type { Logger } from '../logging/logger.js';
import type { Authenticator } from './authenticator.js';
import { BoundedLog } from './bounded-log.js';
import { ChannelCounters } from './channel-counters.js';
import type { ChannelSettings, DoorAddress } from './channel-settings.js';
import type { CloseCause } from './close-cause.js';
import type { ConnectionHost } from './connection-host.js';
import type { ConnectionRegistry } from './connection-registry.js';
import { Connection } from './connection.js';
import { CredentialCache } from './credential-cache.js';
import { HandshakeAttempt, type Established, type HandshakeHost } from './handshake-attempt.js';
import type { HandshakeLimits } from './handshake-limits.js';
import { peerId, type Peer, type ServiceOf } from './peer.js';
import { plainAddress } from './plain-address.js';
import { own } from './socket-owner.js';

/** How often time-outs are looked at: what they may be late by. */
const SWEEP_MS = 250;
/** Every so many sweeps, idle connections are looked through for keys that have grown old. */
const REKEY_SWEEPS = 240;

/** Handles a message to its end. Never rejects. */
export type Dispatch<P extends Peer> = (
  connection: Connection<P>,
  message: OpenedMessage<unknown>,
  receivedAt: number,
) => Promise<void>;

/** What a door is made of. `limits`, `challenges` and `registry` are one each for all doors. */
export interface DoorParts<P extends Peer> {
  readonly service: ServiceOf<P>;
  readonly authenticator: Authenticator<P>;
  readonly registry: ConnectionRegistry;
  readonly limits: HandshakeLimits;
  readonly challenges: ChallengeCache;
  readonly settings: ChannelSettings;
  readonly keys: MasterKeys;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly log: Logger;
}

/**
 * One of the two TCP listeners: accepts, lets handshakes in, keeps the connections, enforces their time-outs by one
 * sweep over all of them, and flushes all that have something to say at the end of each turn of the event loop.
 */
export class Door<P extends Peer> implements ConnectionHost<P>, HandshakeHost<P> {
  readonly counters = new ChannelCounters();
  readonly settings: ChannelSettings;
  readonly authenticator: Authenticator<P>;
  readonly forged: CredentialCache<P>;
  readonly heartbeatMs: number;
  readonly log: Logger;

  readonly #parts: DoorParts<P>;
  readonly #dispatch: Dispatch<P>;
  readonly #server: Server;
  readonly #warnings: BoundedLog;
  readonly #attempts = new Set<HandshakeAttempt<P>>();
  readonly #connections = new Set<Connection<P>>();
  #options: { keyId: string; options: MasterHandshakeOptions<unknown> } | undefined;
  #toFlush: Connection<P>[] = [];
  #sweeper: NodeJS.Timeout | undefined;
  #sweeps = 0;
  #stopping = false;
  #whenEmpty: (() => void) | undefined;

  constructor(parts: DoorParts<P>, dispatch: Dispatch<P>) {
    this.#parts = parts;
    this.#dispatch = dispatch;
    this.settings = parts.settings;
    this.authenticator = parts.authenticator;
    this.forged = new CredentialCache(parts.clock);
    this.heartbeatMs = parts.settings.heartbeatMs;
    this.log = parts.log.child({ door: parts.service });
    this.#warnings = new BoundedLog(this.log, parts.clock);
    // Half-open, because a peer may send CLOSE and end its side before it has read ours.
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => this.#accept(socket));
    this.#server.maxConnections = parts.settings.maxConnections + parts.settings.maxUnauthenticated;
    this.#server.on('drop', () => this.counters.refusedAtTheDoor.add('sockets'));
  }

  /** The underlying listener. */
  get server(): Server {
    return this.#server;
  }

  /** Where it listens. @throws Error if it does not */
  address(): DoorAddress {
    const address = this.#server.address() as AddressInfo | null;
    if (address === null) throw new Error(`the ${this.#parts.service} channel is not listening`);
    return { host: address.address, port: address.port };
  }

  /** Starts listening and sweeping. Rejects with the error of `node:net`, such as EADDRINUSE. */
  listen({ host, port }: DoorAddress): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen({ host, port, backlog: 1024 }, () => {
        this.#server.off('error', reject);
        this.#server.on('error', (error) => this.#warnings.warn('listener-error', () => ({ err: error })));
        this.#sweeper = setInterval(() => this.sweep(), SWEEP_MS);
        resolve();
      });
    });
  }

  /** Takes no new connections and ends the handshakes under way; open connections go on. */
  stopAccepting(): void {
    this.#stopping = true;
    if (this.#server.listening) this.#server.close();
    for (const attempt of this.#attempts) attempt.stop();
  }

  /**
   * Ends all connections in order: what is being handled may end, CLOSE `shutdown` goes out, the peer's CLOSE is awaited; each
   * for at most a second. Resolves when no connection is left.
   */
  async drain(): Promise<void> {
    this.stopAccepting();
    for (const connection of this.#connections) connection.finish('shutdown', 'the master is stopping');
    if (this.#connections.size > 0) {
      // The sweep ends those that do not answer; this is for a clock that stands still.
      const late = setTimeout(() => this.#destroyAll(), 3 * this.settings.closeTimeoutMs);
      await new Promise<void>((resolve) => (this.#whenEmpty = resolve));
      clearTimeout(late);
    }
    clearInterval(this.#sweeper);
  }

  /** Enforces every time-out. The door calls it four times a second; a test with its own clock calls it when it likes. */
  sweep(): void {
    const elapsed = this.elapsed();
    for (const attempt of this.#attempts) {
      if (elapsed - attempt.startedAt >= this.settings.handshakeTimeoutMs) attempt.expire();
    }
    for (const connection of this.#connections) connection.sweep(elapsed);
    this.#sweeps += 1;
    if (this.#sweeps % REKEY_SWEEPS === 0)
      for (const connection of this.#connections) connection.rekeyIfDue();
    this.#warnings.sweep();
  }

  // ---- what connections and handshakes ask

  now(): number {
    return this.#parts.clock.now();
  }

  elapsed(): number {
    return this.#parts.clock.elapsed();
  }

  newSessionId(): string {
    return this.#parts.random.bytes(16).toString('hex');
  }

  handshakeOptions(): MasterHandshakeOptions<unknown> {
    const { keyId, privateKey, publicKey } = this.#parts.keys.current();
    if (this.#options?.keyId !== keyId) {
      this.#options = {
        keyId,
        options: this.#makeOptions({ privateKey, publicKey: masterPublicKey(publicKey) }),
      };
    }
    return this.#options.options;
  }

  loadFor(peer: P, maintenance: boolean): MasterLoad {
    const { registry } = this.#parts;
    const open = registry.serverCount + registry.playerCount;
    return { maintenance, full: open >= this.settings.maxConnections && !registry.has(peer) };
  }

  refused({ remoteAddress }: HandshakeAttempt<P>, status: RefusalStatus): void {
    const name = REFUSALS[status];
    this.counters.handshakesRefused.add(name);
    this.#warnings.warn(`handshake-refused-${name}`, () => ({ remoteAddress }));
  }

  failed(attempt: HandshakeAttempt<P>, kind: string, error?: unknown): void {
    // Its place is free at once, not when the socket has noticed.
    this.gone(attempt);
    const { remoteAddress } = attempt;
    if (kind === 'evicted') this.counters.refusedAtTheDoor.add('evicted');
    else this.counters.handshakesFailed.add(kind);
    this.#warnings.warn(`handshake-${kind}`, () => ({
      remoteAddress,
      ...(error === undefined ? {} : { err: error }),
    }));
  }

  gone(attempt: HandshakeAttempt<P>): void {
    this.#attempts.delete(attempt);
    this.#parts.limits.remove(attempt.key, attempt);
  }

  established(
    attempt: HandshakeAttempt<P>,
    { sessionId, peer, socket, session, decoder, ready }: Established<P>,
  ): void {
    this.gone(attempt);
    const { registry, service } = this.#parts;
    const connection = new Connection<P>({
      id: sessionId,
      peer,
      service,
      host: this,
      socket,
      session,
      decoder,
    });
    own(socket, connection);
    this.#connections.add(connection);
    this.counters.handshakes += 1;
    this.counters.open += 1;
    const older = registry.add(connection);
    if (older) {
      this.counters.superseded += 1;
      older.close('superseded', 'a newer connection has taken over');
    }
    connection.start(ready);
    registry.announce(connection);
  }

  flushSoon(connection: Connection<P>): void {
    // After the poll phase every socket that was readable has been read: one immediate serves them all.
    if (this.#toFlush.push(connection) === 1) setImmediate(this.#flushAll);
  }

  handle(connection: Connection<P>, message: OpenedMessage<unknown>, receivedAt: number): Promise<void> {
    return this.#dispatch(connection, message, receivedAt);
  }

  report(kind: string, connection: Connection<P>, fields: Record<string, unknown> = {}): void {
    const { id, peer } = connection;
    this.#warnings.warn(kind, () => ({
      connectionId: id,
      peer: peerId(peer),
      remoteAddress: peer.remoteAddress,
      ...fields,
    }));
  }

  ended(connection: Connection<P>, cause: CloseCause): void {
    try {
      this.#connections.delete(connection);
      this.counters.open -= 1;
      this.counters.ended.add(cause);
    } finally {
      this.#parts.registry.remove(connection, cause);
      if (this.#connections.size === 0) this.#whenEmpty?.();
    }
  }

  // ---- inside

  #accept(socket: Socket): void {
    this.counters.accepted += 1;
    const { remoteAddress } = socket;
    const key = addressKey(remoteAddress);
    const reason = this.#stopping ? 'stopping' : this.#parts.limits.refuse(key);
    if (remoteAddress === undefined || reason !== undefined) {
      if (reason !== undefined) this.counters.refusedAtTheDoor.add(reason);
      socket.on('error', ignore).destroy();
      return;
    }
    const attempt = new HandshakeAttempt<P>(this, socket, key, plainAddress(remoteAddress));
    this.#attempts.add(attempt);
    this.#parts.limits.add(key, attempt);
    own(socket, attempt);
  }

  #makeOptions(identity: MasterHandshakeOptions<unknown>['identity']): MasterHandshakeOptions<unknown> {
    const { service, challenges, clock, random, settings } = this.#parts;
    return {
      service,
      identity,
      challenges,
      now: () => clock.now(),
      random: (count) => random.bytes(count),
      decode: (type, plaintext) =>
        type === MsgType.Close ? decodeClose(plaintext) : decodeMessage(service, 'c2s', type, plaintext),
      maxDriftMs: settings.driftMs,
    };
  }

  readonly #flushAll = (): void => {
    const connections = this.#toFlush;
    this.#toFlush = [];
    for (const connection of connections) connection.flush();
  };

  #destroyAll(): void {
    for (const connection of this.#connections) connection.destroy('stopped');
  }
}

/** The refusals' names in counters and logs. */
const REFUSALS: Readonly<Record<RefusalStatus, string>> = {
  [RefusalStatus.ClockDiffers]: 'clock',
  [RefusalStatus.Expired]: 'expired',
  [RefusalStatus.Revoked]: 'revoked',
  [RefusalStatus.NotSigned]: 'not-signed',
  [RefusalStatus.Version]: 'version',
  [RefusalStatus.Maintenance]: 'maintenance',
  [RefusalStatus.Banned]: 'banned',
  [RefusalStatus.Full]: 'full',
};

function ignore(): void {
  // A socket that is refused may end however it likes.
}
