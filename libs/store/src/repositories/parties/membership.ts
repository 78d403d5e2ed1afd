import type { Tx } from '../../sql/tx.js';
import { idOf, lockLive, lockOwn } from './party-rows.js';
import { settle, takeOutOfQueue } from './settle.js';

/** Bounds of parties. */
export interface PartyLimits {
  /** Most members. */
  readonly size: number;
  /** Most open invitations of one party. */
  readonly sent: number;
  /** Most open invitations to one account that it sees; the oldest gives way. */
  readonly received: number;
  /** Life of an invitation, ms. */
  readonly inviteMs: number;
}

/** What a player claims for himself, as JSON text: see {@link QueueEntry}. */
export interface MemberWishes {
  readonly latencies: string | null;
  readonly roles: string | null;
}

/** A change that took effect, or why it did not. */
export type PartyOutcome<Done extends string, Refused extends string> =
  { readonly status: Done; readonly partyId: string } | { readonly status: Refused };

/**
 * Invites an account into the party that the inviter leads, which is made if he is in none. Inviting again changes nothing.
 * Whoever blocks the inviter sees no invitation, and the inviter cannot tell.
 * @param order `partyId`: a fresh UUID, for a party that is to be made; `online`: whether the inviter is connected
 * @throws StoreError `foreign_key` for an unknown account
 */
export async function invite(
  tx: Tx,
  order: { partyId: string; inviterId: string; accountId: string; online: boolean; limits: PartyLimits },
): Promise<
  PartyOutcome<'invited', 'not_leader' | 'already_member' | 'blocked' | 'party_full' | 'too_many_invites'>
> {
  const { inviterId, accountId, limits } = order;
  if (accountId === inviterId) return { status: 'already_member' };
  const own = await lockOwn(tx, inviterId);
  if (own === null) {
    if (await isBlocked(tx, inviterId, accountId)) return { status: 'blocked' };
    if (limits.size < 2) return { status: 'party_full' };
    if (!(await create(tx, order))) return invite(tx, order);
  } else if (own.leaderId !== inviterId) return { status: 'not_leader' };
  const partyId = own?.id ?? order.partyId;
  const now = tx.now();
  if ((await idOf(tx, accountId)) === partyId) return { status: 'already_member' };
  if (await isBlocked(tx, inviterId, accountId)) return { status: 'blocked' };
  if ((await memberCount(tx, partyId)) >= limits.size) return { status: 'party_full' };
  await tx.run('DELETE FROM party_invite WHERE party_id = $1 AND expires_at <= $2', [partyId, now]);
  const [open] = await tx.rows<{ n: number; known: number }>(
    `SELECT count(*) AS n, coalesce(sum(CASE WHEN i.account_id = $2 THEN 1 ELSE 0 END), 0) AS known
     FROM party_invite i WHERE i.party_id = $1`,
    [partyId, accountId],
  );
  if (Number(open?.known) > 0) return { status: 'invited', partyId };
  if ((open?.n ?? 0) >= limits.sent) return { status: 'too_many_invites' };
  const hidden = await isBlocked(tx, accountId, inviterId);
  await tx.run(
    `INSERT INTO party_invite (party_id, account_id, inviter_id, hidden, created_at, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6)`,
    [partyId, accountId, inviterId, hidden ? 1 : 0, now, now + limits.inviteMs],
  );
  if (!hidden) await expireOldest(tx, accountId, limits.received);
  await settle(tx, partyId, `${await nameOf(tx, accountId)} was invited.`);
  return { status: 'invited', partyId };
}

/**
 * Takes up an invitation. The party leaves the queue if it waits. Who is in it already stays, with what he claims now. A
 * party in which he is alone ends.
 * @param order `size`: most members; `online`: whether he is connected
 */
export async function accept(
  tx: Tx,
  order: { partyId: string; accountId: string; size: number; online: boolean; wishes: MemberWishes },
): Promise<PartyOutcome<'accepted', 'unknown_invite' | 'in_party' | 'queued' | 'party_full'>> {
  const { partyId, accountId, wishes } = order;
  const now = tx.now();
  const before = await idOf(tx, accountId);
  const locked = await lockLive(tx, before === null ? [partyId] : [partyId, before]);
  if ((await idOf(tx, accountId)) !== before) return accept(tx, order);
  if (!locked.has(partyId)) return { status: 'unknown_invite' };
  if (before === partyId) {
    await tx.run('UPDATE party_member SET latencies = $2, roles = $3 WHERE account_id = $1', [
      accountId,
      wishes.latencies,
      wishes.roles,
    ]);
    return { status: 'accepted', partyId };
  }
  const [invited] = await tx.rows(
    `SELECT 1 AS open FROM party_invite i
     WHERE i.party_id = $1 AND i.account_id = $2 AND i.hidden = 0 AND i.expires_at > $3`,
    [partyId, accountId, now],
  );
  if (invited === undefined) return { status: 'unknown_invite' };
  if (before !== null && (await memberCount(tx, before)) > 1) return { status: 'in_party' };
  const [waits] = await tx.rows(
    'SELECT 1 AS waits FROM queue_entry q WHERE q.account_id = $1 AND q.match_id IS NULL',
    [accountId],
  );
  if (waits !== undefined) return { status: 'queued' };
  if ((await memberCount(tx, partyId)) >= order.size) return { status: 'party_full' };
  const name = await nameOf(tx, accountId);
  if (before !== null) await remove(tx, before, accountId, `${name} joined another party`);
  const joined = await tx.run(
    `INSERT INTO party_member (account_id, party_id, joined_at, online, last_seen, latencies, roles)
     VALUES ($1, $2, (SELECT CASE WHEN max(m.joined_at) >= $3 THEN max(m.joined_at) + 1 ELSE $3 END
       FROM party_member m WHERE m.party_id = $2), $4, $3, $5, $6) ON CONFLICT DO NOTHING`,
    [accountId, partyId, now, order.online ? 1 : 0, wishes.latencies, wishes.roles],
  );
  if (joined === 0) return accept(tx, order);
  await tx.run('DELETE FROM party_invite WHERE party_id = $1 AND account_id = $2', [partyId, accountId]);
  const left = await takeOutOfQueue(tx, partyId);
  await settle(tx, partyId, `${name} joined the party${left ? ', so it left the queue' : ''}.`);
  return { status: 'accepted', partyId };
}

/** Declines an invitation. One that is not there, or must not be seen, is no error: then nothing changes. */
export async function decline(tx: Tx, order: { partyId: string; accountId: string }): Promise<void> {
  const { partyId, accountId } = order;
  await lockLive(tx, [partyId]);
  const declined = await tx.run(
    'DELETE FROM party_invite WHERE party_id = $1 AND account_id = $2 AND hidden = 0',
    [partyId, accountId],
  );
  if (declined > 0) await settle(tx, partyId, `${await nameOf(tx, accountId)} declined.`);
}

/** Leaves the party; it leaves the queue if it waits. Gives its id, null when there is none to leave. */
export async function leave(tx: Tx, accountId: string): Promise<string | null> {
  const own = await lockOwn(tx, accountId);
  if (own === null) return null;
  await remove(tx, own.id, accountId, `${await nameOf(tx, accountId)} left the party`);
  return own.id;
}

/** The leader removes another member; the party leaves the queue if it waits. */
export async function kick(
  tx: Tx,
  order: { leaderId: string; accountId: string },
): Promise<PartyOutcome<'kicked', 'not_leader' | 'not_member'>> {
  const led = await lockLed(tx, order);
  if (led.status !== 'led') return led;
  await remove(
    tx,
    led.partyId,
    order.accountId,
    `${await nameOf(tx, order.accountId)} was removed by the leader`,
  );
  return { status: 'kicked', partyId: led.partyId };
}

/** The leader hands the party over to another member. */
export async function promote(
  tx: Tx,
  order: { leaderId: string; accountId: string },
): Promise<PartyOutcome<'promoted', 'not_leader' | 'not_member'>> {
  const led = await lockLed(tx, order);
  if (led.status !== 'led') return led;
  await tx.run('UPDATE party SET leader_id = $2 WHERE id = $1', [led.partyId, order.accountId]);
  await settle(tx, led.partyId, `${await nameOf(tx, order.accountId)} leads the party.`);
  return { status: 'promoted', partyId: led.partyId };
}

/** Takes a member out of a party that is locked. What he plays he goes on playing. @param note without its full stop */
export async function remove(tx: Tx, partyId: string, accountId: string, note: string): Promise<void> {
  const left = await takeOutOfQueue(tx, partyId);
  await tx.run('UPDATE queue_entry SET party_id = NULL WHERE account_id = $1 AND party_id = $2', [
    accountId,
    partyId,
  ]);
  await tx.run('DELETE FROM party_member WHERE account_id = $1 AND party_id = $2', [accountId, partyId]);
  await settle(tx, partyId, `${note}${left ? ', so the party left the queue' : ''}.`);
}

/** Locks the party that one account leads and in which another one is. */
async function lockLed(
  tx: Tx,
  { leaderId, accountId }: { leaderId: string; accountId: string },
): Promise<PartyOutcome<'led', 'not_leader' | 'not_member'>> {
  const own = await lockOwn(tx, leaderId);
  if (own?.leaderId !== leaderId) return { status: 'not_leader' };
  if (accountId === leaderId || (await idOf(tx, accountId)) !== own.id) return { status: 'not_member' };
  return { status: 'led', partyId: own.id };
}

/** False if the account has come into another party meanwhile (on PostgreSQL). */
async function create(
  tx: Tx,
  { partyId, inviterId, online }: { partyId: string; inviterId: string; online: boolean },
): Promise<boolean> {
  const now = tx.now();
  await tx.run(
    `INSERT INTO party (id, leader_id, note, version, created_at, changed_at) VALUES ($1, $2, '', 0, $3, $3)`,
    [partyId, inviterId, now],
  );
  const made = await tx.run(
    `INSERT INTO party_member (account_id, party_id, joined_at, online, last_seen)
     VALUES ($1, $2, $3, $4, $3) ON CONFLICT DO NOTHING`,
    [inviterId, partyId, now, online ? 1 : 0],
  );
  if (made === 0) await tx.run('DELETE FROM party WHERE id = $1', [partyId]);
  return made === 1;
}

/** Who has more invitations than he can look at keeps the newest; the others are over, and their parties hear of it. */
async function expireOldest(tx: Tx, accountId: string, kept: number): Promise<void> {
  await tx.run(
    `UPDATE party_invite SET expires_at = $2 WHERE account_id = $1 AND hidden = 0 AND expires_at > $2
       AND party_id NOT IN (SELECT i.party_id FROM party_invite i
         WHERE i.account_id = $1 AND i.hidden = 0 AND i.expires_at > $2 ORDER BY i.created_at DESC, i.party_id LIMIT $3)`,
    [accountId, tx.now(), kept],
  );
}

async function memberCount(tx: Tx, partyId: string): Promise<number> {
  const [row] = await tx.rows<{ n: number }>(
    'SELECT count(*) AS n FROM party_member m WHERE m.party_id = $1',
    [partyId],
  );
  return row?.n ?? 0;
}

async function isBlocked(tx: Tx, ownerId: string, blockedId: string): Promise<boolean> {
  const [row] = await tx.rows(
    'SELECT 1 AS blocked FROM player_block b WHERE b.owner_id = $1 AND b.blocked_id = $2',
    [ownerId, blockedId],
  );
  return row !== undefined;
}

async function nameOf(tx: Tx, accountId: string): Promise<string> {
  const [row] = await tx.rows<{ name: string }>(
    'SELECT a.display_name AS name FROM account a WHERE a.id = $1',
    [accountId],
  );
  return row?.name ?? 'Somebody';
}
