import { json } from '../../sql/text.js';
import type { ReadTx, Tx } from '../../sql/tx.js';
import type { LeftPlayer } from '../queue.js';
import { remove } from './membership.js';
import { lockLive } from './party-rows.js';
import { settle, takeOutOfQueue } from './settle.js';

/** From when on, ms, silence counts: who was last seen before it. */
export interface Silence {
  /** He is shown as away. */
  readonly awaySince: number;
  /** He is out of the party, unless he plays. */
  readonly outSince: number;
}

const LEFT = { account_id: 'text', connection_id: 'text', at: 'int' } as const;

/** Marks members as seen now. Their parties hear of those who had been away. */
export async function seen(tx: Tx, accountIds: readonly string[]): Promise<void> {
  const who = json(accountIds);
  const back = await tx.rows<{ partyId: string }>(
    `SELECT DISTINCT m.party_id AS "partyId" FROM party_member m
     WHERE ${tx.dialect.among('m.account_id', '$1')} AND m.online = 0`,
    [who],
  );
  const parties = await lockLive(
    tx,
    back.map(({ partyId }) => partyId),
  );
  await tx.run(
    `UPDATE party_member SET last_seen = $2, online = 1 WHERE ${tx.dialect.among('account_id', '$1')}`,
    [who, tx.now()],
  );
  for (const id of parties.keys()) await settle(tx, id, null);
}

/**
 * Has members be absent at once whose connection ended, unless they were seen since, or have a newer connection noted: as
 * `queue.markAway` does it for those who wait.
 */
export function markAway(tx: Tx, left: readonly LeftPlayer[], silenceMs: number): Promise<number> {
  return tx.run(
    `UPDATE party_member SET last_seen = r.at - $2 FROM ${tx.dialect.recordset('r', '$1', LEFT)}
     WHERE party_member.account_id = r.account_id AND party_member.last_seen <= r.at
       AND party_member.last_seen > r.at - $2
       AND NOT EXISTS (SELECT 1 FROM peer_connection n
         WHERE n.peer_id = r.account_id AND n.connection_id <> r.connection_id)`,
    [
      json(
        left.map(({ accountId, connectionId, at }) => ({
          account_id: accountId,
          connection_id: connectionId,
          at,
        })),
      ),
      silenceMs,
    ],
  );
}

/** Ids of parties of which time, or what others did, has changed something that {@link tidy} has to note. */
export async function due(tx: ReadTx, silence: Silence, limit: number): Promise<string[]> {
  const rows = await tx.rows<{ id: string }>(
    `SELECT i.party_id AS id FROM party_invite i WHERE i.expires_at <= $1
     UNION SELECT m.party_id FROM party_member m WHERE m.online = 1 AND m.last_seen <= $2
     UNION SELECT m.party_id FROM party_member m LEFT JOIN queue_entry q ON q.account_id = m.account_id
       WHERE m.last_seen <= $3 AND q.match_id IS NULL
     UNION SELECT p.id FROM party p WHERE p.queue IS NOT NULL AND p.ended_at IS NULL AND ${hasQueueNews('p')}
     LIMIT $4`,
    [tx.now(), silence.awaySince, silence.outSince, limit],
  );
  return rows.map(({ id }) => id);
}

/**
 * Notes in a party what has become of it: invitations that ran out, members who are away, those who have been for so long that
 * they are out of it, and that it does not wait any more, or not as a whole. False if there was nothing to note.
 */
export async function tidy(tx: Tx, partyId: string, silence: Silence): Promise<boolean> {
  if (!(await lockLive(tx, [partyId])).has(partyId)) return false;
  const notes = [await endedWait(tx, partyId)];
  const ran = await tx.run('DELETE FROM party_invite WHERE party_id = $1 AND expires_at <= $2', [
    partyId,
    tx.now(),
  ]);
  if (ran > 0) notes.push('An invitation ran out.');
  const away = await tx.rows<{ name: string }>(
    `UPDATE party_member SET online = 0 WHERE party_id = $1 AND online = 1 AND last_seen <= $2
     RETURNING (SELECT a.display_name FROM account a WHERE a.id = account_id) AS name`,
    [partyId, silence.awaySince],
  );
  if (away.length > 0) notes.push(`${away.map(({ name }) => name).join(' and ')} went away.`);
  const [note] = notes.filter((one) => one !== undefined);
  if (note !== undefined) await settle(tx, partyId, note === '' ? null : note);
  const out = await tx.rows<{ accountId: string; name: string }>(
    `SELECT m.account_id AS "accountId", a.display_name AS name
     FROM party_member m JOIN account a ON a.id = m.account_id LEFT JOIN queue_entry q ON q.account_id = m.account_id
     WHERE m.party_id = $1 AND m.last_seen <= $2 AND q.match_id IS NULL ORDER BY m.account_id`,
    [partyId, silence.outSince],
  );
  for (const { accountId, name } of out)
    await remove(tx, partyId, accountId, `${name} was away for too long and is out of the party`);
  return note !== undefined || out.length > 0;
}

/** Forgets at most `limit` parties that ended before `endedBefore`, ms; gives their number. */
export function removeEnded(tx: Tx, endedBefore: number, limit: number): Promise<number> {
  return tx.run(
    `DELETE FROM party WHERE id IN (
       SELECT p.id FROM party p WHERE p.ended_at < $1 AND p.changed_at < $1 ORDER BY p.changed_at, p.id LIMIT $2)`,
    [endedBefore, limit],
  );
}

/** The condition (SQL) that a party is noted as waiting and has no entries any more, or waits without some of its members. */
function hasQueueNews(party: string): string {
  const entries = `FROM queue_entry q WHERE q.party_id = ${party}.id`;
  return `(NOT EXISTS (SELECT 1 ${entries}) OR (SELECT count(*) ${entries} AND q.match_id IS NULL)
    NOT IN (0, (SELECT count(*) FROM party_member m WHERE m.party_id = ${party}.id)))`;
}

/** What to say of a party that does not wait any more; empty if there is nothing to say, undefined if it still waits or plays. */
async function endedWait(tx: Tx, partyId: string): Promise<string | undefined> {
  const [ended] = await tx.rows<{ queue: string }>(
    `SELECT p.queue FROM party p WHERE p.id = $1 AND p.queue IS NOT NULL AND ${hasQueueNews('p')}`,
    [partyId],
  );
  if (ended === undefined) return undefined;
  if (await takeOutOfQueue(tx, partyId)) return 'The party has changed, so it left the queue.';
  const absent = await tx.rows<{ name: string }>(
    `SELECT a.display_name AS name FROM party_member m JOIN account a ON a.id = m.account_id
     WHERE m.party_id = $1 AND m.online = 0 ORDER BY m.joined_at, m.account_id`,
    [partyId],
  );
  return absent.length === 0
    ? ''
    : `The party left the queue: ${absent.map(({ name }) => name).join(' and ')} was away.`;
}
