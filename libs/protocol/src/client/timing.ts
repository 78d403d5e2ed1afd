/** How long a client waits for what, all in milliseconds. */
export interface ClientTiming {
  /** From the start of a connection to READY. */
  readonly handshakeMs: number;
  /** From the first byte of a frame to its last. */
  readonly frameMs: number;
  /** Without an Ack while at least one is awaited. */
  readonly ackMs: number;
  /** Without the master taking a byte while some wait to be written. */
  readonly stallMs: number;
  /** From this end's CLOSE to the master's. */
  readonly closeMs: number;
  /** Upper bound of the first wait before a new connection; it doubles with each failure. */
  readonly backoffMs: number;
  /** Upper bound that it does not pass. */
  readonly backoffMaxMs: number;
  /** A session that lived so long ends the series of failures. */
  readonly stableMs: number;
}

export const DEFAULT_TIMING: ClientTiming = {
  handshakeMs: 5_000,
  frameMs: 10_000,
  ackMs: 10_000,
  stallMs: 10_000,
  closeMs: 1_000,
  backoffMs: 500,
  backoffMaxMs: 30_000,
  stableMs: 10_000,
};
