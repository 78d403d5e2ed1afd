import { EventEmitter } from 'node:events';
import { masterPublicKey } from '../ed25519.js';
import { ProtocolError } from '../errors.js';
import { ticketAuthKey, ticketCredential } from '../handshake/credential.js';
import { bindHandler, encodeMessage } from '../messages/index.js';
import type {
  HandlerTable,
  JoinQueue,
  MatchCancelled,
  MatchFound,
  MatchProposalState,
  MatchProposed,
  MatchReport,
  MessagesOf,
  PartyInvited,
  PartyState,
  PlayerMatchStarted,
  QueueStatus,
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
  /** The party as it is now. After each `ready` it comes anew, or there is none. */
  partyState: [state: PartyState];
  /** It may come again after a reconnect: go by its partyId. */
  partyInvited: [invited: PartyInvited];
  /** How it stands with the wait, every few seconds; with `ended` it is over, and the client does not join again by itself. */
  queueStatus: [status: QueueStatus];
  /** The service closed for maintenance, or opened again. */
  serviceNotice: [notice: ServiceNotice];
  /** After a reconnect the master did not take the player back into his queue. */
  queueLost: [error: ProtocolError];
  /** A session was lost or could not be made; the next attempt follows by itself. */
  disconnected: [event: Disconnected];
  /** The end for good: undefined after `close()`, else why the client gave up. */
  closed: [error: ProtocolError | undefined];
}

/** Where the master is, and who the player is. */
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
  /** How long to wait for what; the defaults are meant for use. */
  readonly timing?: Partial<ClientTiming>;
  /** Time, chance and network, for tests. */
  readonly runtime?: Partial<ClientRuntime>;
}

/** What a player says of himself to be matched by. */
export interface QueueWishes {
  /** Region → milliseconds there and back, as measured; a region that is not named counts as out of reach. */
  readonly latencies?: Readonly<Record<string, number>>;
  /** The roles that he takes, of a queue that has some; any unless given. */
  readonly roles?: readonly string[];
}

/** What happened and needed no event. */
export interface PlayerCounters {
  /** Acks that nobody waited for. */
  ignoredAcks: number;
}

type PartyRequest =
  | typeof MsgType.PartyInvite
  | typeof MsgType.PartyAnswer
  | typeof MsgType.PartyLeave
  | typeof MsgType.PartyKick
  | typeof MsgType.PartyPromote;

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
 * no match was found since, and he neither left nor declined a match that was proposed. It does not for a party, of which
 * `partyState` says whether it still waits.
 *
 * Fatal errors end it, with `closed`: ticket expired or revoked, version not supported, banned, a master that does
 * not hold the pinned key, and `superseded`. After every other loss it connects again.
 */
export class PlayerClient extends EventEmitter<PlayerEvents> {
  /** Counts since the client was made; it goes on changing. */
  readonly counters: Readonly<PlayerCounters>;
  readonly #counters: PlayerCounters = { ignoredAcks: 0 };
  readonly #channel: Channel;
  readonly #outbox: Outbox;
  /** The queue in which the player wants to be, and what he says of himself. */
  #wanted: JoinQueue | undefined;
  /** His party waits, or plays: whether it still does is for all its members, so nobody's client joins again for it. */
  #waitsInParty = false;
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

  /** Where the connection stands. */
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
   * The leader of a party joins for all its members.
   */
  joinQueue(queue: string, wishes: QueueWishes = {}): Promise<void> {
    const joined = this.#join({ queue, ...copyOf(wishes) });
    joined.catch(() => undefined);
    return joined;
  }

  /** Leaves the queue, and with the player his party. Resolves at the master's Ack; rejects like `joinQueue`. */
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

  /**
   * Invites a player into the party, which is made if there is none. Resolves at the master's Ack, which does not say whether he
   * is there. Rejects like `joinQueue`, with the master's code (`unknown_player`, `not_leader`, `party_full`, …).
   * @param player user name or account id
   */
  inviteToParty(player: string): Promise<void> {
    return this.#partyRequest(MsgType.PartyInvite, { player });
  }

  /** Takes up an invitation. What the player says of himself counts when the leader joins a queue. Rejects like `inviteToParty`. */
  acceptInvite(partyId: string, wishes: QueueWishes = {}): Promise<void> {
    return this.#partyRequest(MsgType.PartyAnswer, { partyId, accept: true, ...copyOf(wishes) });
  }

  /** Declines an invitation. */
  declineInvite(partyId: string): Promise<void> {
    return this.#partyRequest(MsgType.PartyAnswer, { partyId, accept: false });
  }

  /** Leaves the party. */
  leaveParty(): Promise<void> {
    return this.#partyRequest(MsgType.PartyLeave, {});
  }

  /** The leader removes a member. @param id of his account, as in `PartyState` */
  kickFromParty(id: string): Promise<void> {
    return this.#partyRequest(MsgType.PartyKick, { id }, 'not_member');
  }

  /** The leader makes another member the leader. @param id of his account, as in `PartyState` */
  promoteInParty(id: string): Promise<void> {
    return this.#partyRequest(MsgType.PartyPromote, { id }, 'not_leader');
  }

  /** Ends for good, with a CLOSE when a session is up. Open requests reject with `closed`. */
  close(): Promise<void> {
    return this.#channel.close();
  }

  #isJoining(): boolean {
    return this.#outbox.messages.some(({ type }) => type === MsgType.JoinQueue);
  }

  async #join(wanted: JoinQueue): Promise<void> {
    const plaintext = encodeMessage('RDV', 'c2s', MsgType.JoinQueue, wanted);
    this.#wanted = wanted;
    try {
      await this.#request(MsgType.JoinQueue, plaintext, 'already_queued');
    } catch (error) {
      // Being in a queue already is a refusal of this request, not the loss of that place.
      if (this.#wanted === wanted && !isAlreadyQueued(error)) this.#wanted = undefined;
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

  async #partyRequest<T extends PartyRequest>(
    type: T,
    message: MessagesOf<'RDV', 'c2s'>[T],
    doneBefore = '',
  ): Promise<void> {
    await this.#request(type, encodeMessage('RDV', 'c2s', type, message), doneBefore);
  }

  #onUp(link: Link, ready: Ready): void {
    this.#outbox.attach(link);
    const wanted = this.#wanted;
    if (wanted !== undefined && !this.#isJoining()) {
      this.#join(wanted).catch((error: unknown) => this.#onRejoinRefused(error));
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
        if (cancelled.requeued && found?.matchId === cancelled.matchId && !this.#waitsInParty)
          this.#wanted = { queue: found.queue };
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
      [MsgType.PartyState]: (state) => {
        this.#waitsInParty = state.queue !== undefined;
        if (this.#waitsInParty) this.#wanted = undefined;
        this.emit('partyState', state);
      },
      [MsgType.PartyInvited]: (invited) => void this.emit('partyInvited', invited),
      [MsgType.QueueStatus]: (status) => {
        // A request that is under way is newer than what the master saw.
        if (status.ended === true && !this.#isJoining()) this.#wanted = undefined;
        this.emit('queueStatus', status);
      },
      [MsgType.ServiceNotice]: (notice) => void this.emit('serviceNotice', notice),
    };
  }
}

function copyOf({ latencies, roles }: QueueWishes): Pick<JoinQueue, 'latencies' | 'roles'> {
  return { ...(latencies && { latencies: { ...latencies } }), ...(roles && { roles: [...roles] }) };
}

function isAlreadyQueued(error: unknown): boolean {
  return error instanceof ProtocolError && error.code === 'already_queued';
}

function closedError(): ProtocolError {
  return new ProtocolError('closed', 'the client was closed before the master answered');
}
