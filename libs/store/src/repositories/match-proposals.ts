import { json } from '../sql/text.js';
import type { ReadTx, Tx } from '../sql/tx.js';
import { LIVE, selectMatches } from './matches/match-rows.js';
import type { Match } from './matches/match-rows.js';

/** Of these matches, those in `checking`, with their players. */
export function open(tx: ReadTx, matchIds: readonly string[]): Promise<Match[]> {
  return selectMatches(
    tx,
    `WHERE ${tx.dialect.among('m.id', '$1')} AND m.state = 'checking' ORDER BY m.created_at, m.id`,
    [json(matchIds)],
  );
}

/** Ids of the matches in `checking` that these accounts are asked about. */
export async function openOf(tx: ReadTx, accountIds: readonly string[]): Promise<string[]> {
  const rows = await tx.rows<{ matchId: string }>(
    `SELECT DISTINCT q.match_id AS "matchId" FROM queue_entry q JOIN game_match m ON m.id = q.match_id
     WHERE ${tx.dialect.among('q.account_id', '$1')} AND m.${LIVE} AND m.state = 'checking'`,
    [json(accountIds)],
  );
  return rows.map(({ matchId }) => matchId);
}

/** How many players have accepted, for those of these matches that are still in `checking`. */
export async function accepted(tx: ReadTx, matchIds: readonly string[]): Promise<Map<string, number>> {
  const rows = await tx.rows<{ id: string; accepted: number }>(
    `SELECT m.id, (SELECT count(*) FROM match_player p WHERE p.match_id = m.id AND p.answer = 1) AS accepted
     FROM game_match m WHERE ${tx.dialect.among('m.id', '$1')} AND m.state = 'checking'`,
    [json(matchIds)],
  );
  return new Map(rows.map((row) => [row.id, row.accepted]));
}

/**
 * Marks players as asked whether they are ready, where their match still is in `checking`; gives the number of those for whom it
 * was the first time.
 */
export function markProposed(
  tx: Tx,
  places: readonly { readonly matchId: string; readonly playerId: string }[],
): Promise<number> {
  return tx.run(
    `UPDATE match_player SET proposed_at = $2
     FROM ${tx.dialect.recordset('r', '$1', { match_id: 'text', id: 'text' })}
     WHERE match_player.match_id = r.match_id AND match_player.id = r.id AND match_player.proposed_at IS NULL
       AND EXISTS (SELECT 1 FROM game_match m WHERE m.id = r.match_id AND m.state = 'checking')`,
    [json(places.map(({ matchId, playerId }) => ({ match_id: matchId, id: playerId }))), tx.now()],
  );
}
