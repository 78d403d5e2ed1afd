import type { SqlConnection } from './connection.js';
import type { Dialect } from './dialect.js';

/** A connection lent for one transaction or one read. */
export interface Lease {
  readonly connection: SqlConnection;
  /** Gives it back; `broken` says that its state is unknown, so that it is not lent again. */
  release(broken: boolean): Promise<void>;
}

/** What the transaction rules need of a database. */
export interface Backend {
  readonly dialect: Dialect;
  /** Write transactions that may be open at once. */
  readonly lanes: number;
  /**
   * Opens a write transaction. One that is `alone` begins when no other is open, and none begins before it has ended, in
   * whatever process.
   */
  begin(connection: SqlConnection, alone: boolean): Promise<void>;
  /** Lends a connection that can write. */
  writer(): Promise<Lease>;
  /** Lends a connection on which a write fails. */
  reader(): Promise<Lease>;
  /** True when the same job may succeed if it is run again (deadlock, serialization failure). */
  canRetry(error: unknown): boolean;
  /** Takes the cluster's tick lock until the end of the transaction; false when another node holds it. */
  tryTickLock(connection: SqlConnection): Promise<boolean>;
  close(): Promise<void>;
}
