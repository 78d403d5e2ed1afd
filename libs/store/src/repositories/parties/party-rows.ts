import type { Party } from '../../entities/party.js';
import { json } from '../../sql/text.js';
import type { ReadTx, Tx } from '../../sql/tx.js';

/** A member as the others see him. */
export interface PartyMemberView {
  readonly accountId: string;
  /** The account's display name now. */
  readonly name: string;
  readonly online: boolean;
}

/** An open invitation as the party sees it; `expiresAt` in ms. */
export interface PartyInviteView {
  readonly accountId: string;
  readonly name: string;
  readonly inviterId: string;
  readonly inviterName: string;
  /** Who is invited must not see it. */
  readonly hidden: boolean;
  readonly expiresAt: number;
}

/** A party with its members, longest first, and its open invitations, oldest first. */
export type PartyView = Omit<Party, 'createdAt' | 'changedAt'> & {
  readonly members: readonly PartyMemberView[];
  readonly invites: readonly PartyInviteView[];
};

/** A party and the number of its latest change. */
export type ChangedParty = Pick<Party, 'id' | 'version'>;

type PartyRow = Pick<Party, 'id' | 'leaderId' | 'queue' | 'note' | 'version' | 'endedAt'>;

const PARTY = 'p.id, p.leader_id AS "leaderId", p.queue, p.note, p.version, p.ended_at AS "endedAt"';

/** Parties by id, in no order; those that have ended without members. */
export async function byIds(tx: ReadTx, ids: readonly string[]): Promise<PartyView[]> {
  if (ids.length === 0) return [];
  const which = [json(ids)];
  const parties = await tx.rows<PartyRow>(
    `SELECT ${PARTY} FROM party p WHERE ${tx.dialect.among('p.id', '$1')}`,
    which,
  );
  const members = await tx.rows<{ partyId: string; accountId: string; name: string; online: number }>(
    `SELECT m.party_id AS "partyId", m.account_id AS "accountId", a.display_name AS name, m.online
     FROM party_member m JOIN account a ON a.id = m.account_id WHERE ${tx.dialect.among('m.party_id', '$1')}
     ORDER BY m.joined_at, m.account_id`,
    which,
  );
  const invites = await tx.rows<Omit<PartyInviteView, 'hidden'> & { partyId: string; hidden: number }>(
    `SELECT i.party_id AS "partyId", i.account_id AS "accountId", a.display_name AS name, i.inviter_id AS "inviterId",
       b.display_name AS "inviterName", i.hidden, i.expires_at AS "expiresAt"
     FROM party_invite i JOIN account a ON a.id = i.account_id JOIN account b ON b.id = i.inviter_id
     WHERE ${tx.dialect.among('i.party_id', '$1')} AND i.expires_at > $2 ORDER BY i.created_at, i.account_id`,
    [...which, tx.now()],
  );
  return parties.map((party) => ({
    ...party,
    members: members
      .filter(({ partyId }) => partyId === party.id)
      .map(({ accountId, name, online }) => ({ accountId, name, online: online === 1 })),
    invites: invites
      .filter(({ partyId }) => partyId === party.id)
      .map(({ partyId: _, hidden, ...invite }) => ({ ...invite, hidden: hidden === 1 })),
  }));
}

/** The id of the party in which an account is; null when it is in none. */
export async function idOf(tx: ReadTx, accountId: string): Promise<string | null> {
  const [row] = await tx.rows<{ partyId: string }>(
    'SELECT m.party_id AS "partyId" FROM party_member m WHERE m.account_id = $1',
    [accountId],
  );
  return row?.partyId ?? null;
}

/** Ids of the parties in which these accounts are, or into which they are openly invited. */
export async function concerning(tx: ReadTx, accountIds: readonly string[]): Promise<string[]> {
  const rows = await tx.rows<{ id: string }>(
    `SELECT m.party_id AS id FROM party_member m WHERE ${tx.dialect.among('m.account_id', '$1')}
     UNION SELECT i.party_id FROM party_invite i
     WHERE ${tx.dialect.among('i.account_id', '$1')} AND i.hidden = 0 AND i.expires_at > $2`,
    [json(accountIds), tx.now()],
  );
  return rows.map(({ id }) => id);
}

/** Ids of the parties into which an account is openly invited, the oldest invitation first. */
export async function invitationsOf(tx: ReadTx, accountId: string): Promise<string[]> {
  const rows = await tx.rows<{ id: string }>(
    `SELECT i.party_id AS id FROM party_invite i WHERE i.account_id = $1 AND i.hidden = 0 AND i.expires_at > $2
     ORDER BY i.created_at, i.party_id`,
    [accountId, tx.now()],
  );
  return rows.map(({ id }) => id);
}

/** Parties of which something changed since then, ms, the oldest change first. */
export function changedSince(tx: ReadTx, since: number): Promise<ChangedParty[]> {
  return tx.rows<ChangedParty>(
    'SELECT p.id, p.version FROM party p WHERE p.changed_at >= $1 ORDER BY p.changed_at, p.id',
    [since],
  );
}

/** Locks parties that have not ended, in one order, before anything of them is read to be changed. */
export async function lockLive(tx: Tx, ids: readonly string[]): Promise<Map<string, PartyRow>> {
  const rows = await tx.rows<PartyRow>(
    `SELECT ${PARTY} FROM party p WHERE ${tx.dialect.among('p.id', '$1')} AND p.ended_at IS NULL
     ORDER BY p.id${tx.dialect.forUpdate}`,
    [json(ids)],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/** Locks the party in which an account is; null when it is in none. */
export async function lockOwn(tx: Tx, accountId: string): Promise<PartyRow | null> {
  const id = await idOf(tx, accountId);
  if (id === null) return null;
  const party = (await lockLive(tx, [id])).get(id);
  // On PostgreSQL he can have left it, and be in another one, between the two statements.
  return party !== undefined && (await idOf(tx, accountId)) === id ? party : lockOwn(tx, accountId);
}
