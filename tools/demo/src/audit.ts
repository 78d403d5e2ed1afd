import type { LeaderboardRow } from './master-api.js';

/** What a game server says it did, when it ends. */
export interface ServerAccount {
  name: string;
  /** Matches for which it sent a result, by queue. */
  resultsSent: { matchId: string; queue: string; players: number }[];
  /** Of those, the ones the master acknowledged. */
  acknowledged: string[];
}

/** What a player has seen. */
export interface PlayerAccount {
  name: string;
  playerId: string;
  found: string[];
  reported: string[];
  cancelled: string[];
}

/**
 * Holds the three sides against each other: every match a player was sent to ended in a report or a cancellation,
 * every result was acknowledged and reached all its players, and the leaderboard has counted each exactly once.
 * @returns one sentence per loss; empty when nothing was lost.
 */
export function audit(
  servers: readonly ServerAccount[],
  players: readonly PlayerAccount[],
  leaderboards: ReadonlyMap<string, readonly LeaderboardRow[]>,
): string[] {
  const losses: string[] = [];
  const reportsOf = new Map<string, number>();
  for (const player of players) {
    const ended = new Set([...player.reported, ...player.cancelled]);
    for (const matchId of new Set(player.found)) {
      if (!ended.has(matchId)) losses.push(`player ${player.name} never heard how match ${matchId} ended`);
    }
    for (const matchId of new Set(player.reported)) reportsOf.set(matchId, (reportsOf.get(matchId) ?? 0) + 1);
  }
  const games = new Map<string, number>();
  const seen = new Set<string>();
  for (const server of servers) {
    const acknowledged = new Set(server.acknowledged);
    for (const { matchId, queue, players: size } of server.resultsSent) {
      if (seen.has(matchId)) losses.push(`match ${matchId} was played on two servers`);
      seen.add(matchId);
      if (!acknowledged.has(matchId))
        losses.push(`the result of match ${matchId} (${server.name}) was never acknowledged`);
      if (reportsOf.get(matchId) !== size) {
        losses.push(
          `the report of match ${matchId} reached ${reportsOf.get(matchId) ?? 0} of its ${size} players`,
        );
      }
      games.set(queue, (games.get(queue) ?? 0) + size);
    }
  }
  for (const [queue, rows] of leaderboards) {
    const rated = rows.reduce((sum, row) => sum + row.games, 0);
    const played = games.get(queue) ?? 0;
    if (rated !== played)
      losses.push(`queue ${queue}: ${played} player games were played but ${rated} were rated`);
  }
  return losses;
}
