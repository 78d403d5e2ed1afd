import { EventEmitter } from 'node:events';
import { masterPublicKey } from '../ed25519.js';
import { ProtocolError } from '../errors.js';
import { ticketAuthKey, ticketCredential } from '../handshake/credential.js';
import { bindHandler, encodeMessage } from '../messages/index.js';
import type {
  HandlerTable,
  MatchCancelled,
  MatchFound,
  MatchProposalState,
  MatchProposed,
  MatchReport,
  PlayerMatchStarted,
  Ready,
  ServiceNotice,
} from '../messages/index.js';
import { MsgType } from '../msg-type.js';
import { Channel } from './channel.js';
import type { ClientState, Disconnected } from './channel.js';
import type { Delivery, Link } from './link.js';
import { Outbox } from './outbox.js';
import { runtimeWith } from './runtime.js';
import type { ClientRuntime } from './runtime.js';
import { DEFAULT_TIMING } from './timing.js';
import type { ClientTiming } from './timing.js';

/** Event → arguments. */
export interface PlayerEvents {
  /** A session is up, the first or a later one. */
  ready: [ready: Ready];
  /** A match could be made: call `answerMatch`. It may come again after a reconnect: go by its matchId and `answered`. */
  matchProposed: [proposed: MatchProposed];
  /** More players have accepted the proposed match. */
  matchProposalState: [state: MatchProposalState];
  /** A match is ready. It may come again after a reconnect: go by its matchId. */
  matchFound: [found: MatchFound];
  matchStarted: [started: PlayerMatchStarted];
  matchCancelled: [cancelled: MatchCancelled];
  matchReport: [report: MatchReport];
  /** The service closed for maintenance, or opened again. */
  serviceNotice: [notice: ServiceNotice];
  /** After a reconnect the master did not take the player back into his queue. */
  queueLost: [error: ProtocolError];
  /** A session was lost or could not be made; the next attempt follows by itself. */
  disconnected: [event: Disconnected];
  /** The end for good: undefined after `close()`, else why the client gave up. */
  closed: [error: ProtocolError | undefined];
}

export interface PlayerClientOptions {
  /** Where the master's RDV channel listens, as the login said. */
  readonly host: string;
  readonly port: number;
  /** Of the login: the ticket's id, 32 hex digits. */
  readonly ticketId: string;
  /** Of the login: the ticket, 32 bytes as base64url. */
  readonly ticket: string;
  /** The master's public key, 32 bytes. With it, only the holder of that key is taken for the master. */
  readonly masterPublicKey?: Uint8Array;
  readonly timing?: Partial<ClientTiming>;
  readonly runtime?: Partial<ClientRuntime>;
}

/** What happened and needed no event. */
export interface PlayerCounters {
  /** Acks that nobody waited for. */
  ignoredAcks: number;
}

const REQUESTS_WAITING = 16;
const HEARTBEAT = encodeMessage('RDV', 'c2s', MsgType.Heartbeat, {});

/**
 * A player's connection to the master.
 *
 *     const client = new PlayerClient({ host, port, ticketId, ticket, masterPublicKey });
 *     client.on('matchFound', ({ host, port, joinToken }) => play(host, port, joinToken));
 *     await client.connect();
 *     await client.joinQueue('duel');
 *
 * The place in the queue belongs to the master and outlives a short loss of the connection. After a reconnect the
 * client joins again when the player still wants to be in the queue: he joined (or a cancelled match put him back),
 * no match was found since, and he neither left nor declined a match that was proposed.
 *
 * Fatal errors end it, with `closed`: ticket expired or revoked, version not supported, banned, a master that does
 * not hold the pinned key, and `superseded`. After every other loss it connects again.
 */
export class PlayerClient extends EventEmitter<PlayerEvents> {
  readonly counters: Readonly<PlayerCounters>;
  readonly #counters: PlayerCounters = { ignoredAcks: 0 };
  readonly #channel: Channel;
  readonly #outbox: Outbox;
  /** The queue in which the player wants to be. */
  #wanted: string | undefined;
  #found: MatchFound | undefined;
  /** Id of the match that was proposed last. */
  #proposed: string | undefined;
  /** Id of the match that was called off last. */
  #cancelled: string | undefined;
  #requests = 0;

  /** @throws ProtocolError `argument` */
  constructor(options: PlayerClientOptions) {
    super();
    const { host, port } = options;
    const runtime = runtimeWith(options.runtime);
    const timing = { ...DEFAULT_TIMING, ...options.timing };
    const table = this.#handlerTable();
    this.counters = this.#counters;
    this.#outbox = new Outbox({
      limit: REQUESTS_WAITING,
      runtime,
      timing,
      retried: new Set(),
      refused: () => undefined,
    });
    this.#channel = new Channel(
      {
        service: 'RDV',
        address: { host, port },
        auth: ticketAuthKey(Buffer.from(options.ticket, 'base64url')),
        credential: ticketCredential(Buffer.from(options.ticketId, 'hex')),
        masterKey: options.masterPublicKey && masterPublicKey(options.masterPublicKey),
        runtime,
        timing,
        bind: (type, plaintext) => bindHandler('RDV', 's2c', table, type, plaintext),
        heartbeat: () => HEARTBEAT,
      },
      {
        up: (link, ready) => this.#onUp(link, ready),
        drained: () => this.#outbox.pump(),
        down: () => this.#outbox.detach(),
        disconnected: (event) => void this.emit('disconnected', event),
        closed: (error) => {
          this.#outbox.abandon(error ?? closedError());
          this.emit('closed', error);
        },
      },
    );
  }

  get state(): ClientState {
    return this.#channel.state;
  }

  /**
   * Starts; later calls return the same promise. Resolves at the first READY, however many attempts it takes, and
   * rejects on a fatal error or `close()`.
   */
  connect(): Promise<Ready> {
    return this.#channel.connect();
  }

  /**
   * Joins a queue, as soon as there is a session. Resolves at the master's Ack; rejects with the code of its refusal
   * (`unknown_queue`, `already_queued`, `maintenance`, `busy`, `cooldown` with `retryAfterMs`, …), `schema` for a name that cannot be one,
   * `outbox-full` when 16 requests are open, or `closed`. A rejection that nobody handles is not an unhandled one.
   */
  joinQueue(queue: string): Promise<void> {
    const joined = this.#join(queue);
    joined.catch(() => undefined);
    return joined;
  }

  /** Leaves the queue. Resolves at the master's Ack; rejects like `joinQueue`. */
  leaveQueue(): Promise<void> {
    this.#wanted = undefined;
    return this.#request(MsgType.LeaveQueue, encodeMessage('RDV', 'c2s', MsgType.LeaveQueue, {}));
  }

  /**
   * Answers a ready check. A decline calls the match off and takes the player out of the queue, with a cooldown; it may
   * follow an accept as long as others are asked. Resolves at the master's Ack; rejects like `joinQueue`, with `over` once the
   * check has ended without this answer, and with `unknown_match`.
   */
  answerMatch(matchId: string, accept: boolean): Promise<void> {
    const answered = this.#answer(matchId, accept);
    answered.catch(() => undefined);
    return answered;
  }

  /** Ends for good, with a CLOSE when a session is up. Open requests reject with `closed`. */
  close(): Promise<void> {
    return this.#channel.close();
  }

  async #join(queue: string): Promise<void> {
    const plaintext = encodeMessage('RDV', 'c2s', MsgType.JoinQueue, { queue });
    this.#wanted = queue;
    try {
      await this.#request(MsgType.JoinQueue, plaintext, 'already_queued');
    } catch (error) {
      // Being in a queue already is a refusal of this request, not the loss of that place.
      if (this.#wanted === queue && !isAlreadyQueued(error)) this.#wanted = undefined;
      throw error;
    }
  }

  async #answer(matchId: string, accept: boolean): Promise<void> {
    const plaintext = encodeMessage('RDV', 'c2s', MsgType.MatchAnswer, { matchId, accept });
    if (!accept && this.#proposed === matchId) this.#wanted = undefined;
    await this.#request(MsgType.MatchAnswer, plaintext);
  }

  #request(type: number, plaintext: Buffer, doneBefore = ''): Promise<void> {
    if (this.state === 'closed') return Promise.reject(closedError());
    return this.#outbox.add({ type, plaintext, key: String(++this.#requests), group: 'queue', doneBefore });
  }

  #onUp(link: Link, ready: Ready): void {
    this.#outbox.attach(link);
    const queue = this.#wanted;
    if (queue !== undefined && !this.#outbox.messages.some(({ type }) => type === MsgType.JoinQueue)) {
      this.joinQueue(queue).catch((error: unknown) => this.#onRejoinRefused(error));
    }
    this.emit('ready', ready);
  }

  #onRejoinRefused(error: unknown): void {
    if (!(error instanceof ProtocolError) || isAlreadyQueued(error) || this.state === 'closed') return;
    queueMicrotask(() => this.emit('queueLost', error));
  }

  #handlerTable(): HandlerTable<'RDV', 's2c', Delivery> {
    return {
      [MsgType.Ack]: (ack) => {
        if (!this.#outbox.acknowledge(ack)) this.#counters.ignoredAcks++;
      },
      [MsgType.MatchFound]: (found) => {
        this.#wanted = undefined;
        this.#found = found;
        this.#proposed = undefined;
        this.emit('matchFound', found);
      },
      [MsgType.PlayerMatchStarted]: (started) => void this.emit('matchStarted', started),
      [MsgType.MatchCancelled]: (cancelled) => {
        const found = this.#found;
        if (cancelled.requeued && found?.matchId === cancelled.matchId) this.#wanted = found.queue;
        this.#cancelled = cancelled.matchId;
        // Who is asked still waits as far as the client goes; who gave no answer does not any more.
        if (!cancelled.requeued && this.#proposed === cancelled.matchId) this.#wanted = undefined;
        this.emit('matchCancelled', cancelled);
      },
      [MsgType.MatchReport]: (report) => void this.emit('matchReport', report),
      [MsgType.MatchProposed]: (proposed) => {
        if (proposed.matchId === this.#cancelled) return;
        this.#proposed = proposed.matchId;
        this.emit('matchProposed', proposed);
      },
      [MsgType.MatchProposalState]: (state) => void this.emit('matchProposalState', state),
      [MsgType.ServiceNotice]: (notice) => void this.emit('serviceNotice', notice),
    };
  }
}

function isAlreadyQueued(error: unknown): boolean {
  return error instanceof ProtocolError && error.code === 'already_queued';
}

function closedError(): ProtocolError {
  return new ProtocolError('closed', 'the client was closed before the master answered');
}
