import { RatingRow } from '../entities/rating-row.js';
import { columnList } from '../sql/snake-naming.js';
import { json } from '../sql/text.js';
import type { ReadTx, Tx } from '../sql/tx.js';
import { valuesList } from '../sql/values-list.js';

/** The rating of somebody who never played a queue. */
export interface Unrated {
  readonly mu: number;
  readonly sigma: number;
  /** Display value, 0 unless said. */
  readonly display?: number;
}

/** A rating as it is written; what a model does not keep may be left out. */
export type RatingToWrite = Omit<RatingRow, 'volatility' | 'tier'> &
  Partial<Pick<RatingRow, 'volatility' | 'tier'>>;

/** A line of a leaderboard; `rank` 1 is the best. */
export type LeaderboardRow = RatingRow & { readonly rank: number; readonly displayName: string };

const NAMES = [
  'accountId',
  'queue',
  'mu',
  'sigma',
  'volatility',
  'games',
  'wins',
  'display',
  'lastMatchAt',
  'tier',
] as const;
const TYPES = ['text', 'text', 'real', 'real', 'real', 'int', 'int', 'real', 'int', 'text'] as const;
/** Rows in one statement; ten parameters each, within SQLite's 32,766. */
const ROWS_PER_STATEMENT = 3000;

/** Ratings in the order of `accountIds`, with `unrated` and no games where there is none yet. */
export async function forAccounts(
  tx: ReadTx,
  queue: string,
  accountIds: readonly string[],
  unrated: Unrated,
): Promise<RatingRow[]> {
  const rows = await tx.rows<RatingRow>(
    `SELECT ${columnList('r', NAMES)} FROM rating r
     WHERE r.queue = $1 AND ${tx.dialect.among('r.account_id', '$2')}`,
    [queue, json(accountIds)],
  );
  const byAccount = new Map(rows.map((row) => [row.accountId, row]));
  return accountIds.map((accountId) => byAccount.get(accountId) ?? none(accountId, queue, unrated));
}

/** What stands for the rating of somebody who has none. */
export function none(accountId: string, queue: string, unrated: Unrated): RatingRow {
  return {
    accountId,
    queue,
    mu: unrated.mu,
    sigma: unrated.sigma,
    volatility: null,
    games: 0,
    wins: 0,
    display: unrated.display ?? 0,
    lastMatchAt: null,
    tier: null,
  };
}

/** An account's ratings, by queue name. */
export function ofAccount(tx: ReadTx, accountId: string): Promise<RatingRow[]> {
  return tx.find(RatingRow, { where: { accountId }, order: { queue: 'ASC' } });
}

/**
 * Writes ratings, new or not, in one statement (one per 3,000). Values are bound, not sent as JSON: SQLite
 * reads one decimal text in ten thousand to a neighbouring double.
 */
export async function upsertMany(tx: Tx, rows: readonly RatingToWrite[]): Promise<void> {
  for (let start = 0; start < rows.length; start += ROWS_PER_STATEMENT) {
    const part = rows.slice(start, start + ROWS_PER_STATEMENT);
    await tx.run(
      `INSERT INTO rating (account_id, queue, mu, sigma, volatility, games, wins, display, last_match_at, tier)
       ${valuesList(part.length, TYPES)}
       ON CONFLICT (account_id, queue) DO UPDATE SET mu = excluded.mu, sigma = excluded.sigma,
         volatility = excluded.volatility, games = excluded.games, wins = excluded.wins, display = excluded.display,
         last_match_at = excluded.last_match_at, tier = excluded.tier`,
      part.flatMap((row) => NAMES.map((name) => row[name] ?? null)),
    );
  }
}

/** A queue's ratings by account id, a page at a time; a page shorter than `limit` is the last one. */
export function page(
  tx: ReadTx,
  queue: string,
  { after = '', limit = 5000 }: { after?: string; limit?: number } = {},
): Promise<RatingRow[]> {
  return tx.rows<RatingRow>(
    `SELECT ${columnList('r', NAMES)} FROM rating r WHERE r.queue = $1 AND r.account_id > $2
     ORDER BY r.account_id LIMIT $3`,
    [queue, after, limit],
  );
}

/** Takes ratings away, of accounts that have no match left that counts; gives their number. */
export function remove(tx: Tx, queue: string, accountIds: readonly string[]): Promise<number> {
  return tx.run(`DELETE FROM rating WHERE queue = $1 AND ${tx.dialect.among('account_id', '$2')}`, [
    queue,
    json(accountIds),
  ]);
}

/** The best of a queue. Equal display values are in the order of account ids, so that ranks are one each. */
export async function leaderboardTop(
  tx: ReadTx,
  queue: string,
  page: { limit?: number; offset?: number } = {},
): Promise<LeaderboardRow[]> {
  const offset = page.offset ?? 0;
  const rows = await tx.rows<RatingRow & { displayName: string }>(
    `SELECT ${columnList('r', NAMES)}, a.display_name AS "displayName"
     FROM rating r JOIN account a ON a.id = r.account_id WHERE r.queue = $1
     ORDER BY r.display DESC, r.account_id LIMIT $2 OFFSET $3`,
    [queue, page.limit ?? 50, offset],
  );
  return rows.map((row, index) => ({ ...row, rank: offset + index + 1 }));
}

/** The account's own line with `above` better and `below` worse ones (5 unless said); empty when it has no rating. */
export async function leaderboardAround(
  tx: ReadTx,
  queue: string,
  accountId: string,
  span: { above?: number; below?: number } = {},
): Promise<LeaderboardRow[]> {
  const place = await rankOf(tx, queue, accountId);
  if (place === null) return [];
  const first = Math.max(1, place.rank - (span.above ?? 5));
  return leaderboardTop(tx, queue, { offset: first - 1, limit: place.rank - first + 1 + (span.below ?? 5) });
}

/** The account's rank, 1 best, and of how many; null when it has no rating in the queue. */
export async function rankOf(
  tx: ReadTx,
  queue: string,
  accountId: string,
): Promise<{ readonly rank: number; readonly of: number } | null> {
  const [row] = await tx.rows<{ rank: number; total: number }>(
    `SELECT (SELECT count(*) FROM rating b WHERE b.queue = me.queue AND b.display > me.display)
          + (SELECT count(*) FROM rating b
             WHERE b.queue = me.queue AND b.display = me.display AND b.account_id <= me.account_id) AS rank,
        (SELECT count(*) FROM rating b WHERE b.queue = me.queue) AS total
     FROM rating me WHERE me.queue = $1 AND me.account_id = $2`,
    [queue, accountId],
  );
  return row === undefined ? null : { rank: row.rank, of: row.total };
}
