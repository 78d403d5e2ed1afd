import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import type { Socket } from 'node:net';

/** Where the master listens. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** What a client takes from the world. Every part can be replaced, so that tests own time, chance and the network. */
export interface ClientRuntime {
  /** Unix milliseconds. */
  now(): number;
  /** A number of [0, 1), for jitter. */
  random(): number;
  /** Unpredictable bytes, for the handshake. */
  randomBytes(length: number): Uint8Array;
  /** Does `action` once, `ms` from now, unless the returned function is called before. */
  after(ms: number, action: () => void): () => void;
  /** A socket that has begun to connect. */
  connect(address: Address): Socket;
}

/** The real world. */
const REAL_RUNTIME: ClientRuntime = {
  now: () => Date.now(),
  random: () => Math.random(),
  randomBytes: (length) => randomBytes(length),
  after(ms, action) {
    const timer = setTimeout(action, ms);
    return () => clearTimeout(timer);
  },
  connect: ({ host, port }) => connect({ host, port }),
};

/** The real world, with parts replaced; they may be methods of an object. */
export function runtimeWith(replaced: Partial<ClientRuntime> = {}): ClientRuntime {
  return {
    now: replaced.now?.bind(replaced) ?? REAL_RUNTIME.now,
    random: replaced.random?.bind(replaced) ?? REAL_RUNTIME.random,
    randomBytes: replaced.randomBytes?.bind(replaced) ?? REAL_RUNTIME.randomBytes,
    after: replaced.after?.bind(replaced) ?? REAL_RUNTIME.after,
    connect: replaced.connect?.bind(replaced) ?? REAL_RUNTIME.connect,
  };
}
