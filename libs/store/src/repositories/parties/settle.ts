import type { Tx } from '../../sql/tx.js';

/**
 * Brings a party that is locked in order after a change, and notes the change: a leader who is gone is followed by the member who
 * has been there longest, one who is online before one who is not; a party of one that waits for nobody ends.
 * @param note the change in a sentence, for the members; null: the sentence of the change before stays
 */
export async function settle(tx: Tx, partyId: string, note: string | null): Promise<void> {
  const members = await tx.rows<{ accountId: string }>(
    `SELECT m.account_id AS "accountId" FROM party_member m WHERE m.party_id = $1
     ORDER BY m.online DESC, m.joined_at, m.account_id`,
    [partyId],
  );
  const [invite] = await tx.rows(
    'SELECT 1 AS open FROM party_invite i WHERE i.party_id = $1 AND i.expires_at > $2 LIMIT 1',
    [partyId, tx.now()],
  );
  const [first] = members;
  if (first === undefined || (members.length === 1 && invite === undefined)) {
    await end(tx, partyId, note);
    return;
  }
  await tx.run(
    `UPDATE party SET version = version + 1, changed_at = $2, note = coalesce(CAST($3 AS text), note),
       leader_id = CASE WHEN EXISTS (SELECT 1 FROM party_member m WHERE m.party_id = party.id AND m.account_id = leader_id)
         THEN leader_id ELSE $4 END
     WHERE id = $1`,
    [partyId, tx.now(), note, first.accountId],
  );
}

/**
 * Takes the waiting entries of a party out of the queue, and those of members who wait on their own; true if there were any.
 * Its row must be locked.
 * @param ownOnly leaves those who wait on their own where they are
 */
export async function takeOutOfQueue(
  tx: Tx,
  partyId: string,
  { ownOnly = false }: { ownOnly?: boolean } = {},
): Promise<boolean> {
  const alone = ownOnly
    ? ''
    : 'OR account_id IN (SELECT m.account_id FROM party_member m WHERE m.party_id = $1)';
  const removed = await tx.run(
    `DELETE FROM queue_entry WHERE match_id IS NULL AND (party_id = $1 ${alone})`,
    [partyId],
  );
  // Entries that are in a match come back if it is called off.
  await tx.run(
    `UPDATE party SET queue = NULL WHERE id = $1 AND queue IS NOT NULL
       AND NOT EXISTS (SELECT 1 FROM queue_entry q WHERE q.party_id = $1)`,
    [partyId],
  );
  return removed > 0;
}

async function end(tx: Tx, partyId: string, note: string | null): Promise<void> {
  // Who waits or plays with it goes on, on his own.
  await tx.run('UPDATE queue_entry SET party_id = NULL WHERE party_id = $1', [partyId]);
  await tx.run('DELETE FROM party_invite WHERE party_id = $1', [partyId]);
  await tx.run('DELETE FROM party_member WHERE party_id = $1', [partyId]);
  await tx.run(
    `UPDATE party SET version = version + 1, changed_at = $2, ended_at = $2, queue = NULL,
       note = coalesce(CAST($3 AS text), note)
     WHERE id = $1`,
    [partyId, tx.now(), note],
  );
}
