import type { Account } from '../entities/account.js';
import { Session } from '../entities/session.js';
import { columnList } from '../sql/snake-naming.js';
import { json } from '../sql/text.js';
import { StoreError } from '../store-error.js';
import type { ReadTx, Tx } from '../sql/tx.js';
import * as accounts from './accounts.js';

/** A session and whose it is. Callers judge `revokedAt`, `expiresAt` and the account's ban themselves. */
export interface SessionOfAccount {
  readonly session: Session;
  readonly account: Account;
}

const COLUMNS = columnList('s', ['id', 'accountId', 'accessDigest', 'createdAt', 'expiresAt', 'revokedAt']);

/**
 * Stores a login. `id` is the ticket id (32 lower hex), `accessDigest` the SHA-256 (64 lower hex) of the HTTP
 * access token, `ticketKey` the 32 bytes derived from the ticket; it is sealed for this row.
 * @throws StoreError `unique` for an id or digest that exists, `foreign_key` for an unknown account
 */
export async function create(
  tx: Tx,
  session: { id: string; accountId: string; accessDigest: string; ticketKey: Uint8Array; expiresAt: number },
): Promise<Session> {
  if (session.ticketKey.length !== 32) throw new StoreError('invalid_value', 'ticketKey must have 32 bytes');
  const { id, accountId, accessDigest, expiresAt } = session;
  const createdAt = tx.now();
  await tx.run(
    `INSERT INTO session (id, account_id, access_digest, ticket_key_sealed, created_at, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6)`,
    [id, accountId, accessDigest, tx.sealer.seal('session', id, session.ticketKey), createdAt, expiresAt],
  );
  return { id, accountId, accessDigest, createdAt, expiresAt, revokedAt: null };
}

/** For HTTP: by the digest of the access token. */
export async function byAccessDigest(tx: ReadTx, accessDigest: string): Promise<SessionOfAccount | null> {
  const session = await tx.findOne(Session, { accessDigest });
  const account = session && (await accounts.byId(tx, session.accountId));
  return session && account && { session, account };
}

/**
 * For the player channel: by ticket id, with the ticket key.
 * @throws StoreError `sealed_value` when the row was tampered with
 */
export async function byTicketId(
  tx: ReadTx,
  id: string,
): Promise<(SessionOfAccount & { readonly ticketKey: Buffer }) | null> {
  const [row] = await tx.rows<Session & { ticketKeySealed: string }>(
    `SELECT ${COLUMNS}, s.ticket_key_sealed AS "ticketKeySealed" FROM session s WHERE s.id = $1`,
    [id],
  );
  if (row === undefined) return null;
  const { ticketKeySealed, ...session } = row;
  const account = await accounts.byId(tx, session.accountId);
  return account && { session, account, ticketKey: tx.sealer.open('session', id, ticketKeySealed) };
}

/** Ends a session now. False when there is none of that id or it was revoked before. */
export async function revoke(tx: Tx, id: string): Promise<boolean> {
  const revoked = await tx.run('UPDATE session SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL', [
    id,
    tx.now(),
  ]);
  return revoked === 1;
}

/** Revokes every session of an account; gives their number. */
export function revokeAll(tx: Tx, accountId: string): Promise<number> {
  return tx.run('UPDATE session SET revoked_at = $2 WHERE account_id = $1 AND revoked_at IS NULL', [
    accountId,
    tx.now(),
  ]);
}

/** Those of `ids` that are revoked, or no longer there. */
export async function endedAmong(tx: ReadTx, ids: readonly string[]): Promise<string[]> {
  const rows = await tx.rows<{ id: string }>(
    `SELECT id FROM session WHERE ${tx.dialect.among('id', '$1')} AND revoked_at IS NULL`,
    [json(ids)],
  );
  const inForce = new Set(rows.map((row) => row.id));
  return ids.filter((id) => !inForce.has(id));
}

/** Deletes sessions that expired before `before`, ms, at most `limit` of them, oldest first; gives their number. */
export function removeExpired(tx: Tx, before: number, limit: number): Promise<number> {
  return tx.run(
    `DELETE FROM session WHERE id IN (
       SELECT s.id FROM session s WHERE s.expires_at < $1 ORDER BY s.expires_at, s.id LIMIT $2)`,
    [before, limit],
  );
}
