import { json } from '../sql/text.js';
import type { ReadTx, Tx } from '../sql/tx.js';
import { LIVE, PENDING } from './matches/match-rows.js';
import type { LIVE_STATES } from './matches/match-rows.js';

/** A live match as its server's heartbeat is compared with it. Times are Unix ms. */
export interface LiveOnServer {
  readonly id: string;
  readonly serverId: string;
  readonly state: (typeof LIVE_STATES)[number];
  readonly stateSince: number;
  readonly serverLostAt: number | null;
}

/** A match in `checking` or `reserving` that may need another server. */
export interface MovableMatch {
  readonly id: string;
  readonly state: 'checking' | 'reserving';
  readonly queue: string;
  readonly serverId: string;
  readonly attempt: number;
  readonly previousServers: readonly string[];
  /** Its time is over, or its server is offline; else it was only asked for by id. */
  readonly isOverdue: boolean;
  /** Whether its server is there: then it is the server that failed. */
  readonly isOnline: boolean;
}

/** A match in `ready` that will not start. */
export interface OverdueMatch {
  readonly id: string;
  readonly serverId: string;
  readonly attempt: number;
  /** Its server is gone; else its time is over. */
  readonly isLost: boolean;
}

/** The live matches of servers, for comparison with what these say they hold. */
export function liveOnServers(tx: ReadTx, serverIds: readonly string[]): Promise<LiveOnServer[]> {
  return tx.rows<LiveOnServer>(
    `SELECT m.id, m.server_id AS "serverId", m.state, m.state_since AS "stateSince", m.server_lost_at AS "serverLostAt"
     FROM game_match m WHERE ${tx.dialect.among('m.server_id', '$1')} AND m.${LIVE}`,
    [json(serverIds)],
  );
}

/** Those of these matches that are finished, with their server. */
export function finishedAmong(
  tx: ReadTx,
  ids: readonly string[],
): Promise<{ readonly id: string; readonly serverId: string }[]> {
  return tx.rows(
    `SELECT m.id, m.server_id AS "serverId" FROM game_match m
     WHERE ${tx.dialect.among('m.id', '$1')} AND m.state = 'finished'`,
    [json(ids)],
  );
}

/** Notes on `ready` and `running` matches that their server is without them, from now unless noted before. */
export function markLost(tx: Tx, ids: readonly string[]): Promise<number> {
  return tx.run(
    `UPDATE game_match SET server_lost_at = $2 WHERE ${tx.dialect.among('id', '$1')}
       AND state IN ('ready', 'running') AND server_lost_at IS NULL`,
    [json(ids), tx.now()],
  );
}

/** The same for all matches of servers that are offline. */
export function markLostOfOffline(tx: Tx): Promise<number> {
  return tx.run(
    `UPDATE game_match SET server_lost_at = $1 WHERE ${LIVE} AND state IN ('ready', 'running') AND server_lost_at IS NULL
       AND server_id IN (SELECT s.id FROM game_server s WHERE s.online = 0)`,
    [tx.now()],
  );
}

/** Takes the note off again. */
export function clearLost(tx: Tx, ids: readonly string[]): Promise<number> {
  return tx.run(`UPDATE game_match SET server_lost_at = NULL WHERE ${tx.dialect.among('id', '$1')}`, [
    json(ids),
  ]);
}

/** The servers forgot the players of these `ready` matches: they are due to be sent again, with the tokens they have. */
export function forgetAllowed(tx: Tx, ids: readonly string[]): Promise<number> {
  return tx.run(
    `UPDATE match_player SET allowed_generation = -1 WHERE match_id IN (
       SELECT m.id FROM game_match m WHERE ${tx.dialect.among('m.id', '$1')} AND m.state = 'ready')`,
    [json(ids)],
  );
}

/**
 * Matches in `reserving` whose time is over at `now` (ms), whose server is offline, or that are among `refused`, and those in
 * `checking` whose server is offline.
 */
export async function toMove(
  tx: ReadTx,
  wanted: { now: number; refused: readonly string[]; limit: number },
): Promise<MovableMatch[]> {
  const rows = await tx.rows<{
    id: string;
    state: 'checking' | 'reserving';
    queue: string;
    serverId: string;
    attempt: number;
    previousServers: string;
    isOverdue: number;
    isOnline: number;
  }>(
    `SELECT m.id, m.state, m.queue, m.server_id AS "serverId", m.attempt, m.previous_servers AS "previousServers",
       CASE WHEN m.reserve_expires_at <= $1 OR s.online = 0 THEN 1 ELSE 0 END AS "isOverdue", s.online AS "isOnline"
     FROM (
       SELECT m.id FROM game_match m WHERE ${PENDING} AND m.state = 'reserving' AND m.reserve_expires_at <= $1
       UNION SELECT m.id FROM game_match m WHERE ${tx.dialect.among('m.id', '$2')} AND m.state = 'reserving'
       UNION SELECT m.id FROM game_match m WHERE m.${LIVE} AND m.state IN ('reserving', 'checking')
         AND m.server_id IN (SELECT o.id FROM game_server o WHERE o.online = 0)) AS due
     JOIN game_match m ON m.id = due.id JOIN game_server s ON s.id = m.server_id
     ORDER BY m.created_at, m.id LIMIT $3`,
    [wanted.now, json(wanted.refused), wanted.limit],
  );
  return rows.map((row) => ({
    ...row,
    previousServers: JSON.parse(row.previousServers) as string[],
    isOverdue: row.isOverdue === 1,
    isOnline: row.isOnline === 1,
  }));
}

/** Matches in `ready` whose time is over at `now`, or whose server is offline and was lost at or before `lostBefore`, ms. */
export async function overdueReady(
  tx: ReadTx,
  wanted: { now: number; lostBefore: number; limit: number },
): Promise<OverdueMatch[]> {
  const rows = await tx.rows<Omit<OverdueMatch, 'isLost'> & { isLost: number }>(
    `SELECT m.id, m.server_id AS "serverId", m.attempt,
       CASE WHEN s.online = 0 AND m.server_lost_at <= $2 THEN 1 ELSE 0 END AS "isLost"
     FROM (
       SELECT m.id FROM game_match m WHERE ${PENDING} AND m.state = 'ready' AND m.reserve_expires_at <= $1
       UNION SELECT m.id FROM game_match m JOIN game_server o ON o.id = m.server_id
         WHERE m.server_lost_at IS NOT NULL AND m.server_lost_at <= $2 AND m.state = 'ready' AND o.online = 0) AS due
     JOIN game_match m ON m.id = due.id JOIN game_server s ON s.id = m.server_id
     ORDER BY m.created_at, m.id LIMIT $3`,
    [wanted.now, wanted.lostBefore, wanted.limit],
  );
  return rows.map((row) => ({ ...row, isLost: row.isLost === 1 }));
}

/**
 * Ids of running matches that nobody will finish: their server is offline and they were lost at or before
 * `offlineBefore`; or it has been back since `unnamedBefore`, and without them since then (ms).
 */
export async function lost(
  tx: ReadTx,
  wanted: { offlineBefore: number; unnamedBefore: number; limit: number },
): Promise<string[]> {
  const rows = await tx.rows<{ id: string }>(
    `SELECT m.id FROM game_match m JOIN game_server s ON s.id = m.server_id
     WHERE m.server_lost_at IS NOT NULL AND m.state = 'running' AND (
       (s.online = 0 AND m.server_lost_at <= $1)
       OR (s.online = 1 AND m.server_lost_at <= $2 AND s.connected_at <= $2))
     ORDER BY m.server_lost_at, m.id LIMIT $3`,
    [wanted.offlineBefore, wanted.unnamedBefore, wanted.limit],
  );
  return rows.map((row) => row.id);
}
