import type { Ack } from '@ranked/protocol';
import { AckTimeoutError, ConnectionClosedError } from './connection-errors.js';

/** A request that waits for its Ack. */
export interface PendingAck {
  readonly resolve: (ack: Ack) => void;
  readonly reject: (error: Error) => void;
  readonly timeoutMs: number;
  /** On the clock of `ConnectionHost.elapsed`. */
  readonly deadline: number;
}

/** The requests of one connection that were sent and wait for their Ack, by message number. */
export class PendingAcks {
  #waiting: Map<number, PendingAck> | undefined;

  get size(): number {
    return this.#waiting?.size ?? 0;
  }

  add(of: number, pending: PendingAck): void {
    this.#waiting ??= new Map();
    this.#waiting.set(of, pending);
  }

  /** @returns false if nobody waits for it */
  settle(ack: Ack): boolean {
    const pending = this.#waiting?.get(ack.of);
    if (pending === undefined) return false;
    this.#waiting?.delete(ack.of);
    pending.resolve(ack);
    return true;
  }

  /** Rejects what is overdue. @returns how many there were */
  expire(elapsed: number): number {
    if (this.#waiting === undefined) return 0;
    let expired = 0;
    for (const [of, pending] of this.#waiting) {
      if (pending.deadline > elapsed) continue;
      this.#waiting.delete(of);
      pending.reject(new AckTimeoutError(pending.timeoutMs));
      expired += 1;
    }
    if (this.#waiting.size === 0) this.#waiting = undefined;
    return expired;
  }

  /** Rejects all: the connection has ended or is about to. */
  abandon(cause: string): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    for (const pending of waiting?.values() ?? []) pending.reject(new ConnectionClosedError(cause));
  }
}
