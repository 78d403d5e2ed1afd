import type { MatchVoid } from '../entities/match-void.js';
import { columnList } from '../sql/snake-naming.js';
import { json } from '../sql/text.js';
import type { ReadTx, Tx } from '../sql/tx.js';

const NAMES = ['matchId', 'queue', 'reason', 'requestedAt', 'claimedAt', 'doneAt', 'error'] as const;
/** Voids taken up at once: each makes the list of matches to leave out longer, not the work. */
const MAX_CLAIM = 100;

/**
 * Asks for a finished match to be taken out of the ratings. One that failed is asked for anew.
 * @returns `not_finished` for a match in any other state, `already` when it is asked for or done
 */
export async function request(
  tx: Tx,
  matchId: string,
  reason: string,
): Promise<'requested' | 'already' | 'not_finished'> {
  const [match] = await tx.rows<{ queue: string }>(
    `SELECT m.queue FROM game_match m WHERE m.id = $1 AND m.state = 'finished'`,
    [matchId],
  );
  if (match === undefined) return 'not_finished';
  const asked = await tx.run(
    `INSERT INTO match_void (match_id, queue, reason, requested_at) VALUES ($1, $2, $3, $4)
     ON CONFLICT (match_id) DO UPDATE SET reason = excluded.reason, requested_at = excluded.requested_at,
       claimed_at = NULL, error = NULL WHERE match_void.error IS NOT NULL`,
    [matchId, match.queue, reason, tx.now()],
  );
  return asked === 1 ? 'requested' : 'already';
}

/** Whether any void waits for a master, or for the one that took it up. */
export async function anyOpen(tx: ReadTx): Promise<boolean> {
  const rows = await tx.rows(
    'SELECT 1 AS there FROM match_void v WHERE v.done_at IS NULL AND v.error IS NULL LIMIT 1',
  );
  return rows.length > 0;
}

/**
 * Takes up open voids of one queue, the one that waits longest first. Those that somebody took up since `claimedSince` (ms)
 * are his.
 */
export async function claim(tx: Tx, claimedSince: number): Promise<MatchVoid[]> {
  const free = `v.done_at IS NULL AND v.error IS NULL AND (v.claimed_at IS NULL OR v.claimed_at < $1)`;
  const rows = await tx.rows<MatchVoid>(
    `SELECT ${columnList('v', NAMES)} FROM match_void v WHERE ${free} AND v.queue = (
       SELECT v.queue FROM match_void v WHERE ${free} ORDER BY v.requested_at, v.match_id LIMIT 1)
     ORDER BY v.requested_at, v.match_id LIMIT ${MAX_CLAIM}${tx.dialect.forUpdate}`,
    [claimedSince],
  );
  if (rows.length === 0) return [];
  await tx.run(`UPDATE match_void SET claimed_at = $2 WHERE ${tx.dialect.among('match_id', '$1')}`, [
    json(rows.map(({ matchId }) => matchId)),
    tx.now(),
  ]);
  return rows;
}

/** The ratings are without these matches now. */
export function markDone(tx: Tx, matchIds: readonly string[]): Promise<number> {
  return tx.run(
    `UPDATE match_void SET done_at = $2 WHERE ${tx.dialect.among('match_id', '$1')} AND done_at IS NULL`,
    [json(matchIds), tx.now()],
  );
}

/** It could not be done, and is not tried again unless asked for. */
export function markFailed(tx: Tx, matchIds: readonly string[], error: string): Promise<number> {
  return tx.run(
    `UPDATE match_void SET error = $2 WHERE ${tx.dialect.among('match_id', '$1')} AND done_at IS NULL`,
    [json(matchIds), error.slice(0, 500)],
  );
}

/** What is known of these matches, by their ids. */
export async function ofMatches(tx: ReadTx, matchIds: readonly string[]): Promise<Map<string, MatchVoid>> {
  const rows = await tx.rows<MatchVoid>(
    `SELECT ${columnList('v', NAMES)} FROM match_void v WHERE ${tx.dialect.among('v.match_id', '$1')}`,
    [json(matchIds)],
  );
  return new Map(rows.map((row) => [row.matchId, row]));
}
