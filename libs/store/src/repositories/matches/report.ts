import { json } from '../../sql/text.js';
import { StoreError } from '../../store-error.js';
import type { ReadTx, Tx } from '../../sql/tx.js';
import { ownPlaces, selectMatches } from './match-rows.js';
import type { PlayerInMatch } from './match-rows.js';

/** Ended matches whose report these accounts did not get, oldest first. `limit` counts matches, 500 unless said. */
export async function reportsDue(
  tx: ReadTx,
  accountIds: readonly string[],
  limit = 500,
): Promise<PlayerInMatch[]> {
  const matches = await selectMatches(
    tx,
    `WHERE m.id IN (SELECT p.match_id FROM match_player p WHERE ${tx.dialect.among('p.account_id', '$1')}
       AND p.report_due = 1) AND m.state <> 'cancelled'
     ORDER BY m.ended_at, m.id LIMIT $2`,
    [json(accountIds), limit],
  );
  return ownPlaces(matches, new Set(accountIds)).filter(({ player }) => player.reportedAt === null);
}

/** A match that was called off, of which a player knew and has not been told. */
export interface CalloffDue {
  readonly matchId: string;
  readonly playerId: string;
  readonly accountId: string;
  readonly endedAt: number;
  readonly reason: string;
  /** Whether he was put back into the queue, and has not left it since. */
  readonly requeued: boolean;
}

/** Cancelled matches that these accounts were told of before, and not of their end, oldest first. */
export async function calloffsDue(tx: ReadTx, accountIds: readonly string[]): Promise<CalloffDue[]> {
  const rows = await tx.rows<Omit<CalloffDue, 'requeued'> & { requeued: number }>(
    `SELECT p.match_id AS "matchId", p.id AS "playerId", p.account_id AS "accountId", m.ended_at AS "endedAt",
       m.end_reason AS reason, CASE WHEN p.requeued = 1 AND q.account_id IS NOT NULL THEN 1 ELSE 0 END AS requeued
     FROM match_player p JOIN game_match m ON m.id = p.match_id LEFT JOIN queue_entry q ON q.account_id = p.account_id
     WHERE ${tx.dialect.among('p.account_id', '$1')} AND p.report_due = 1 AND m.state = 'cancelled'
     ORDER BY m.ended_at, m.id`,
    [json(accountIds)],
  );
  return rows.map((row) => ({ ...row, requeued: row.requeued === 1 }));
}

/** Marks reports, and ends of cancelled matches, as sent; gives the number of those that were due. */
export function markReported(
  tx: Tx,
  places: readonly { readonly matchId: string; readonly playerId: string }[],
): Promise<number> {
  return tx.run(
    `UPDATE match_player SET reported_at = $2, report_due = 0
     FROM ${tx.dialect.recordset('r', '$1', { match_id: 'text', id: 'text' })}
     WHERE match_player.match_id = r.match_id AND match_player.id = r.id AND match_player.report_due = 1`,
    [json(places.map(({ matchId, playerId }) => ({ match_id: matchId, id: playerId }))), tx.now()],
  );
}

/**
 * An account's ended matches, newest first. `next` is the cursor for `before` of the following page, null on
 * the last one.
 * @throws StoreError `invalid_value` for a cursor that is none
 */
export async function history(
  tx: ReadTx,
  accountId: string,
  page: { limit?: number; before?: string } = {},
): Promise<{ readonly items: PlayerInMatch[]; readonly next: string | null }> {
  const limit = page.limit ?? 20;
  const before = page.before === undefined ? null : parseCursor(page.before);
  const rows = await tx.rows<{ matchId: string; endedAt: number }>(
    `SELECT p.match_id AS "matchId", p.ended_at AS "endedAt" FROM match_player p
     WHERE p.account_id = $1 AND p.ended_at IS NOT NULL ${before === null ? '' : 'AND (p.ended_at, p.match_id) < ($3, $4)'}
     ORDER BY p.ended_at DESC, p.match_id DESC LIMIT $2`,
    [accountId, limit + 1, ...(before === null ? [] : [before.endedAt, before.matchId])],
  );
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const matches = await selectMatches(
    tx,
    `WHERE ${tx.dialect.among('m.id', '$1')} ORDER BY m.ended_at DESC, m.id DESC`,
    [json(shown.map((row) => row.matchId))],
  );
  return {
    items: ownPlaces(matches, new Set([accountId])),
    next: rows.length > limit && last !== undefined ? `${last.endedAt}.${last.matchId}` : null,
  };
}

function parseCursor(cursor: string): { endedAt: number; matchId: string } {
  const [, endedAt, matchId] = /^(\d{1,16})\.([0-9a-f-]{36})$/.exec(cursor) ?? [];
  if (endedAt === undefined || matchId === undefined) {
    throw new StoreError('invalid_value', 'not a cursor of a history page');
  }
  return { endedAt: Number(endedAt), matchId };
}
