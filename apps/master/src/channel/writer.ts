import type { Socket } from 'node:net';
import type { Session } from '@ranked/protocol';
import { ConnectionClosedError } from './connection-errors.js';
import type { PendingAck, PendingAcks } from './pending-acks.js';

/** A message that waits for the end of the turn. */
interface OutgoingMessage {
  readonly type: number;
  readonly plaintext: Buffer;
  /** Set if the sender waits for the Ack; the message's number is known only once it is sealed. */
  readonly pending: PendingAck | undefined;
}

/** What a message costs in the queue beside its plaintext: its header in a BATCH. */
const ENTRY_BYTES = 5;

/**
 * The outgoing half of a connection. Messages wait in order; `flush` seals all of them into one frame (or as few as
 * hold them) and hands them to the socket in one write.
 */
export class Writer {
  #waiting: OutgoingMessage[] | undefined;
  /** Whether one of them waits for its Ack. */
  #requests = false;
  #bytes = 0;
  #stalledSince: number | undefined;

  constructor(
    private readonly socket: Socket,
    private readonly session: Session<unknown>,
    private readonly acks: PendingAcks,
    private readonly clock: { elapsed(): number },
  ) {}

  /** True if nothing waits to be sealed. */
  get isEmpty(): boolean {
    return this.#waiting === undefined;
  }

  /** Bytes that wait, sealed or not. */
  get bytes(): number {
    return this.#bytes + this.socket.writableLength;
  }

  /** Since when nothing of what was written has reached the peer; undefined if nothing is under way. */
  get stalledSince(): number | undefined {
    return this.#stalledSince;
  }

  push(type: number, plaintext: Buffer, pending: PendingAck | undefined): void {
    const message = { type, plaintext, pending };
    this.#bytes += plaintext.length + ENTRY_BYTES;
    if (pending !== undefined) this.#requests = true;
    if (this.#waiting === undefined) this.#waiting = [message];
    else this.#waiting.push(message);
  }

  /** Seals and writes what waits. @returns the number of messages */
  flush(): number {
    const messages = this.#waiting;
    if (messages === undefined) return 0;
    this.#waiting = undefined;
    this.#bytes = 0;
    const { bytes, of } = this.session.sealBatch(messages);
    if (this.#requests) this.#expectAcks(messages, of);
    this.write(bytes);
    return messages.length;
  }

  /** Writes CLOSE, the last frame of this direction. */
  writeClose(code: string, reason: string): void {
    this.write(this.session.sealClose(code, reason).bytes);
  }

  /** Gives this direction new keys if their time has come; for a direction that is idle, which nothing else rekeys. */
  rekeyIfDue(): void {
    if (this.session.rekeyDue) this.write(this.session.sealRekey());
  }

  /** Writes bytes that are sealed already. */
  write(bytes: Buffer): void {
    this.socket.write(bytes, this.#written);
    if (this.#stalledSince === undefined && this.socket.writableLength > 0)
      this.#stalledSince = this.clock.elapsed();
  }

  /** Forgets what waits, and tells those who wait for an Ack. */
  abandon(cause: string): void {
    const messages = this.#waiting;
    this.#waiting = undefined;
    this.#bytes = 0;
    for (const { pending } of messages ?? []) pending?.reject(new ConnectionClosedError(cause));
  }

  #expectAcks(messages: readonly OutgoingMessage[], numbers: readonly number[]): void {
    this.#requests = false;
    for (const [index, { pending }] of messages.entries()) {
      const of = numbers[index];
      if (pending !== undefined && of !== undefined) this.acks.add(of, pending);
    }
  }

  /** Something reached the kernel, so the peer reads: whatever is left starts its time anew. */
  readonly #written = (): void => {
    this.#stalledSince = this.socket.writableLength > 0 ? this.clock.elapsed() : undefined;
  };
}
