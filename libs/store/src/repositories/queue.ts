import { QueueEntry } from '../entities/queue-entry.js';
import { json } from '../sql/text.js';
import { StoreError } from '../store-error.js';
import type { ReadTx, Tx } from '../sql/tx.js';

/** What came of a wish to join. `matchId` is set for `in_match`; `queue` and `joinedAt` are those of the row. */
export interface JoinOutcome {
  readonly status: 'joined' | 'already_queued' | 'other_queue' | 'in_match';
  readonly queue: string;
  readonly joinedAt: number;
  readonly matchId: string | null;
}

/** A waiting player as the tick sees him. `mu` and `sigma` keep 15 digits on SQLite: to match by, not to rate by. */
export interface WaitingPlayer {
  readonly accountId: string;
  readonly joinedAt: number;
  /** Last sign of life, ms. */
  readonly lastSeen: number;
  readonly mu: number;
  readonly sigma: number;
}

/**
 * Puts an account into a queue, unless it waits or plays already. Joining the same queue again keeps the
 * place and counts as a sign of life.
 * @throws StoreError `foreign_key` for an unknown account
 */
export async function join(tx: Tx, wish: { accountId: string; queue: string }): Promise<JoinOutcome> {
  const now = tx.now();
  const [joined] = await tx.rows<{ joined: number }>(
    `INSERT INTO queue_entry (account_id, queue, joined_at, last_seen)
     SELECT a.id, CAST($2 AS text), CAST($3 AS bigint), CAST($3 AS bigint) FROM account a WHERE a.id = $1
     ON CONFLICT (account_id) DO NOTHING RETURNING 1 AS joined`,
    [wish.accountId, wish.queue, now],
  );
  if (joined !== undefined) return { status: 'joined', queue: wish.queue, joinedAt: now, matchId: null };
  // The row is there, and on PostgreSQL touching it locks it, so that what is answered is what holds.
  const [entry] = await tx.rows<{ queue: string; joinedAt: number; matchId: string | null }>(
    `UPDATE queue_entry SET last_seen = $2 WHERE account_id = $1
     RETURNING queue, joined_at AS "joinedAt", match_id AS "matchId"`,
    [wish.accountId, now],
  );
  if (entry === undefined) {
    const [account] = await tx.rows('SELECT 1 AS known FROM account WHERE id = $1', [wish.accountId]);
    if (account === undefined) throw new StoreError('foreign_key', 'no such account');
    // Gone between the two statements (PostgreSQL only): somebody else took it out, so the way is free.
    return join(tx, wish);
  }
  if (entry.matchId !== null) return { status: 'in_match', ...entry };
  return { status: entry.queue === wish.queue ? 'already_queued' : 'other_queue', ...entry };
}

/** Takes a waiting account out. False when it does not wait; a live match is not left this way. */
export async function leave(tx: Tx, accountId: string): Promise<boolean> {
  return (
    (await tx.run('DELETE FROM queue_entry WHERE account_id = $1 AND match_id IS NULL', [accountId])) === 1
  );
}

/** Takes those of `accountIds` out that wait; gives their number. */
export function removeAll(tx: Tx, accountIds: readonly string[]): Promise<number> {
  return tx.run(
    `DELETE FROM queue_entry WHERE match_id IS NULL AND ${tx.dialect.among('account_id', '$1')}`,
    [json(accountIds)],
  );
}

export function entryOf(tx: ReadTx, accountId: string): Promise<QueueEntry | null> {
  return tx.findOne(QueueEntry, { accountId });
}

/** Marks accounts as seen now, in one statement; gives the number that wait or play. */
export function touch(tx: Tx, accountIds: readonly string[]): Promise<number> {
  return tx.run(`UPDATE queue_entry SET last_seen = $2 WHERE ${tx.dialect.among('account_id', '$1')}`, [
    json(accountIds),
    tx.now(),
  ]);
}

/** A player whose connection ended at `at`, ms. */
export interface LeftPlayer {
  readonly accountId: string;
  readonly connectionId: string;
  readonly at: number;
}

const LEFT = { account_id: 'text', connection_id: 'text', at: 'int' } as const;

/**
 * Has players who wait or play be absent at once, as if their last sign of life were `silenceMs` older than the end of
 * their connection; who was seen after that, or has a newer connection noted, on whatever node, stays as he is.
 */
export function markAway(tx: Tx, left: readonly LeftPlayer[], silenceMs: number): Promise<number> {
  return tx.run(
    `UPDATE queue_entry SET last_seen = r.at - $2
     FROM ${tx.dialect.recordset('r', '$1', LEFT)}
     WHERE queue_entry.account_id = r.account_id AND queue_entry.last_seen <= r.at
       AND queue_entry.last_seen > r.at - $2
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

/**
 * Everybody who waits in a queue, who joined first first, with his rating there (`unrated` for those
 * without one). One statement with one JSON value per column: a third of the time of rows, and little to collect.
 */
export async function snapshotForTick(
  tx: ReadTx,
  queue: string,
  unrated: { mu: number; sigma: number },
): Promise<WaitingPlayer[]> {
  const columns = ['account_id', 'joined_at', 'last_seen', 'mu', 'sigma'] as const;
  const [row] = await tx.rows<Record<(typeof columns)[number], string>>(
    `SELECT ${columns.map((name) => `${tx.dialect.jsonColumn(name)} AS ${name}`).join(', ')} FROM (
       SELECT q.account_id, q.joined_at, q.last_seen, coalesce(r.mu, $2) AS mu, coalesce(r.sigma, $3) AS sigma
       FROM queue_entry q LEFT JOIN rating r ON r.account_id = q.account_id AND r.queue = q.queue
       WHERE q.queue = $1 AND q.match_id IS NULL ORDER BY q.joined_at, q.account_id) AS ordered`,
    [queue, unrated.mu, unrated.sigma],
  );
  if (row === undefined) return [];
  const accountIds = JSON.parse(row.account_id) as string[];
  const [joinedAt = [], lastSeen = [], mu = [], sigma = []] = [
    row.joined_at,
    row.last_seen,
    row.mu,
    row.sigma,
  ].map((values) => JSON.parse(values) as number[]);
  return accountIds.map((accountId, n) => ({
    accountId,
    joinedAt: joinedAt[n] ?? 0,
    lastSeen: lastSeen[n] ?? 0,
    mu: mu[n] ?? unrated.mu,
    sigma: sigma[n] ?? unrated.sigma,
  }));
}

/** Takes out those who wait and were last seen before `lastSeenBefore`, ms; gives who they were. */
export function removeStale(
  tx: Tx,
  lastSeenBefore: number,
): Promise<{ readonly accountId: string; readonly queue: string }[]> {
  return tx.rows(
    `DELETE FROM queue_entry WHERE match_id IS NULL AND last_seen < $1
     RETURNING account_id AS "accountId", queue`,
    [lastSeenBefore],
  );
}

/** How many wait, by queue. */
export async function counts(tx: ReadTx): Promise<Record<string, number>> {
  const rows = await tx.rows<{ queue: string; n: number }>(
    'SELECT queue, count(*) AS n FROM queue_entry WHERE match_id IS NULL GROUP BY queue',
  );
  return Object.fromEntries(rows.map((row) => [row.queue, row.n]));
}
