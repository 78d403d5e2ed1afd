import { Inject, Injectable } from '@nestjs/common';
import { MsgType } from '@ranked/protocol';
import { ConnectionError } from '../channel/connection-errors.js';
import { ConnectionRegistry } from '../channel/connection-registry.js';
import { MasterConfig } from '../config/master-config.js';
import { LOGGER, type Logger } from '../logging/logger.js';

/** CmdCancelMatch on their way at once; beyond it they are left to the next heartbeats. */
const MAX_IN_FLIGHT = 4_096;

/**
 * Tells servers to drop matches that are not theirs (any more). Nothing is stored for it: a server that did not hear
 * it names the match in its next heartbeat, and is told again.
 */
@Injectable()
export class CancelCourier {
  readonly counters = { sent: 0, acked: 0, refused: 0, unanswered: 0, left: 0 };
  private readonly inFlight = new Map<string, Promise<void>>();

  constructor(
    private readonly registry: ConnectionRegistry,
    private readonly config: MasterConfig,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** Sends the command if the server is connected here and it is not on its way already. */
  send(serverId: string, matchId: string, reason: string): void {
    const key = `${serverId} ${matchId}`;
    if (this.inFlight.has(key)) return;
    if (this.inFlight.size >= MAX_IN_FLIGHT) {
      this.counters.left += 1;
      return;
    }
    const done = this.ask(serverId, matchId, reason).finally(() => this.inFlight.delete(key));
    this.inFlight.set(key, done);
  }

  /** Resolves when nothing is on its way any more. */
  async idle(): Promise<void> {
    while (this.inFlight.size > 0) await Promise.all(this.inFlight.values());
  }

  private async ask(serverId: string, matchId: string, reason: string): Promise<void> {
    const connection = this.registry.server(serverId);
    if (!connection?.isOpen) return;
    this.counters.sent += 1;
    try {
      const ack = await connection.request(
        MsgType.CmdCancelMatch,
        { matchId, reason },
        this.config.allowAckTimeoutMs,
      );
      // A server that never heard of the match refuses: that is as good.
      if (ack.ok) this.counters.acked += 1;
      else this.counters.refused += 1;
    } catch (error) {
      this.counters.unanswered += 1;
      if (!(error instanceof ConnectionError))
        this.log.error({ err: error, serverId, matchId }, 'a match could not be cancelled');
    }
  }
}
