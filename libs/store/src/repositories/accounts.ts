import { In } from 'typeorm';
import { Account } from '../entities/account.js';
import { json } from '../sql/text.js';
import type { ReadTx, Tx } from '../sql/tx.js';
import { removeAll } from './queue.js';

/** The end of a ban that has none: the last instant a Date can hold. */
export const BANNED_FOREVER = 8_640_000_000_000_000;

/**
 * What makes two usernames the same: NFKC, then case folded. Upper before lower case, so that letters with
 * several lower-case forms (ß and ss, σ and ς) meet; NFKC again, since folding can leave that form.
 */
export function usernameKey(username: string): string {
  return username.normalize('NFKC').toUpperCase().toLowerCase().normalize('NFKC');
}

/** Creates an account, or says that the username (by its key) or id is `taken`. */
export async function create(
  tx: Tx,
  account: { id: string; username: string; displayName: string; passwordHash: string },
): Promise<Account | 'taken'> {
  const key = usernameKey(account.username);
  const createdAt = tx.now();
  const created = await tx.run(
    `INSERT INTO account (id, username, username_key, display_name, password_hash, created_at)
     VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`,
    [account.id, account.username, key, account.displayName, account.passwordHash, createdAt],
  );
  if (created === 0) return 'taken';
  return { ...account, usernameKey: key, createdAt, bannedUntil: null, banReason: null };
}

/** The account of an id; null when there is none. */
export function byId(tx: ReadTx, id: string): Promise<Account | null> {
  return tx.findOne(Account, { id });
}

/** The account of a username, in any spelling that has the same key; null when there is none. */
export async function byUsername(tx: ReadTx, username: string): Promise<Account | null> {
  return tx.findOne(Account, { usernameKey: usernameKey(username) });
}

/** The accounts among `ids` that exist, in no order. For pages, not for thousands. */
export function byIds(tx: ReadTx, ids: readonly string[]): Promise<Account[]> {
  return tx.find(Account, { where: { id: In([...ids]) } });
}

/** How many accounts there are. */
export async function count(tx: ReadTx): Promise<number> {
  const [row] = await tx.rows<{ n: number }>('SELECT count(*) AS n FROM account');
  return row?.n ?? 0;
}

/** Sets the hash of a new password. False when there is no such account. */
export async function setPasswordHash(tx: Tx, id: string, passwordHash: string): Promise<boolean> {
  return (await tx.run('UPDATE account SET password_hash = $2 WHERE id = $1', [id, passwordHash])) === 1;
}

/** Sets another hash of the same password. False when the hash is no longer `from`: a new password has come meanwhile. */
export async function replacePasswordHash(
  tx: Tx,
  id: string,
  { from, to }: { from: string; to: string },
): Promise<boolean> {
  const replaced = await tx.run(
    'UPDATE account SET password_hash = $2 WHERE id = $1 AND password_hash = $3',
    [id, to, from],
  );
  return replaced === 1;
}

/** Renames an account. False when there is no such one. Matches of the past show the new name as well. */
export async function setDisplayName(tx: Tx, id: string, displayName: string): Promise<boolean> {
  return (await tx.run('UPDATE account SET display_name = $2 WHERE id = $1', [id, displayName])) === 1;
}

/**
 * Bans until `until` (ms, {@link BANNED_FOREVER}) and takes the account, and its party, out of the queue it waits in. False when
 * there is no such account.
 */
export async function ban(tx: Tx, id: string, ban: { until: number; reason: string }): Promise<boolean> {
  const banned = await tx.run('UPDATE account SET banned_until = $2, ban_reason = $3 WHERE id = $1', [
    id,
    ban.until,
    ban.reason,
  ]);
  await removeAll(tx, [id]);
  return banned === 1;
}

/** Ends a ban at once. False when the account had none. */
export async function unban(tx: Tx, id: string): Promise<boolean> {
  const unbanned = await tx.run(
    'UPDATE account SET banned_until = NULL, ban_reason = NULL WHERE id = $1 AND banned_until IS NOT NULL',
    [id],
  );
  return unbanned === 1;
}

/** Whether a ban of the account lasts at `now`, ms. */
export function isBanned(account: Pick<Account, 'bannedUntil'>, now: number): boolean {
  return account.bannedUntil !== null && account.bannedUntil > now;
}

/** Those of `accountIds` that are banned now. */
export async function bannedAmong(tx: ReadTx, accountIds: readonly string[]): Promise<string[]> {
  const rows = await tx.rows<{ id: string }>(
    `SELECT id FROM account WHERE ${tx.dialect.among('id', '$1')} AND banned_until > $2`,
    [json(accountIds), tx.now()],
  );
  return rows.map((row) => row.id);
}
