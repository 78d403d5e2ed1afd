import { RpcException } from '@nestjs/microservices';
import type { Ack } from '@ranked/protocol';

/** A refusal as its Ack carries it. */
export type AckError = NonNullable<Ack['error']>;

/**
 * A handler's "no": thrown by a handler of an acknowledged message, it reaches the peer as
 * `Ack { ok: false, error: { code, message } }`. Anything else that is thrown is logged and reaches the
 * peer as code `internal` without its text.
 */
export class Refusal extends RpcException {
  /**
   * @param code stable and meant for programs, as in `docs/protocol.md` (`unknown_match`, `not_yours`, …)
   * @param reason a sentence for people; it crosses the wire, so it holds nothing secret
   * @param retryAfterMs after which the same message may be taken, if the refusal ends by itself
   */
  constructor(
    readonly code: string,
    reason: string,
    readonly retryAfterMs?: number,
  ) {
    super(reason);
  }

  /** Nest's exception layer passes on what this returns: the refusal itself, so that its code is not lost. */
  override getError(): object {
    return this;
  }
}
