import type { Account } from '../../entities/account.js';
import type { Session } from '../../entities/session.js';
import { columnList } from '../../sql/snake-naming.js';
import type { ReadTx } from '../../sql/tx.js';
import { usernameKey } from '../accounts.js';
import { Conditions } from './conditions.js';

const NAMES = ['id', 'username', 'displayName', 'createdAt', 'bannedUntil', 'banReason'] as const;

/** An account without its password's hash, and where its player is. */
export type PlayerSummary = Pick<Account, (typeof NAMES)[number]> & {
  readonly queue: string | null;
  readonly joinedAt: number | null;
  readonly matchId: string | null;
};

/**
 * Accounts in the order of their ids. `text` is the beginning of a login name or of a display name, or a whole id. (Display
 * names have no index: on a million accounts such a search takes some tenths of a second.)
 */
export function playerPage(
  tx: ReadTx,
  wanted: { id?: string; text?: string; bannedAt?: number; after?: string; limit?: number },
): Promise<PlayerSummary[]> {
  const where = new Conditions()
    .and((p) => `a.id = ${p}`, wanted.id)
    .and((p) => `a.banned_until > ${p}`, wanted.bannedAt)
    .and((p) => `a.id > ${p}`, wanted.after);
  if (wanted.text !== undefined) {
    const id = where.parameter(wanted.text.toLowerCase());
    const names = new Conditions()
      .beginsWith('a.username_key', usernameKey(wanted.text))
      .beginsWith('a.display_name', wanted.text);
    const [key = '', display = ''] = names.parameters.map((value) => where.parameter(value));
    where.add(
      `(a.id = ${id} OR lower(a.username_key) LIKE ${key} ESCAPE '\\' OR lower(a.display_name) LIKE ${display} ESCAPE '\\')`,
    );
  }
  const limit = where.parameter(wanted.limit ?? 50);
  return tx.rows(
    `SELECT ${columnList('a', NAMES)}, q.queue, q.joined_at AS "joinedAt", q.match_id AS "matchId"
     FROM account a LEFT JOIN queue_entry q ON q.account_id = a.id ${where.sql} ORDER BY a.id LIMIT ${limit}`,
    where.parameters,
  );
}

/** Logins that are in force, newest first, 50 at most. */
export function openSessions(
  tx: ReadTx,
  accountId: string,
): Promise<Pick<Session, 'id' | 'createdAt' | 'expiresAt'>[]> {
  return tx.rows(
    `SELECT ${columnList('s', ['id', 'createdAt', 'expiresAt'])} FROM session s
     WHERE s.account_id = $1 AND s.revoked_at IS NULL AND s.expires_at > $2 ORDER BY s.created_at DESC, s.id LIMIT 50`,
    [accountId, tx.now()],
  );
}
