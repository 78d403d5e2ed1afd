import type { MatchSummary } from '@ranked/store';
import type { MatchRow } from '../api/contract.js';

/** A match as lists show it. */
export function matchRow(match: MatchSummary): MatchRow {
  return {
    id: match.id,
    queue: match.queue,
    state: match.state,
    voided: voidedOf(match),
    serverId: match.serverId,
    serverName: match.serverName ?? match.serverId,
    players: match.players,
    createdAt: match.createdAt,
    stateSince: match.stateSince,
    startedAt: match.startedAt,
    endedAt: match.endedAt,
    endReason: match.endReason,
    lostAt: match.serverLostAt,
  };
}

function voidedOf({ voidRequestedAt, voidDoneAt, voidError }: MatchSummary): MatchRow['voided'] {
  if (voidRequestedAt === null) return null;
  if (voidDoneAt !== null) return 'done';
  return voidError === null ? 'pending' : 'failed';
}
