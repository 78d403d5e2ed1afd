import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import type { Address, ClientRuntime } from '../src/client/runtime.js';

interface Timer {
  readonly at: number;
  readonly action: () => void;
}

/** Real sockets; time stands still until a test moves it, and chance is what a test says. */
export class ManualRuntime implements ClientRuntime {
  time = 1_764_000_000_000;
  chance = 0.5;
  /** Every socket that was made, in order. */
  readonly sockets: Socket[] = [];
  /** Done to a socket before the client has it. */
  prepare: (socket: Socket) => void = () => undefined;
  readonly #timers = new Set<Timer>();

  now(): number {
    return this.time;
  }

  random(): number {
    return this.chance;
  }

  randomBytes(length: number): Uint8Array {
    return randomBytes(length);
  }

  after(ms: number, action: () => void): () => void {
    const timer = { at: this.time + ms, action };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }

  connect(address: Address): Socket {
    const socket = connect(address);
    this.sockets.push(socket);
    this.prepare(socket);
    return socket;
  }

  get timers(): number {
    return this.#timers.size;
  }

  /** Moves time, and does what falls due on the way, in its order. */
  advance(ms: number): void {
    const end = this.time + ms;
    for (;;) {
      const due = [...this.#timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (due === undefined) break;
      this.#timers.delete(due);
      this.time = Math.max(this.time, due.at);
      due.action();
    }
    this.time = end;
  }
}
