import { json } from '../sql/text.js';
import type { ReadTx } from '../sql/tx.js';

/** A waiting player as the tick sees him. `mu` and `sigma` keep 15 digits on SQLite: to match by, not to rate by. */
export interface WaitingPlayer {
  readonly accountId: string;
  readonly joinedAt: number;
  /** Last sign of life, ms. */
  readonly lastSeen: number;
  readonly mu: number;
  readonly sigma: number;
  /** The party that he waits with. */
  readonly partyId?: string | undefined;
  /** Region → ms, as he claims. */
  readonly latencies?: Readonly<Record<string, number>> | undefined;
  /** The roles that he takes. */
  readonly roles?: readonly string[] | undefined;
  /** Accounts of his opponents of the match before. */
  readonly lastOpponents?: readonly string[] | undefined;
  /** How many players he blocks, of whom {@link blockedPairs} names those who wait too. */
  readonly blocks: number;
}

type Column = 'account_id' | 'joined_at' | 'last_seen' | 'mu' | 'sigma';
const COLUMNS: readonly Column[] = ['account_id', 'joined_at', 'last_seen', 'mu', 'sigma'];

/** What few players bring. */
type Extras = readonly [
  accountId: string,
  partyId: string | null,
  latencies: Readonly<Record<string, number>> | null,
  roles: readonly string[] | null,
  lastOpponents: readonly string[] | null,
  blocks: number,
];

const HAS_EXTRAS =
  'party_id IS NOT NULL OR latencies IS NOT NULL OR roles IS NOT NULL OR last_opponents IS NOT NULL OR blocks > 0';
/** {@link Extras} as JSON text. It is put together as text, since what it consists of is JSON already. */
const EXTRAS = `'["' || account_id || '",' || coalesce('"' || party_id || '"', 'null') || ',' || coalesce(latencies, 'null')
  || ',' || coalesce(roles, 'null') || ',' || coalesce(last_opponents, 'null') || ',' || blocks || ']'`;

/**
 * Everybody who waits in a queue, who joined first first, with his rating there (`unrated` for those
 * without one). One statement with one JSON value per column: a third of the time of rows, and little to collect. What few
 * players have comes as a list of those who have it, in the same order.
 */
export async function snapshotForTick(
  tx: ReadTx,
  queue: string,
  unrated: { mu: number; sigma: number },
): Promise<WaitingPlayer[]> {
  const [row] = await tx.rows<Record<Column | 'extras', string>>(
    `SELECT ${COLUMNS.map((name) => `${tx.dialect.jsonColumn(name)} AS ${name}`).join(', ')},
       ${tx.dialect.joined(EXTRAS, HAS_EXTRAS)} AS extras FROM (
       SELECT q.account_id, q.joined_at, q.last_seen, coalesce(r.mu, $2) AS mu, coalesce(r.sigma, $3) AS sigma,
         q.party_id, q.latencies, q.roles, q.last_opponents, q.blocks
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
  const extras = JSON.parse(`[${row.extras}]`) as Extras[];
  let next = 0;
  return accountIds.map((accountId, n): WaitingPlayer => {
    const own = extras[next]?.[0] === accountId ? extras[next++] : undefined;
    // One shape for all, since the matchmaker looks at thousands.
    return {
      accountId,
      joinedAt: joinedAt[n] ?? 0,
      lastSeen: lastSeen[n] ?? 0,
      mu: mu[n] ?? unrated.mu,
      sigma: sigma[n] ?? unrated.sigma,
      partyId: own?.[1] ?? undefined,
      latencies: own?.[2] ?? undefined,
      roles: own?.[3] ?? undefined,
      lastOpponents: own?.[4] ?? undefined,
      blocks: own?.[5] ?? 0,
    };
  });
}

/** A player who waits, of those asked for. */
export interface WaitingHere {
  readonly accountId: string;
  readonly partyId: string | null;
  readonly queue: string;
  readonly joinedAt: number;
  /** Of his rating in that queue; null without one. */
  readonly mu: number | null;
}

/** Those of these players who wait, in no order. */
export function waitingAmong(tx: ReadTx, accountIds: readonly string[]): Promise<WaitingHere[]> {
  return tx.rows<WaitingHere>(
    `SELECT q.account_id AS "accountId", q.party_id AS "partyId", q.queue, q.joined_at AS "joinedAt", r.mu
     FROM queue_entry q LEFT JOIN rating r ON r.account_id = q.account_id AND r.queue = q.queue
     WHERE ${tx.dialect.among('q.account_id', '$1')} AND q.match_id IS NULL`,
    [json(accountIds)],
  );
}

/** Which of those who wait in a queue do not want to meet which others who wait there, by account. */
export async function blockedPairs(tx: ReadTx, queue: string): Promise<Map<string, string[]>> {
  const rows = await tx.rows<{ ownerId: string; blockedId: string }>(
    `SELECT b.owner_id AS "ownerId", b.blocked_id AS "blockedId"
     FROM queue_entry q JOIN player_block b ON b.owner_id = q.account_id JOIN queue_entry o ON o.account_id = b.blocked_id
     WHERE q.queue = $1 AND q.blocks > 0 AND q.match_id IS NULL AND o.queue = $1 AND o.match_id IS NULL`,
    [queue],
  );
  const pairs = new Map<string, string[]>();
  for (const { ownerId, blockedId } of rows) {
    const blocked = pairs.get(ownerId);
    if (blocked === undefined) pairs.set(ownerId, [blockedId]);
    else blocked.push(blockedId);
  }
  return pairs;
}
