import { json } from '../sql/text.js';
import type { ReadTx } from '../sql/tx.js';
import { waitingPlayers, type WaitingColumns, type WaitingPlayer } from './waiting-players.js';

const WHOLE = ['account_id', 'entry_no', 'joined_at', 'last_seen'] as const;
const REAL = ['mu', 'sigma'] as const;
type Column = (typeof WHOLE)[number] | (typeof REAL)[number];

const HAS_EXTRAS =
  'party_id IS NOT NULL OR latencies IS NOT NULL OR roles IS NOT NULL OR last_opponents IS NOT NULL OR blocks > 0 OR ahead = 1';
/** What few players bring, as JSON text. It is put together as text, since what it consists of is JSON already. */
const EXTRAS = `'["' || account_id || '",' || coalesce('"' || party_id || '"', 'null') || ',' || coalesce(latencies, 'null')
  || ',' || coalesce(roles, 'null') || ',' || coalesce(last_opponents, 'null') || ',' || blocks || ',' || ahead || ']'`;

/** Players in one statement of a snapshot: while their text is read, the database is at the next. */
const PLAYERS_AT_ONCE = 2_500;

/**
 * Everybody who waits in a queue, who joined first first, with his rating there (`unrated` for those
 * without one), in parts: who takes one does it while the database is at the next. A statement gives one JSON value per column: a third of the
 * time of rows, and little to collect. What few players have comes as a list of those who have it, in the same order.
 * @param tx a write's, for players of one moment
 * @param limit players read at most; all unless given
 */
export async function* snapshotForTick(
  tx: ReadTx,
  queue: string,
  unrated: Rating,
  limit = Number.MAX_SAFE_INTEGER,
): AsyncGenerator<WaitingPlayer[], void> {
  // Where others write meanwhile, who leaves and joins again could be in two parts.
  const atOnce = tx.dialect.oneWriter ? PLAYERS_AT_ONCE : limit;
  let left = limit;
  let reading = columnsOf(tx, queue, { after: START, limit: Math.min(left, atOnce) });
  for (;;) {
    const { columns, count, next } = await reading;
    left -= count;
    const isLast = next === undefined || left === 0;
    if (!isLast) {
      reading = columnsOf(tx, queue, { after: next, limit: Math.min(left, atOnce) });
      // One that fails is heard of when it is waited for.
      reading.catch(() => undefined);
    }
    yield waitingPlayers(columns, unrated);
    if (isLast) return;
  }
}

/** Some of those who wait in a queue, and where the next of them begin. */
export interface WaitingPage {
  readonly columns: WaitingColumns;
  readonly accountIds: readonly string[];
  /** The numbers of their entries. */
  readonly entryNos: readonly number[];
  /** Undefined after the last page. */
  readonly next: PageStart | undefined;
}

/** The entry after which a page begins; `joinedAt` in ms. */
export interface PageStart {
  readonly joinedAt: number;
  readonly entryNo: number;
}

/**
 * The same players as {@link snapshotForTick}, at most `limit` of them, beginning after `after`. The pages are read one by one, so
 * who leaves and joins again meanwhile may be in two of them: then the later one counts.
 */
export async function waitingPage(
  tx: ReadTx,
  wanted: { queue: string; after?: PageStart | undefined; limit: number },
): Promise<WaitingPage> {
  const { queue, after = START, limit } = wanted;
  const { columns, next } = await columnsOf(tx, queue, { after, limit });
  return {
    columns,
    accountIds: JSON.parse(columns.accountIds) as string[],
    entryNos: JSON.parse(columns.entryNos) as number[],
    next,
  };
}

interface Rating {
  readonly mu: number;
  readonly sigma: number;
}

/** Before everybody. */
const START: PageStart = { joinedAt: -1, entryNo: -1 };

/** The players of a page, how many they are, and where the next page begins; undefined after the last. */
async function columnsOf(
  tx: ReadTx,
  queue: string,
  page: { readonly after: PageStart; readonly limit: number },
): Promise<{ columns: WaitingColumns; count: number; next: PageStart | undefined }> {
  const columnsAsJson = [
    ...WHOLE.map((name) => `${tx.dialect.jsonColumn(name)} AS ${name}`),
    ...REAL.map((name) => `${tx.dialect.jsonMillionths(name)} AS ${name}`),
  ];
  const [row] = await tx.rows<Record<Column | 'extras', string> & { count: number; last: number | null }>(
    `SELECT ${columnsAsJson.join(', ')},
       ${tx.dialect.joined(EXTRAS, HAS_EXTRAS)} AS extras, count(*) AS count, max(joined_at) AS last FROM (
       SELECT q.account_id, q.entry_no, q.joined_at, q.last_seen, r.mu, r.sigma,
         q.party_id, q.latencies, q.roles, q.last_opponents, q.blocks, q.ahead
       FROM queue_entry q LEFT JOIN rating r ON r.account_id = q.account_id AND r.queue = q.queue
       WHERE q.queue = $1 AND q.match_id IS NULL AND q.joined_at >= $2 AND (q.joined_at > $2 OR q.entry_no > $3)
       ORDER BY q.joined_at, q.entry_no LIMIT $4) AS ordered`,
    [queue, page.after.joinedAt, page.after.entryNo, page.limit],
  );
  const columns = {
    accountIds: row?.account_id ?? '[]',
    entryNos: row?.entry_no ?? '[]',
    joinedAt: row?.joined_at ?? '[]',
    lastSeen: row?.last_seen ?? '[]',
    mu: row?.mu ?? '[]',
    sigma: row?.sigma ?? '[]',
    extras: row?.extras ?? '',
  };
  const count = row?.count ?? 0;
  const next =
    count < page.limit ? undefined : { joinedAt: row?.last ?? 0, entryNo: lastOf(columns.entryNos) };
  return { columns, count, next };
}

/** The last number of a JSON list, which need not be read for that. */
function lastOf(numbers: string): number {
  return Number(numbers.slice(Math.max(numbers.lastIndexOf(','), 0) + 1, -1));
}

/** A player who waits, of those asked for; `joinedAt` in ms. */
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

/** {@link blockedPairs} as a JSON list of `[owner, blocked]`. */
export async function blockedPairsText(tx: ReadTx, queue: string): Promise<string> {
  const [row] = await tx.rows<{ pairs: string }>(
    `SELECT ${tx.dialect.joined(`'["' || b.owner_id || '","' || b.blocked_id || '"]'`, 'b.owner_id IS NOT NULL')} AS pairs
     ${BLOCKED_PAIRS}`,
    [queue],
  );
  return `[${row?.pairs ?? ''}]`;
}

const BLOCKED_PAIRS = `FROM queue_entry q JOIN player_block b ON b.owner_id = q.account_id
  JOIN queue_entry o ON o.account_id = b.blocked_id
  WHERE q.queue = $1 AND q.blocks > 0 AND q.match_id IS NULL AND o.queue = $1 AND o.match_id IS NULL`;

/** Which of those who wait in a queue do not want to meet which others who wait there, by account. */
export async function blockedPairs(tx: ReadTx, queue: string): Promise<Map<string, string[]>> {
  const rows = await tx.rows<{ ownerId: string; blockedId: string }>(
    `SELECT b.owner_id AS "ownerId", b.blocked_id AS "blockedId"
     ${BLOCKED_PAIRS}`,
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
