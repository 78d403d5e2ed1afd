import { Inject, Injectable } from '@nestjs/common';
import { MsgType } from '@ranked/protocol';
import { matches, type Store } from '@ranked/store';
import { ConnectionRegistry } from '../channel/connection-registry.js';
import { Clock } from '../clock/clock.js';
import { LOGGER, type Logger } from '../logging/logger.js';
import { STORE } from '../store/store.module.js';
import type { CalledOffMatch } from './called-off-match.js';
import { Courier } from './courier.js';
import { NewestConnections } from './newest-connections.js';

/** Players looked at in one batch. */
const PLAYERS_PER_BATCH = 500;
/** A match that was called off longer ago than this is nothing that a player still waits for, ms. */
const CALLOFF_NEWS_MS = 10 * 60_000;

/**
 * Tells players that their match began, or will not be played. Those who are not connected learn it when they come back:
 * the one with their MatchFound, the other because its row is due until it was sent.
 */
@Injectable()
export class PlayerNotices extends Courier {
  readonly counters = { started: 0, cancelled: 0 };

  constructor(
    @Inject(STORE) private readonly store: Store,
    private readonly registry: ConnectionRegistry,
    private readonly newest: NewestConnections,
    private readonly clock: Clock,
    @Inject(LOGGER) log: Logger,
  ) {
    super(PLAYERS_PER_BATCH, 'players were not told that their match was called off', log);
  }

  /** @param startedAt Unix ms */
  started(matchId: string, startedAt: number, accountIds: Iterable<string>): void {
    for (const accountId of accountIds) {
      const connection = this.registry.player(accountId);
      if (!connection?.isOpen || !this.told.first(connection, `${matchId} started`)) continue;
      this.counters.started += 1;
      connection.send(MsgType.PlayerMatchStarted, { matchId, startedAt });
    }
  }

  /** Tells those who are here at once. */
  calledOff({ matchId, reason, players }: Pick<CalledOffMatch, 'matchId' | 'reason' | 'players'>): void {
    const told = players.filter((player) => this.sendCalloff({ matchId, reason, ...player }));
    this.tell(told.map(({ accountId }) => accountId));
  }

  /** Tells these players of matches that were called off while they were away, and notes what they were told. */
  protected async work(accountIds: string[]): Promise<void> {
    const here = accountIds.filter((id) => this.registry.player(id)?.isOpen);
    if (here.length === 0) return;
    const { due, elsewhere } = await this.store.read(async (tx) => ({
      due: await matches.calloffsDue(tx, here),
      elsewhere: await this.newest.playersElsewhere(tx, here),
    }));
    const newsSince = this.clock.now() - CALLOFF_NEWS_MS;
    const done = due.filter(
      (calloff) =>
        !elsewhere.has(calloff.accountId) && (calloff.endedAt < newsSince || this.sendCalloff(calloff)),
    );
    if (done.length > 0)
      await this.store.writeGrouped('calloffs told', (tx) => matches.markReported(tx, done));
  }

  /** True if it went out on the present connection, now or before. */
  private sendCalloff({ matchId, reason, accountId, requeued }: Calloff): boolean {
    const connection = this.registry.player(accountId);
    if (!connection?.isOpen) return false;
    if (!this.told.first(connection, `${matchId} cancelled`)) return true;
    this.counters.cancelled += 1;
    return connection.send(MsgType.MatchCancelled, { matchId, reason, requeued });
  }
}

interface Calloff {
  matchId: string;
  reason: string;
  accountId: string;
  requeued: boolean;
}
