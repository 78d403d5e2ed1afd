import type { ReadTx } from '../sql/tx.js';

/** What decides whether an account may join a queue now. */
export interface Standing {
  /** The live match that it is in. */
  readonly matchId: string | null;
  readonly partyId: string | null;
  readonly isBanned: boolean;
  /** Until when it may not join, ms; null when it may. */
  readonly cooldownUntil: number | null;
}

/** How an account stands now; null for an unknown one. One read for all of it, since a whole installation may join at once. */
export async function standingOf(tx: ReadTx, accountId: string): Promise<Standing | null> {
  const now = tx.now();
  const [row] = await tx.rows<Omit<Standing, 'isBanned'> & { bannedUntil: number | null }>(
    `SELECT q.match_id AS "matchId", m.party_id AS "partyId", a.banned_until AS "bannedUntil", p.until AS "cooldownUntil"
     FROM account a LEFT JOIN queue_entry q ON q.account_id = a.id LEFT JOIN party_member m ON m.account_id = a.id
     LEFT JOIN penalty p ON p.account_id = a.id AND p.until > $2
     WHERE a.id = $1`,
    [accountId, now],
  );
  if (row === undefined) return null;
  const { bannedUntil, ...rest } = row;
  return { ...rest, isBanned: bannedUntil !== null && bannedUntil > now };
}
