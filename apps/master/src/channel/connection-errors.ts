/** A request on a connection did not get its Ack. `code` is stable. */
export class ConnectionError extends Error {
  override readonly name: string = 'ConnectionError';

  constructor(
    readonly code: 'connection_closed' | 'ack_timeout' | 'too_many_requests',
    message: string,
  ) {
    super(message);
  }
}

/** The connection ended, or was ending, before the Ack came. Whether the peer acted is unknown. */
export class ConnectionClosedError extends ConnectionError {
  override readonly name = 'ConnectionClosedError';

  constructor(cause: string) {
    super('connection_closed', `the connection ended before the Ack (${cause})`);
  }
}

/** The peer did not acknowledge in time. Whether it acted is unknown; a late Ack is ignored and counted. */
export class AckTimeoutError extends ConnectionError {
  override readonly name = 'AckTimeoutError';

  constructor(timeoutMs: number) {
    super('ack_timeout', `no Ack within ${timeoutMs} ms`);
  }
}

/** Too many requests of this connection wait for their Ack already; this one was not sent. */
export class TooManyRequestsError extends ConnectionError {
  override readonly name = 'TooManyRequestsError';

  constructor(limit: number) {
    super('too_many_requests', `${limit} requests of this connection wait for their Ack already`);
  }
}
