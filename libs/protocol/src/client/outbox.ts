import { ProtocolError } from '../errors.js';
import type { Ack } from '../messages/index.js';
import { Backoff } from './backoff.js';
import { deferred } from './deferred.js';
import type { Deferred } from './deferred.js';
import type { Link } from './link.js';
import type { ClientRuntime } from './runtime.js';
import type { ClientTiming } from './timing.js';

/** A message that is kept until the master acknowledged it. */
export interface OutboxMessage {
  readonly type: number;
  readonly plaintext: Uint8Array;
  /** Two messages with one key are the same message, or in conflict. */
  readonly key: string;
  /** Messages of one group are carried out in their order. */
  readonly group: string;
  /** The Ack code which says, of a message that was sent before, that it was carried out then. */
  readonly doneBefore?: string;
}

interface Entry extends OutboxMessage {
  readonly settled: Deferred<void>;
  waiting: boolean;
  sends: number;
}

export interface OutboxOptions {
  /** Messages it holds at most. */
  readonly limit: number;
  readonly runtime: ClientRuntime;
  readonly timing: ClientTiming;
  /** Ack codes that say "later": the message is kept and sent again after a wait. */
  readonly retried: ReadonlySet<string>;
  /** Told of a message that is given up because it was refused. */
  readonly refused: (message: OutboxMessage, error: ProtocolError) => void;
}

/**
 * Acknowledged sends that survive their connection: in order, each resent on every new connection until an Ack for
 * it comes. The master takes a repeated message as the same one, so resending is harmless.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #inFlight = new Map<number, Entry>();
  readonly #backoff: Backoff;
  #link: Link | undefined;
  #cancelAckTimeout: (() => void) | undefined;
  #cancelRetry: (() => void) | undefined;

  constructor(options: OutboxOptions) {
    const { timing, runtime } = options;
    this.#options = options;
    this.#backoff = new Backoff(timing.backoffMs * 2, timing.backoffMaxMs, () => runtime.random());
  }

  /** What is not acknowledged yet, in order. */
  get messages(): readonly OutboxMessage[] {
    return [...this.#entries.values()];
  }

  /**
   * Keeps a message and sends it as soon as there is a connection. Resolves at its Ack. The same message again
   * returns the same promise.
   *
   * Rejects with the Ack's code when the master refuses it; `conflict` when another message has its key;
   * `outbox-full`; `too-large` when the master takes no such length; what `abandon` is given.
   */
  add(message: OutboxMessage): Promise<void> {
    const known = this.#entries.get(message.key);
    if (known !== undefined) {
      if (Buffer.compare(known.plaintext, message.plaintext) === 0) return known.settled.promise;
      return Promise.reject(
        new ProtocolError(
          'conflict',
          'a different message of the same kind and match is still unacknowledged',
        ),
      );
    }
    if (this.#entries.size >= this.#options.limit) {
      return Promise.reject(
        new ProtocolError('outbox-full', `${this.#options.limit} messages already wait for the master's Ack`),
      );
    }
    return this.restore(message);
  }

  /** Keeps a message whatever the limit says: it was kept before. */
  restore(message: OutboxMessage): Promise<void> {
    const entry: Entry = { ...message, settled: deferred<void>(), waiting: true, sends: 0 };
    this.#entries.set(message.key, entry);
    this.pump();
    return entry.settled.promise;
  }

  /** Sends everything on a new connection. */
  attach(link: Link): void {
    this.#link = link;
    this.pump();
  }

  /** The connection is gone: whatever was not acknowledged waits for the next one. */
  detach(): void {
    this.#link = undefined;
    this.#inFlight.clear();
    this.#cancelAckTimeout?.();
    this.#cancelAckTimeout = undefined;
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
    for (const entry of this.#entries.values()) entry.waiting = true;
  }

  /** Sends what waits, as far as the connection takes it. */
  pump(): void {
    const link = this.#link;
    if (link === undefined || this.#cancelRetry !== undefined) return;
    for (const entry of this.#entries.values()) {
      if (!link.open || link.isCongested()) return;
      if (entry.waiting) this.#send(link, entry);
    }
  }

  /** Takes an Ack. False when nobody waits for it. */
  acknowledge(ack: Ack): boolean {
    const entry = this.#inFlight.get(ack.of);
    if (entry === undefined) return false;
    this.#inFlight.delete(ack.of);
    this.#watchAcks();
    const code = ack.ok ? 'ok' : (ack.error?.code ?? 'refused');
    if (ack.ok || (entry.sends > 1 && code === entry.doneBefore)) {
      this.#backoff.reset();
      this.#entries.delete(entry.key);
      entry.settled.resolve();
      return true;
    }
    // A refusal may only be the consequence of a predecessor that the master put off.
    if (this.#options.retried.has(code) || this.#predecessorWaits(entry)) {
      entry.waiting = true;
      this.#retryLater();
    } else
      this.#refuse(
        entry,
        new ProtocolError(code, ack.error?.message ?? 'the master refused the message', {
          retryAfterMs: ack.error?.retryAfterMs,
        }),
      );
    return true;
  }

  /** Gives up: every promise rejects. What was not acknowledged can still be read from `messages`. */
  abandon(error: ProtocolError): void {
    this.detach();
    for (const { settled } of this.#entries.values()) settled.reject(error);
  }

  #send(link: Link, entry: Entry): void {
    if (entry.plaintext.length > link.maxPlaintext) {
      this.#refuse(
        entry,
        new ProtocolError(
          'too-large',
          `a message takes ${entry.plaintext.length} bytes, more than the master takes`,
        ),
      );
      return;
    }
    entry.waiting = false;
    entry.sends++;
    link.send(entry.type, entry.plaintext, (of) => {
      this.#inFlight.set(of, entry);
      if (this.#inFlight.size === 1) this.#watchAcks();
    });
  }

  #refuse(entry: Entry, error: ProtocolError): void {
    this.#entries.delete(entry.key);
    entry.settled.reject(error);
    this.#options.refused(entry, error);
  }

  #predecessorWaits(entry: Entry): boolean {
    for (const other of this.#entries.values()) {
      if (other === entry) return false;
      if (other.group === entry.group && other.waiting) return true;
    }
    return false;
  }

  /** Each Ack is progress: the time runs anew while others are awaited. */
  #watchAcks(): void {
    const { runtime, timing } = this.#options;
    this.#cancelAckTimeout?.();
    this.#cancelAckTimeout = undefined;
    if (this.#inFlight.size === 0) return;
    this.#cancelAckTimeout = runtime.after(timing.ackMs, () =>
      this.#link?.fail(new ProtocolError('timeout', `the master sent no Ack for ${timing.ackMs / 1000} s`)),
    );
  }

  #retryLater(): void {
    this.#cancelRetry ??= this.#options.runtime.after(this.#backoff.next(), () => {
      this.#cancelRetry = undefined;
      this.pump();
    });
  }
}
