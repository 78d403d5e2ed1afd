import { Injectable } from '@nestjs/common';
import { MsgType } from '@ranked/protocol';
import { ConnectionRegistry } from '../channel/connection-registry.js';
import type { CalledOffMatch } from './called-off-match.js';
import { Told } from './told.js';

/** Tells players that their match began, or will not be played. Those who are not connected learn it when they come back. */
@Injectable()
export class PlayerNotices {
  readonly counters = { started: 0, cancelled: 0 };
  private readonly told = new Told();

  constructor(private readonly registry: ConnectionRegistry) {}

  /** @param startedAt Unix ms */
  started(matchId: string, startedAt: number, accountIds: Iterable<string>): void {
    for (const accountId of accountIds) {
      const connection = this.registry.player(accountId);
      if (!connection?.isOpen || !this.told.first(connection, `${matchId} started`)) continue;
      this.counters.started += 1;
      connection.send(MsgType.PlayerMatchStarted, { matchId, startedAt });
    }
  }

  calledOff({ matchId, reason, players }: Pick<CalledOffMatch, 'matchId' | 'reason' | 'players'>): void {
    for (const { accountId, requeued } of players) {
      const connection = this.registry.player(accountId);
      if (!connection?.isOpen || !this.told.first(connection, `${matchId} cancelled`)) continue;
      this.counters.cancelled += 1;
      connection.send(MsgType.MatchCancelled, { matchId, reason, requeued });
    }
  }
}
