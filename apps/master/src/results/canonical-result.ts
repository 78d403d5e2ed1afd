import type { MatchResult } from '@ranked/protocol';

/**
 * The result as it is stored and compared: only members that the protocol knows, players by id. A server that
 * sends the same result in another order, or with members of a later version, has sent the same result.
 */
export function canonicalResult(result: MatchResult): MatchResult {
  return {
    matchId: result.matchId,
    durationMs: result.durationMs,
    teams: result.teams.map(({ rank, score }) => ({ rank, ...(score !== undefined && { score }) })),
    players: result.players
      .map(({ id, playFraction, left, stats }) => ({
        id,
        ...(playFraction !== undefined && { playFraction }),
        ...(left !== undefined && { left }),
        ...(stats !== undefined && { stats: { ...stats } }),
      }))
      .sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)),
  };
}
