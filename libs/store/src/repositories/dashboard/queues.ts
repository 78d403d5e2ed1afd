import type { ReadTx } from '../../sql/tx.js';
import { Conditions } from './conditions.js';
import { firstIdSince } from './match-ids.js';

/** Who waits in a queue now. */
export interface QueueWaiting {
  readonly queue: string;
  readonly waiting: number;
  /** Mean and least time of joining, ms. */
  readonly meanJoinedAt: number;
  readonly firstJoinedAt: number;
}

/** Who waits, by queue name; a queue in which nobody does is left out. */
export function waitingByQueue(tx: ReadTx): Promise<QueueWaiting[]> {
  return tx.rows(
    `SELECT q.queue, count(*) AS waiting, CAST(avg(q.joined_at) AS bigint) AS "meanJoinedAt",
       min(q.joined_at) AS "firstJoinedAt"
     FROM queue_entry q WHERE q.match_id IS NULL GROUP BY q.queue ORDER BY q.queue`,
  );
}

/** Players in a match that lives. */
export async function playing(tx: ReadTx): Promise<number> {
  const [row] = await tx.rows<{ n: number }>(
    'SELECT count(*) AS n FROM queue_entry q WHERE q.match_id IS NOT NULL',
  );
  return row?.n ?? 0;
}

/** Matches made of a queue since some moment. */
export interface QueueMade {
  readonly queue: string;
  readonly matches: number;
  readonly players: number;
  /** From joining to the making of the match, ms. */
  readonly meanWaitMs: number | null;
}

/** What was made since `since`, ms. Ids of matches rise with time, so this reads only their end. */
export function madeByQueue(tx: ReadTx, since: number): Promise<QueueMade[]> {
  return tx.rows(
    `SELECT m.queue, count(DISTINCT m.id) AS matches, count(p.id) AS players,
       CAST(avg(m.created_at - p.queued_at) AS double precision) AS "meanWaitMs"
     FROM game_match m JOIN match_player p ON p.match_id = m.id
     WHERE m.id >= $1 AND m.created_at >= $2 GROUP BY m.queue ORDER BY m.queue`,
    [firstIdSince(since), since],
  );
}

/** A player who waits. `mu` and `sigma` are null for one without a rating in the queue. Times are Unix ms. */
export interface WaitingEntry {
  readonly accountId: string;
  readonly displayName: string;
  /** The party that he waits with. */
  readonly partyId: string | null;
  readonly joinedAt: number;
  readonly lastSeen: number;
  readonly mu: number | null;
  readonly sigma: number | null;
}

/** Everybody who waits in a queue, who joined first first; 20,000 at most. */
export function waitingEntries(tx: ReadTx, queue: string): Promise<WaitingEntry[]> {
  return tx.rows(
    `SELECT q.account_id AS "accountId", a.display_name AS "displayName", q.party_id AS "partyId", q.joined_at AS "joinedAt",
       q.last_seen AS "lastSeen", r.mu, r.sigma
     FROM queue_entry q JOIN account a ON a.id = q.account_id
       LEFT JOIN rating r ON r.account_id = q.account_id AND r.queue = q.queue
     WHERE q.queue = $1 AND q.match_id IS NULL ORDER BY q.joined_at, q.account_id LIMIT 20000`,
    [queue],
  );
}

/** How many ratings of a queue lie in each step of display points of this width: `step` times it is the lower end. */
export function displaySteps(
  tx: ReadTx,
  queue: string,
  width: number,
): Promise<{ readonly step: number; readonly n: number }[]> {
  const where = new Conditions().and((p) => `r.queue = ${p}`, queue);
  const place = `(r.display / ${where.parameter(width)})`;
  // A CAST cuts towards zero in SQLite and rounds in PostgreSQL: where it went up, one less is rounded down in both.
  const step = `(CAST(${place} AS integer) - CASE WHEN CAST(${place} AS integer) > ${place} THEN 1 ELSE 0 END)`;
  return tx.rows(
    `SELECT x.step, count(*) AS n FROM (SELECT ${step} AS step FROM rating r ${where.sql}) AS x
     GROUP BY x.step ORDER BY x.step LIMIT 2000`,
    where.parameters,
  );
}

/** Names of queues that have players waiting, or ratings. */
export async function queueNames(tx: ReadTx): Promise<string[]> {
  const rows = await tx.rows<{ queue: string }>(
    `SELECT DISTINCT q.queue FROM queue_entry q UNION SELECT DISTINCT r.queue FROM rating r ORDER BY 1`,
  );
  return rows.map(({ queue }) => queue);
}
