import { json } from '../../sql/text.js';
import type { JsonText } from '../../sql/text.js';
import type { Tx } from '../../sql/tx.js';
import { KNEW_OF_IT, PENDING, takenBy } from './match-rows.js';

/**
 * What came of an answer. `accepted`: others are still asked; `complete`: he was the last, the match is `reserving` now;
 * `declined`: noted, the caller calls the match off; `repeated`: he had given this very answer before; `over`: the check
 * has ended without it; `unknown_match`: no match of his.
 */
export type CheckAnswer = 'accepted' | 'complete' | 'declined' | 'repeated' | 'over' | 'unknown_match';

/** A check that was called off, with what became of its players. */
export interface EndedCheck {
  readonly matchId: string;
  readonly serverId: string;
  readonly players: readonly {
    readonly accountId: string;
    /** True when he waits again, from the time he first joined. */
    readonly requeued: boolean;
    /** He was told, and gave no answer in time. */
    readonly isSilent: boolean;
  }[];
}

/**
 * Notes a player's answer to a ready check. A decline may follow an accept as long as others are asked; nothing follows a
 * decline. The last accept makes the match `reserving`.
 * @param reply `reserveExpiresAt`: until when its server must then have acknowledged the players, ms
 */
export async function answerCheck(
  tx: Tx,
  reply: { matchId: string; accountId: string; accept: boolean; reserveExpiresAt: number },
): Promise<CheckAnswer> {
  const own = [reply.matchId, reply.accountId] as const;
  const [place] = await tx.rows(
    'SELECT 1 AS own FROM match_player WHERE match_id = $1 AND account_id = $2',
    own,
  );
  if (place === undefined) return 'unknown_match';
  // Answers of one match one after another: of the last two accepts each would miss the other.
  const [match] = await tx.rows<{ state: string }>(
    `SELECT m.state FROM game_match m WHERE m.id = $1${tx.dialect.forUpdate}`,
    [reply.matchId],
  );
  const wanted = reply.accept ? 1 : 0;
  const changed =
    match?.state === 'checking'
      ? await tx.run(
          `UPDATE match_player SET answer = $3
           WHERE match_id = $1 AND account_id = $2 AND (answer IS NULL OR answer > $3)`,
          [...own, wanted],
        )
      : 0;
  if (changed === 0) {
    const [before] = await tx.rows<{ answer: number | null }>(
      'SELECT answer FROM match_player WHERE match_id = $1 AND account_id = $2',
      own,
    );
    return before?.answer === wanted ? 'repeated' : 'over';
  }
  if (!reply.accept) return 'declined';
  const complete = await tx.run(
    `UPDATE game_match SET state = 'reserving', state_since = $2, reserve_expires_at = $3
     WHERE id = $1 AND state = 'checking' AND NOT EXISTS (
       SELECT 1 FROM match_player p WHERE p.match_id = $1 AND (p.answer IS NULL OR p.answer = 0))`,
    [reply.matchId, tx.now(), reply.reserveExpiresAt],
  );
  return complete === 1 ? 'complete' : 'accepted';
}

/**
 * Calls off the checks whose time was over at `endedBy`, ms, oldest first, in a few statements for all. Who accepted, and
 * who was never told, waits again with the time he had, ahead of all others; who was told and gave no answer does so unless `dropSilent`. A party
 * waits whole or not at all.
 */
export async function callOffChecks(
  tx: Tx,
  order: { endedBy: number; dropSilent: boolean; reason: string; limit: number },
): Promise<EndedCheck[]> {
  const ended = await tx.rows<{ id: string; serverId: string }>(
    `UPDATE game_match SET state = 'cancelled', state_since = $3, ended_at = $3, end_reason = $4
     WHERE state = 'checking' AND id IN (
       SELECT m.id FROM game_match m WHERE ${PENDING} AND m.state = 'checking' AND m.reserve_expires_at <= $1
       ORDER BY m.reserve_expires_at, m.id LIMIT $2)
     RETURNING id, server_id AS "serverId"`,
    [order.endedBy, order.limit, tx.now(), order.reason],
  );
  if (ended.length === 0) return [];
  const ids = json(ended.map(({ id }) => id));
  const which = tx.dialect.strings('$1');
  const players = await tx.rows<{ matchId: string; accountId: string; requeued: number }>(
    `UPDATE match_player SET report_due = ${KNEW_OF_IT},
       requeued = CASE WHEN answer = 0 OR ($2 = 1 AND answer IS NULL AND proposed_at IS NOT NULL) THEN 0 ELSE 1 END
     WHERE match_id IN ${which} RETURNING match_id AS "matchId", account_id AS "accountId", requeued`,
    [ids, order.dropSilent ? 1 : 0],
  );
  const broken = new Set(await ofBrokenParties(tx, ids));
  await tx.run(
    `UPDATE match_player SET requeued = 0
     WHERE match_id IN ${which} AND requeued = 1 AND ${tx.dialect.among('account_id', '$2')}`,
    [ids, json([...broken])],
  );
  await tx.run(
    `UPDATE queue_entry SET match_id = NULL, ahead = 1 WHERE ${takenBy(which)} AND EXISTS (
       SELECT 1 FROM match_player p
       WHERE p.match_id = queue_entry.match_id AND p.account_id = queue_entry.account_id AND p.requeued = 1)`,
    [ids],
  );
  await tx.run(`DELETE FROM queue_entry WHERE ${takenBy(which)}`, [ids]);
  const byMatch = new Map(ended.map(({ id }) => [id, [] as EndedCheck['players'][number][]]));
  for (const { matchId, accountId, requeued } of players) {
    const isSilent = requeued === 0;
    byMatch.get(matchId)?.push({ accountId, requeued: !isSilent && !broken.has(accountId), isSilent });
  }
  return ended.map(({ id, serverId }) => ({ matchId: id, serverId, players: byMatch.get(id) ?? [] }));
}

/** Players of these matches with whose party, as it came into the match, somebody is who does not wait again. */
async function ofBrokenParties(tx: Tx, matchIds: JsonText): Promise<string[]> {
  const rows = await tx.rows<{ accountId: string }>(
    `SELECT DISTINCT mine.account_id AS "accountId" FROM match_player gone
     JOIN queue_entry his ON his.account_id = gone.account_id AND his.match_id = gone.match_id
     JOIN queue_entry mine ON mine.party_id = his.party_id AND mine.match_id = his.match_id
     WHERE gone.match_id IN ${tx.dialect.strings('$1')} AND gone.requeued = 0 ORDER BY mine.account_id`,
    [matchIds],
  );
  return rows.map(({ accountId }) => accountId);
}
