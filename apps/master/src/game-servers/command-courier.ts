import { Inject, Injectable } from '@nestjs/common';
import type { Ack } from '@ranked/protocol';
import { commands, type ServerCommand, type Store, type Tx } from '@ranked/store';
import { ConnectionError } from '../channel/connection-errors.js';
import type { Connection } from '../channel/connection.js';
import { ConnectionRegistry } from '../channel/connection-registry.js';
import type { ServerPeer } from '../channel/peer.js';
import { Clock } from '../clock/clock.js';
import { MasterConfig } from '../config/master-config.js';
import { LOGGER, type Logger } from '../logging/logger.js';
import { MatchCalloff } from '../matchmaking/match-calloff.js';
import { STORE } from '../store/store.module.js';
import { commandMessage, type CommandMessage } from './command-messages.js';

/** Commands on their way at once, all servers together. */
const MAX_IN_FLIGHT = 500;

/**
 * Delivers the rows of `server_command` to the servers connected here. A row is sent again until it is
 * acknowledged, refused, or past its time; the commands of the protocol can be repeated without harm.
 */
@Injectable()
export class CommandCourier {
  readonly counters = { sent: 0, acked: 0, failed: 0, unanswered: 0 };
  private readonly inFlight = new Map<string, Promise<void>>();

  constructor(
    @Inject(STORE) private readonly store: Store,
    private readonly registry: ConnectionRegistry,
    private readonly calloff: MatchCalloff,
    private readonly config: MasterConfig,
    private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** Sends what is due. Resolves when it is on its way; the answers are written as they come. */
  async deliver(): Promise<void> {
    const serverIds = [...this.registry.servers()].filter((c) => c.isOpen).map((c) => c.peer.certificateId);
    if (serverIds.length === 0) return;
    const resendBefore = this.clock.now() - this.config.heartbeatMs;
    const rows = await this.store.read((tx) =>
      commands.due(tx, { serverIds, resendBefore, limit: MAX_IN_FLIGHT }),
    );
    const due = rows.filter((row) => !this.inFlight.has(row.id)).slice(0, MAX_IN_FLIGHT - this.inFlight.size);
    if (due.length === 0) return;
    await this.store.writeGrouped('commands sent', (tx) =>
      commands.markSent(
        tx,
        due.map((row) => row.id),
      ),
    );
    for (const row of due) {
      const connection = this.registry.server(row.serverId);
      if (!connection) continue;
      const done = this.send(connection, row)
        .catch((error: unknown) =>
          this.log.error({ err: error, commandId: row.id }, 'a command could not be recorded'),
        )
        .finally(() => this.inFlight.delete(row.id));
      this.inFlight.set(row.id, done);
    }
  }

  /** Resolves when no command is on its way. */
  async idle(): Promise<void> {
    while (this.inFlight.size > 0) await Promise.all(this.inFlight.values());
  }

  private async send(connection: Connection<ServerPeer>, row: ServerCommand): Promise<void> {
    const { id, serverId } = row;
    const command = commandMessage(row.type, row.payload);
    if (!command) {
      this.counters.failed += 1;
      await this.record((tx) =>
        commands.markFailed(tx, { id, serverId, error: 'not a command, or its payload does not fit' }),
      );
      return;
    }
    this.counters.sent += 1;
    let ack: Ack;
    try {
      ack = await connection.request(command.type, command.message, this.config.allowAckTimeoutMs);
    } catch (error) {
      if (!(error instanceof ConnectionError)) throw error;
      this.counters.unanswered += 1;
      return;
    }
    if (!ack.ok) {
      this.counters.failed += 1;
      const error = `${ack.error?.code ?? 'refused'}: ${ack.error?.message ?? ''}`.slice(0, 1000);
      await this.record((tx) => commands.markFailed(tx, { id, serverId, error }));
      return;
    }
    this.counters.acked += 1;
    // First what follows from it: a master that is killed in between sends the command once more.
    await this.follow(serverId, command);
    await this.record((tx) => commands.markAcked(tx, { id, serverId }));
  }

  /** A match that an operator cancelled on its server is over for its players, too. */
  private async follow(serverId: string, command: CommandMessage): Promise<void> {
    if ('playerId' in command.message || !('matchId' in command.message) || !('reason' in command.message))
      return;
    const { matchId, reason } = command.message;
    await this.calloff.byOperator(serverId, matchId, reason);
  }

  private record(write: (tx: Tx) => Promise<boolean>): Promise<boolean> {
    return this.store.writeGrouped('command answered', write);
  }
}
