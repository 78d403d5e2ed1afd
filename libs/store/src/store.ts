import type { Sealer } from './sealer.js';
import type { ReadTx, Tx } from './sql/tx.js';

/** Where the data lies. `poolSize` is the number of PostgreSQL connections, 10 unless said. */
export type StoreTarget =
  | { readonly kind: 'sqlite'; readonly path: string }
  | { readonly kind: 'postgres'; readonly url: string; readonly poolSize?: number };

/** Where the store reports what nobody awaits, such as a lost idle connection. */
export interface StoreLogger {
  warn(fields: object, message: string): void;
}

/** How a store is opened. */
export interface StoreOptions {
  /** 32 bytes. The database remembers which key it was made with and refuses another. */
  readonly databaseKey: Uint8Array;
  /** The clock, ms since the epoch. */
  readonly now: () => number;
  readonly logger?: StoreLogger;
  /** Writes that may wait at once (and, apart from them, reads in flight); 10,000 unless said. */
  readonly maxQueuedWrites?: number;
  /** Unless `false`, the schema is made and brought up to date; with it, one that is not up to date is refused. */
  readonly migrate?: boolean;
}

/** Counters since the store was opened; read them whenever a scrape comes. */
export interface StoreMetrics {
  /** Jobs committed. */
  writes: number;
  /** Jobs that threw, and jobs whose commit failed. */
  failed: number;
  /** Jobs run again because PostgreSQL reported a deadlock or a serialization failure. */
  retries: number;
  /** Commits shared by writeGrouped jobs, the jobs in them, and the most in one. */
  groups: number;
  groupedJobs: number;
  largestGroup: number;
  /** Jobs waiting now, and the most that ever waited. */
  queueDepth: number;
  peakQueueDepth: number;
  /** Calls refused with StoreError `busy` because a queue was full or the file stayed locked. */
  refusedBusy: number;
  /** Longest time from BEGIN to the end of COMMIT, ms. */
  longestTransactionMs: number;
}

/** What `write` with `lock: 'tick'` gives when another node holds the tick. */
export const NOT_LEADER = 'not_leader';

/**
 * The database, opened. A job (`fn`) awaits nothing but its transaction, has no effect
 * outside it (it may be run again from its start after a deadlock), and is durable once the returned
 * promise resolves. A job that throws is rolled back and its error passed on.
 */
export interface Store {
  readonly dialect: 'sqlite' | 'postgres';
  /** Seals and derives under the database key. */
  readonly sealer: Sealer;
  readonly metrics: Readonly<StoreMetrics>;
  /** Reads committed data. Each statement sees the latest commit; several are not one snapshot. */
  read<T>(fn: (tx: ReadTx) => Promise<T>): Promise<T>;
  /**
   * A transaction of its own. On SQLite one at a time, in the order of the calls. With `alone` no other write of any
   * process is open meanwhile; those that come wait before they read the clock.
   */
  write<T>(name: string, fn: (tx: Tx) => Promise<T>, options?: { lock: 'alone' }): Promise<T>;
  /** The same under the cluster's tick lock; {@link NOT_LEADER} when another node holds it. */
  write<T>(
    name: string,
    fn: (tx: Tx) => Promise<T>,
    options: { lock: 'tick' },
  ): Promise<T | typeof NOT_LEADER>;
  /**
   * A transaction that shares its commit with others that came at the same time, each in a savepoint of
   * its own: one that throws takes back only itself. Resolves after the shared commit.
   */
  writeGrouped<T>(name: string, fn: (tx: Tx) => Promise<T>): Promise<T>;
  /** Refuses new work, finishes what waits, closes the connections. */
  close(): Promise<void>;
}
