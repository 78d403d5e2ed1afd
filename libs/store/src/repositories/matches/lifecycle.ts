import { json } from '../../sql/text.js';
import type { ReadTx, Tx } from '../../sql/tx.js';
import { KNEW_OF_IT, LIVE, selectMatches, takenBy } from './match-rows.js';
import type { LIVE_STATES, Match } from './match-rows.js';

/**
 * Why a message of a game server about a match was not taken: there is no such match, it is on another server, or its state does not
 * allow it.
 */
export type MatchRefusal = 'unknown_match' | 'not_yours' | 'bad_state';

/** What became of a player of a cancelled match. */
export interface ReleasedPlayer {
  readonly accountId: string;
  readonly playerId: string;
  /** True when he waits again, from the time he first joined. */
  readonly requeued: boolean;
}

/** A match with its players, in whatever state; null when there is none. */
export async function byId(tx: ReadTx, id: string): Promise<Match | null> {
  const [match] = await selectMatches(tx, 'WHERE m.id = $1', [id]);
  return match ?? null;
}

/** The live matches of a server, oldest first. */
export function byServer(tx: ReadTx, serverId: string): Promise<Match[]> {
  return selectMatches(tx, `WHERE m.server_id = $1 AND m.${LIVE} ORDER BY m.created_at, m.id`, [serverId]);
}

/** Live matches by state. */
export async function liveCounts(
  tx: ReadTx,
): Promise<Readonly<Record<(typeof LIVE_STATES)[number], number>>> {
  const rows = await tx.rows<{ state: string; n: number }>(
    `SELECT m.state, count(*) AS n FROM game_match m WHERE m.${LIVE} GROUP BY m.state`,
  );
  const found = Object.fromEntries(rows.map((row) => [row.state, row.n]));
  return {
    checking: found['checking'] ?? 0,
    reserving: found['reserving'] ?? 0,
    ready: found['ready'] ?? 0,
    running: found['running'] ?? 0,
  };
}

/** The match began on its server: `ready` → `running`. `duplicate` when it already runs there, or is finished. */
export async function markRunning(
  tx: Tx,
  start: { matchId: string; serverId: string },
): Promise<'running' | 'duplicate' | MatchRefusal> {
  const started = await tx.run(
    `UPDATE game_match SET state = 'running', state_since = $3, started_at = $3, server_lost_at = NULL
     WHERE id = $1 AND server_id = $2 AND state = 'ready'`,
    [start.matchId, start.serverId, tx.now()],
  );
  if (started === 1) return 'running';
  const [row] = await tx.rows<{ state: string; serverId: string }>(
    'SELECT m.state, m.server_id AS "serverId" FROM game_match m WHERE m.id = $1',
    [start.matchId],
  );
  if (row === undefined) return 'unknown_match';
  if (row.serverId !== start.serverId) return 'not_yours';
  // Also of a finished match: its server may not have heard that the start, and then the result, were taken.
  return row.state === 'running' || row.state === 'finished' ? 'duplicate' : 'bad_state';
}

/**
 * Ends a live match without a result. Those to be requeued wait again with the time they had, ahead of all others, unless one of their party does
 * not: a party waits whole or not at all. The others are free. Those who knew of the match are due to be told of its end. Null
 * when the match is not in that state (or attempt) any more.
 */
export async function cancel(
  tx: Tx,
  order: {
    matchId: string;
    state: (typeof LIVE_STATES)[number];
    attempt?: number;
    reason: string;
    requeue: 'all' | 'none' | readonly string[];
  },
): Promise<ReleasedPlayer[] | null> {
  const cancelled = await tx.run(
    `UPDATE game_match SET state = 'cancelled', server_lost_at = NULL, state_since = $4, ended_at = $4, end_reason = $5
     WHERE id = $1 AND state = $2 AND attempt = coalesce(CAST($3 AS integer), attempt)`,
    [order.matchId, order.state, order.attempt ?? null, tx.now(), order.reason],
  );
  if (cancelled === 0) return null;
  const released = await tx.rows<{ accountId: string; playerId: string }>(
    `SELECT p.account_id AS "accountId", p.id AS "playerId" FROM match_player p
     WHERE p.match_id = $1 ORDER BY p.team, p.position`,
    [order.matchId],
  );
  const back = new Set(
    order.requeue === 'all'
      ? released.map((player) => player.accountId)
      : order.requeue === 'none'
        ? []
        : await withWholeParties(tx, order.matchId, order.requeue),
  );
  const among = tx.dialect.strings('$2');
  await tx.run(
    `UPDATE match_player SET requeued = CASE WHEN account_id IN ${among} THEN 1 ELSE 0 END,
       report_due = ${KNEW_OF_IT} WHERE match_id = $1`,
    [order.matchId, json([...back])],
  );
  await tx.run(
    `UPDATE queue_entry SET match_id = NULL, ahead = 1 WHERE match_id = $1 AND account_id IN ${among}`,
    [order.matchId, json([...back])],
  );
  await tx.run(`DELETE FROM queue_entry WHERE ${takenBy('($1)')}`, [order.matchId]);
  return released.map((player) => ({ ...player, requeued: back.has(player.accountId) }));
}

/** Gives live matches up for good, unrated; their players are free. Gives the ids of those that were live. */
export async function abandon(
  tx: Tx,
  order: { matchIds: readonly string[]; reason: string },
): Promise<string[]> {
  const now = tx.now();
  const rows = await tx.rows<{ id: string }>(
    `UPDATE game_match SET state = 'abandoned', server_lost_at = NULL, state_since = $2, ended_at = $2, end_reason = $3
     WHERE ${tx.dialect.among('id', '$1')} AND ${LIVE} RETURNING id`,
    [json(order.matchIds), now, order.reason],
  );
  const ids = rows.map((row) => row.id);
  if (ids.length === 0) return [];
  const which = tx.dialect.strings('$1');
  await tx.run(`UPDATE match_player SET ended_at = $2, report_due = 1 WHERE match_id IN ${which}`, [
    json(ids),
    now,
  ]);
  await tx.run(`DELETE FROM queue_entry WHERE ${takenBy(which)}`, [json(ids)]);
  return ids;
}

/** Those of `accountIds` whose party, as it came into the match, is among them too; and those who came alone. */
async function withWholeParties(
  tx: Tx,
  matchId: string,
  accountIds: readonly string[],
): Promise<readonly string[]> {
  const inParties = await tx.rows<{ accountId: string; partyId: string }>(
    `SELECT q.account_id AS "accountId", q.party_id AS "partyId" FROM match_player p
     JOIN queue_entry q ON q.account_id = p.account_id AND q.match_id = p.match_id
     WHERE p.match_id = $1 AND q.party_id IS NOT NULL`,
    [matchId],
  );
  const kept = new Set(accountIds);
  const broken = new Set(
    inParties.filter(({ accountId }) => !kept.has(accountId)).map(({ partyId }) => partyId),
  );
  for (const { accountId, partyId } of inParties) if (broken.has(partyId)) kept.delete(accountId);
  return [...kept];
}
