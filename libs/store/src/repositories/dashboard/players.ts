import type { Account } from '../../entities/account.js';
import type { Session } from '../../entities/session.js';
import { columnList } from '../../sql/snake-naming.js';
import type { ReadTx } from '../../sql/tx.js';
import { usernameKey } from '../accounts.js';
import { Conditions } from './conditions.js';

const NAMES = ['id', 'username', 'displayName', 'createdAt', 'bannedUntil', 'banReason'] as const;

/** An account without its password's hash, and where its player is: `joinedAt` in ms, null like the queue where he neither waits nor plays. */
export type PlayerSummary = Pick<Account, (typeof NAMES)[number]> & {
  readonly queue: string | null;
  readonly joinedAt: number | null;
  readonly matchId: string | null;
};

/** From so many on, a search goes through the accounts in their order until the page is full: those that fit lie close. */
const BROAD = 2_000;
/** Columns as the indexes have them, and such that none is of use. */
const INDEXED = { id: 'n.id', key: 'n.username_key', display: 'n.display_name' };
const UNINDEXED = { id: 'a.id', key: `(a.username_key || '')`, display: `(a.display_name || '')` };

/**
 * Accounts in the order of their ids, 50 unless said. `text` is the beginning of a login name or of a display name, or a whole id;
 * `bannedAt`: those alone whose ban lasts then, ms; `after` is the last id of the page before.
 */
export async function playerPage(
  tx: ReadTx,
  wanted: { id?: string; text?: string; bannedAt?: number; after?: string; limit?: number },
): Promise<PlayerSummary[]> {
  const where = new Conditions()
    .and((p) => `a.id = ${p}`, wanted.id)
    .and((p) => `a.banned_until > ${p}`, wanted.bannedAt)
    .and((p) => `a.id > ${p}`, wanted.after);
  if (wanted.text !== undefined) {
    const values = [wanted.text.toLowerCase(), usernameKey(wanted.text), wanted.text];
    const isBroad = (await countOf(tx, fits(tx, ['$1', '$2', '$3'], INDEXED), values)) === BROAD;
    const parameters = values.map((value) => where.parameter(value));
    // By their indexes, one each: with OR all accounts would be read for one.
    where.add(
      isBroad
        ? `(${fits(tx, parameters, UNINDEXED).join(' OR ')})`
        : `a.id IN (${fits(tx, parameters, INDEXED)
            .map((condition) => `SELECT n.id FROM account n WHERE ${condition}`)
            .join(' UNION ')})`,
    );
  }
  const limit = where.parameter(wanted.limit ?? 50);
  return tx.rows(
    `SELECT ${columnList('a', NAMES)}, q.queue, q.joined_at AS "joinedAt", q.match_id AS "matchId"
     FROM account a LEFT JOIN queue_entry q ON q.account_id = a.id ${where.sql} ORDER BY a.id LIMIT ${limit}`,
    where.parameters,
  );
}

/** What an account can fit by (SQL): its id, its login name, its display name; parameters in that order. */
function fits(
  tx: ReadTx,
  [id = '', key = '', display = '']: readonly string[],
  names: typeof INDEXED,
): string[] {
  return [
    `${names.id} = ${id}`,
    beginsWith(tx, names.key, key),
    beginsWith(tx, `lower(${names.display})`, `lower(${display})`),
  ];
}

/** How many rows meet one of the conditions, {@link BROAD} at most; who meets two counts twice. */
async function countOf(
  tx: ReadTx,
  conditions: readonly string[],
  values: readonly string[],
): Promise<number> {
  const parts = conditions.map(
    (condition) =>
      `SELECT 1 AS one FROM (SELECT n.id FROM account n WHERE ${condition} LIMIT ${BROAD}) AS part`,
  );
  const [row] = await tx.rows<{ n: number }>(
    `SELECT count(*) AS n FROM (SELECT 1 FROM (${parts.join(' UNION ALL ')}) AS found LIMIT ${BROAD}) AS counted`,
    values,
  );
  return row?.n ?? 0;
}

/** The text begins with another (SQL), as a range of its index. */
function beginsWith({ dialect }: ReadTx, text: string, beginning: string): string {
  const bytes = dialect.bytewise(text);
  return `${bytes} >= ${beginning} AND ${bytes} < ${beginning} || ${dialect.lastCharacter}`;
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
