import { EventEmitter } from 'node:events';
import { decodeCertificate, publicPart } from '@ranked/cert';
import { masterPublicKey } from '../ed25519.js';
import { ProtocolError } from '../errors.js';
import { bindHandler, decodeMessage, encodeMessage } from '../messages/index.js';
import type { Ack, HandlerTable, MatchResult, MessageOf, Ready, ServerHeartbeat } from '../messages/index.js';
import { MsgType } from '../msg-type.js';
import { Channel } from './channel.js';
import type { ClientState, Disconnected } from './channel.js';
import type { Delivery } from './link.js';
import { Mailbox } from './mailbox.js';
import { Outbox } from './outbox.js';
import type { OutboxMessage } from './outbox.js';
import { plainText } from './plain-text.js';
import { runtimeWith } from './runtime.js';
import type { ClientRuntime } from './runtime.js';
import { DEFAULT_TIMING } from './timing.js';
import type { ClientTiming } from './timing.js';

/**
 * What a game server does with each command. They run one at a time, in the order in which the master sent them;
 * when one returns or resolves, the master gets an Ack, when it throws, an Ack that says so, with the code and
 * message of a `ProtocolError` (any other error: code `failed`). The master repeats a command whose Ack it did not
 * get, so each must do no harm the second time.
 */
export type CommandHandlers = Omit<HandlerTable<'S2S', 's2c'>, typeof MsgType.Ack>;

/** A send that the master has not acknowledged, fit for JSON. */
export type PendingSend = Extract<
  MessageOf<'S2S', 'c2s'>,
  { readonly type: typeof MsgType.MatchStarted | typeof MsgType.MatchResult }
>;

/** A send that the master refused for good. */
export interface RefusedSend {
  readonly type: PendingSend['type'];
  readonly matchId: string;
  readonly error: ProtocolError;
}

/** Event → arguments. */
export interface GameServerEvents {
  /** A session is up, the first or a later one. */
  ready: [ready: Ready];
  /** A session was lost or could not be made; the next attempt follows by itself. */
  disconnected: [event: Disconnected];
  /** A MatchStarted or MatchResult was refused; its promise rejected too. */
  refused: [event: RefusedSend];
  /** The end for good: undefined after `close()`, else why the client gave up. */
  closed: [error: ProtocolError | undefined];
}

/** Where the master is, who the game server is, and what it does with commands. */
export interface GameServerClientOptions {
  /** Where the master's S2S channel listens. */
  readonly host: string;
  readonly port: number;
  /** The 133 bytes of the `.s2scert` file. */
  readonly certificate: Uint8Array;
  /** The master's public key, 32 bytes. With it, only the holder of that key is taken for the master. */
  readonly masterPublicKey?: Uint8Array;
  /** The present state; called after each READY, and then as often as the master asked. */
  readonly heartbeat: () => ServerHeartbeat;
  readonly handlers: CommandHandlers;
  /** What `pending()` gave before the program ended. */
  readonly pending?: readonly PendingSend[];
  /** So many unacknowledged sends are kept at most. Default 1000. */
  readonly outboxLimit?: number;
  /** How long to wait for what; the defaults are meant for use. */
  readonly timing?: Partial<ClientTiming>;
  /** Time, chance and network, for tests. */
  readonly runtime?: Partial<ClientRuntime>;
}

/** What happened and needed no event. */
export interface GameServerCounters {
  /** Acks that nobody waited for. */
  ignoredAcks: number;
  /** Log lines that could not be sent. */
  droppedLogs: number;
}

const COMMANDS_WAITING = 256;
const LOG_LENGTH = 4096;
const LOG_TYPES = { info: MsgType.LogInfo, warn: MsgType.LogWarn, error: MsgType.LogError } as const;

/** Ack codes of a master that cannot now, but may later. */
const RETRIED: ReadonlySet<string> = new Set(['busy', 'maintenance', 'internal']);

/**
 * A game server's connection to the master: kept up, with every result kept until the master has it.
 *
 *     const client = new GameServerClient({ host, port, certificate, masterPublicKey, heartbeat, handlers });
 *     await client.connect();
 *     await client.matchStarted(matchId);
 *     await client.matchResult(result);
 *
 * Fatal errors end it, with `closed`: certificate expired, revoked or not signed, version not supported, banned, a
 * master that does not hold the pinned key, and `superseded`. After every other loss it connects again.
 */
export class GameServerClient extends EventEmitter<GameServerEvents> {
  /** Counts since the client was made; it goes on changing. */
  readonly counters: Readonly<GameServerCounters>;
  readonly #counters: GameServerCounters = { ignoredAcks: 0, droppedLogs: 0 };
  readonly #runtime: ClientRuntime;
  readonly #channel: Channel;
  readonly #outbox: Outbox;
  readonly #mailbox: Mailbox;

  /**
   * @throws CertError for bytes that are no certificate
   * @throws ProtocolError `argument`; `schema` for a wrong `pending`
   */
  constructor(options: GameServerClientOptions) {
    super();
    const { host, port, heartbeat } = options;
    const certificate = decodeCertificate(options.certificate);
    const runtime = runtimeWith(options.runtime);
    const timing = { ...DEFAULT_TIMING, ...options.timing };
    const table = this.#handlerTable(options.handlers);
    this.counters = this.#counters;
    this.#runtime = runtime;
    this.#mailbox = new Mailbox(COMMANDS_WAITING, () => this.#channel.link?.resume());
    this.#outbox = new Outbox({
      limit: options.outboxLimit ?? 1000,
      runtime,
      timing,
      retried: RETRIED,
      refused: (message, error) => this.#onRefused(message, error),
    });
    this.#channel = new Channel(
      {
        service: 'S2S',
        address: { host, port },
        auth: certificate.secret,
        credential: publicPart(certificate),
        masterKey: options.masterPublicKey && masterPublicKey(options.masterPublicKey),
        runtime,
        timing,
        bind: (type, plaintext) => bindHandler('S2S', 's2c', table, type, plaintext),
        heartbeat: () => encodeMessage('S2S', 'c2s', MsgType.Heartbeat, heartbeat()),
      },
      {
        up: (link, ready) => {
          this.#outbox.attach(link);
          this.emit('ready', ready);
        },
        drained: () => this.#outbox.pump(),
        down: () => this.#outbox.detach(),
        disconnected: (event) => void this.emit('disconnected', event),
        closed: (error) => {
          this.#outbox.abandon(error ?? closedError());
          this.emit('closed', error);
        },
      },
    );
    for (const { type, message } of options.pending ?? []) {
      void this.#outbox.restore(
        outboxMessage(type, encodeMessage('S2S', 'c2s', type, message), message.matchId),
      );
    }
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

  /** Sends a heartbeat now, because something in it changed. Does nothing without a session. */
  beat(): void {
    this.#channel.beat();
  }

  /** Tells that play began. Resolves and rejects like `matchResult`. */
  matchStarted(matchId: string): Promise<void> {
    return this.#keep(MsgType.MatchStarted, matchId, () =>
      encodeMessage('S2S', 'c2s', MsgType.MatchStarted, { matchId }),
    );
  }

  /**
   * Reports a result. Resolves when the master has acknowledged, that is committed, it: it is kept and sent again
   * over reconnects, and after an Ack with `busy`, `maintenance` or `internal`. The same result again, while it is
   * kept, returns the same promise.
   *
   * Rejects with a ProtocolError: the code of the master's refusal (`unknown_match`, `bad_roster`, …); `conflict` for
   * another result of a match whose result is kept; `outbox-full`; `schema`; `too-large`; `closed` or the fatal error
   * when the client ended first (it is in `pending()` then). A rejection that nobody handles is not an unhandled
   * one: refusals are also the event `refused`.
   */
  matchResult(result: MatchResult): Promise<void> {
    return this.#keep(MsgType.MatchResult, result.matchId, () =>
      encodeMessage('S2S', 'c2s', MsgType.MatchResult, result),
    );
  }

  /**
   * Streams a line to the master's log. False when it was dropped, for want of a session or because too much waits
   * to be sent already. What is longer than 4,096 characters is cut.
   */
  log(level: keyof typeof LOG_TYPES, message: string): boolean {
    const { link } = this.#channel;
    const line = { message: plainText(message, LOG_LENGTH) || '(empty)', at: this.#runtime.now() };
    const sent =
      link !== undefined &&
      !link.isCongested() &&
      link.send(LOG_TYPES[level], encodeMessage('S2S', 'c2s', LOG_TYPES[level], line));
    if (!sent) this.#counters.droppedLogs++;
    return sent;
  }

  /**
   * What the master has not acknowledged, in order. Written to a file as JSON and given to the constructor after a
   * restart, no result is lost.
   */
  pending(): PendingSend[] {
    return this.#outbox.messages.map(({ type, plaintext }) =>
      type === MsgType.MatchStarted
        ? { type, message: decodeMessage('S2S', 'c2s', type, plaintext) }
        : {
            type: MsgType.MatchResult,
            message: decodeMessage('S2S', 'c2s', MsgType.MatchResult, plaintext),
          },
    );
  }

  /**
   * Ends for good: what was sent in this turn goes out, then CLOSE, and the master has a second to answer. Await the
   * results first; whatever is unacknowledged then rejects with `closed` and stays in `pending()`.
   */
  close(): Promise<void> {
    return this.#channel.close();
  }

  #keep(type: PendingSend['type'], matchId: string, encode: () => Buffer): Promise<void> {
    if (this.state === 'closed') return Promise.reject(closedError());
    try {
      return this.#outbox.add(outboxMessage(type, encode(), matchId));
    } catch (error) {
      return Promise.reject(error as Error);
    }
  }

  #onRefused({ type, group }: OutboxMessage, error: ProtocolError): void {
    const refused = { type: type as PendingSend['type'], matchId: group, error };
    queueMicrotask(() => this.emit('refused', refused));
  }

  #handlerTable(handlers: CommandHandlers): HandlerTable<'S2S', 's2c', Delivery> {
    const command =
      <T extends keyof CommandHandlers>(type: T) =>
      (message: Parameters<CommandHandlers[T]>[0], delivery: Delivery) =>
        this.#command(delivery, () =>
          (handlers[type] as (command: typeof message) => void | Promise<void>)(message),
        );
    return {
      [MsgType.Ack]: (ack) => {
        if (!this.#outbox.acknowledge(ack)) this.#counters.ignoredAcks++;
      },
      [MsgType.CmdForceStart]: command(MsgType.CmdForceStart),
      [MsgType.CmdCancelMatch]: command(MsgType.CmdCancelMatch),
      [MsgType.CmdKickPlayer]: command(MsgType.CmdKickPlayer),
      [MsgType.CmdShutdown]: command(MsgType.CmdShutdown),
      [MsgType.CmdAllowPlayers]: command(MsgType.CmdAllowPlayers),
    };
  }

  #command({ of, link }: Delivery, run: () => void | Promise<void>): void {
    this.#mailbox.push(async () => {
      // The master repeats what a lost connection left without an Ack; doing it now would do it twice.
      if (!link.open) return;
      const ack = await outcome(of, run);
      link.send(MsgType.Ack, encodeMessage('S2S', 'c2s', MsgType.Ack, ack));
    });
    if (this.#mailbox.full) link.pause();
  }
}

function outboxMessage(type: PendingSend['type'], plaintext: Uint8Array, matchId: string): OutboxMessage {
  return { type, plaintext, key: `${type} ${matchId}`, group: matchId };
}

async function outcome(of: number, run: () => void | Promise<void>): Promise<Ack> {
  try {
    await run();
    return { of, ok: true };
  } catch (error) {
    const code = error instanceof ProtocolError ? plainText(error.code, 64) : '';
    const message = error instanceof Error ? error.message : 'the command failed';
    return { of, ok: false, error: { code: code || 'failed', message: plainText(message, 1024) } };
  }
}

function closedError(): ProtocolError {
  return new ProtocolError('closed', 'the client was closed before the master acknowledged the message');
}
