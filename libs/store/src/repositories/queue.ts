import { QueueEntry } from '../entities/queue-entry.js';
import { lockLive } from './parties/party-rows.js';
import { settle, takeOutOfQueue } from './parties/settle.js';
import { json } from '../sql/text.js';
import { StoreError } from '../store-error.js';
import type { ReadTx, Tx } from '../sql/tx.js';

export { standingOf } from './queue-standing.js';
export type { Standing } from './queue-standing.js';
export {
  blockedPairs,
  blockedPairsText,
  snapshotForTick,
  waitingAmong,
  waitingPage,
} from './queue-snapshot.js';
export type { PageStart, WaitingHere, WaitingPage } from './queue-snapshot.js';
export { waitsNoMore } from './queue-recheck.js';
export type { WaitingPlayer } from './waiting-players.js';

/** What came of a wish to join. `matchId` is set for `in_match`; `queue` and `joinedAt` (ms) are those of the row. */
export interface JoinOutcome {
  readonly status: 'joined' | 'already_queued' | 'other_queue' | 'in_match';
  readonly queue: string;
  readonly joinedAt: number;
  readonly matchId: string | null;
}

/** A wish to join. Latencies and roles are JSON text, null for none; see {@link QueueEntry}. */
export interface JoinWish {
  readonly accountId: string;
  readonly queue: string;
  readonly latencies?: string | null;
  readonly roles?: string | null;
  /** Whether the entry is to name the opponents of the match before. */
  readonly avoidRepeats?: boolean;
}

/** What came of a leader's wish to join for his party. `name` is that of the member who is the reason. */
export type PartyJoinOutcome =
  | { readonly status: 'joined' | 'already_queued' }
  | { readonly status: 'not_leader' | 'too_large' }
  | { readonly status: 'absent' | 'queued_alone' | 'member_in_match'; readonly name: string }
  | { readonly status: 'member_cooldown'; readonly name: string; readonly until: number }
  | { readonly status: 'other_queue' };

/** Opponents of the match before that an entry names at most. */
const OPPONENTS = 20;

/**
 * Puts an account into a queue, unless it waits or plays already. Joining the same queue again keeps the
 * place and counts as a sign of life; latencies and roles that come with it are the ones that count.
 * @throws StoreError `foreign_key` for an unknown account
 */
export async function join(tx: Tx, wish: JoinWish): Promise<JoinOutcome> {
  const now = tx.now();
  const { latencies = null, roles = null, avoidRepeats = false } = wish;
  const [joined] = await tx.rows<{ joined: number }>(
    `INSERT INTO queue_entry (account_id, queue, joined_at, last_seen, latencies, roles, last_opponents, blocks)
     SELECT a.id, CAST($2 AS text), CAST($3 AS bigint), CAST($3 AS bigint), CAST($4 AS text), CAST($5 AS text),
       ${avoidRepeats ? lastOpponents(tx, 'a.id') : 'NULL'}, ${blocks('a.id')}
     FROM account a WHERE a.id = $1
     ON CONFLICT (account_id) DO NOTHING RETURNING 1 AS joined`,
    [wish.accountId, wish.queue, now, latencies, roles],
  );
  if (joined !== undefined) return { status: 'joined', queue: wish.queue, joinedAt: now, matchId: null };
  // The row is there, and on PostgreSQL touching it locks it, so that what is answered is what holds.
  const [entry] = await tx.rows<{ queue: string; joinedAt: number; matchId: string | null }>(
    `UPDATE queue_entry SET last_seen = $2,
       latencies = CASE WHEN queue = $3 THEN coalesce(CAST($4 AS text), latencies) ELSE latencies END,
       roles = CASE WHEN queue = $3 THEN coalesce(CAST($5 AS text), roles) ELSE roles END
     WHERE account_id = $1 RETURNING queue, joined_at AS "joinedAt", match_id AS "matchId"`,
    [wish.accountId, now, wish.queue, latencies, roles],
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

/**
 * The leader puts his whole party into a queue, all with the same time of joining; what each claims of himself comes with him.
 * Asking for the same queue again keeps their place. Nothing is written unless all can join.
 * @param wish `size`: the players of a team; `latencies`, `roles`: the leader's own
 */
export async function joinParty(
  tx: Tx,
  wish: JoinWish & { partyId: string; size: number },
): Promise<PartyJoinOutcome> {
  const { accountId, partyId, queue } = wish;
  const party = (await lockLive(tx, [partyId])).get(partyId);
  const members = await tx.rows<{
    accountId: string;
    name: string;
    online: number;
    queue: string | null;
    matchId: string | null;
    entryParty: string | null;
    cooldownUntil: number | null;
  }>(
    `SELECT m.account_id AS "accountId", a.display_name AS name, m.online, q.queue, q.match_id AS "matchId",
       q.party_id AS "entryParty", c.until AS "cooldownUntil"
     FROM party_member m JOIN account a ON a.id = m.account_id LEFT JOIN queue_entry q ON q.account_id = m.account_id
     LEFT JOIN penalty c ON c.account_id = m.account_id
     WHERE m.party_id = $1 ORDER BY m.joined_at, m.account_id`,
    [partyId],
  );
  if (
    members.length > 0 &&
    members.every((one) => one.queue === queue && one.entryParty === partyId && !one.matchId)
  ) {
    await touch(tx, [accountId]);
    return { status: 'already_queued' };
  }
  if (party?.leaderId !== accountId) return { status: 'not_leader' };
  if (members.length > wish.size) return { status: 'too_large' };
  const playing = members.find(({ matchId }) => matchId !== null);
  if (playing !== undefined) return { status: 'member_in_match', name: playing.name };
  const waiting = members.find((one) => one.queue !== null);
  if (waiting?.entryParty === partyId) return { status: 'other_queue' };
  if (waiting !== undefined) return { status: 'queued_alone', name: waiting.name };
  const absent = members.find((one) => one.online === 0 && one.accountId !== accountId);
  if (absent !== undefined) return { status: 'absent', name: absent.name };
  const punished = members.find(({ cooldownUntil }) => (cooldownUntil ?? 0) > tx.now());
  if (punished !== undefined)
    return { status: 'member_cooldown', name: punished.name, until: punished.cooldownUntil ?? 0 };
  await tx.run(
    `UPDATE party_member SET latencies = coalesce(CAST($2 AS text), latencies), roles = coalesce(CAST($3 AS text), roles)
     WHERE account_id = $1`,
    [accountId, wish.latencies ?? null, wish.roles ?? null],
  );
  const joined = await tx.run(
    `INSERT INTO queue_entry
       (account_id, queue, joined_at, last_seen, party_id, latencies, roles, last_opponents, blocks)
     SELECT m.account_id, CAST($2 AS text), CAST($3 AS bigint), CAST($3 AS bigint), m.party_id, m.latencies, m.roles,
       ${wish.avoidRepeats === true ? lastOpponents(tx, 'm.account_id') : 'NULL'}, ${blocks('m.account_id')}
     FROM party_member m WHERE m.party_id = $1 ORDER BY m.joined_at, m.account_id ON CONFLICT (account_id) DO NOTHING`,
    [partyId, queue, tx.now()],
  );
  if (joined < members.length) {
    // A member has come into a queue on his own meanwhile (on PostgreSQL).
    await takeOutOfQueue(tx, partyId, { ownOnly: true });
    return joinParty(tx, wish);
  }
  await tx.run('UPDATE party SET queue = $2 WHERE id = $1', [partyId, queue]);
  await settle(tx, partyId, `The party waits in the queue ${queue}.`);
  return { status: 'joined' };
}

/**
 * Takes a waiting account out, and with it its party: that waits whole or not at all. False when it does not wait; a live match is
 * not left this way.
 */
export async function leave(tx: Tx, accountId: string): Promise<boolean> {
  const [entry] = await tx.rows<{ partyId: string | null; name: string }>(
    `SELECT q.party_id AS "partyId", a.display_name AS name FROM queue_entry q JOIN account a ON a.id = q.account_id
     WHERE q.account_id = $1 AND q.match_id IS NULL`,
    [accountId],
  );
  if (entry === undefined) return false;
  const { partyId, name } = entry;
  if (partyId === null || !(await lockLive(tx, [partyId])).has(partyId))
    return (await removeAll(tx, [accountId])) > 0;
  const left = await takeOutOfQueue(tx, partyId, { ownOnly: true });
  if (left) await settle(tx, partyId, `${name} took the party out of the queue.`);
  return left;
}

/** Takes those of `accountIds` out that wait, each with his party; gives the number of all. */
export async function removeAll(tx: Tx, accountIds: readonly string[]): Promise<number> {
  const removed = await tx.rows<Removed>(
    `DELETE FROM queue_entry WHERE match_id IS NULL AND ${tx.dialect.among('account_id', '$1')} RETURNING ${REMOVED}`,
    [json(accountIds)],
  );
  return removed.length + (await removePartiesOf(tx, removed)).length;
}

/** The place of an account, waiting or in a live match; null when it has none. */
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
 * Takes out those who wait and were last seen before `lastSeenBefore`, ms, each with his party, whose other members may be
 * there; gives who they were.
 */
export async function removeStale(
  tx: Tx,
  lastSeenBefore: number,
): Promise<{ readonly accountId: string; readonly queue: string }[]> {
  const removed = await tx.rows<Removed>(
    `DELETE FROM queue_entry WHERE match_id IS NULL AND last_seen < $1 RETURNING ${REMOVED}`,
    [lastSeenBefore],
  );
  const all = [...removed, ...(await removePartiesOf(tx, removed))];
  return all.map(({ accountId, queue }) => ({ accountId, queue }));
}

/** How many wait, by queue. */
export async function counts(tx: ReadTx): Promise<Record<string, number>> {
  const rows = await tx.rows<{ queue: string; n: number }>(
    'SELECT queue, count(*) AS n FROM queue_entry WHERE match_id IS NULL GROUP BY queue',
  );
  return Object.fromEntries(rows.map((row) => [row.queue, row.n]));
}

interface Removed {
  readonly accountId: string;
  readonly queue: string;
  readonly partyId: string | null;
}

const REMOVED = 'account_id AS "accountId", queue, party_id AS "partyId"';

/** What is left waiting of the parties of entries that were taken out. The parties' own rows follow with `parties.tidy`. */
async function removePartiesOf(tx: Tx, removed: readonly Removed[]): Promise<Removed[]> {
  const partyIds = [...new Set(removed.flatMap(({ partyId }) => partyId ?? []))];
  if (partyIds.length === 0) return [];
  return tx.rows<Removed>(
    `DELETE FROM queue_entry WHERE match_id IS NULL AND ${tx.dialect.among('party_id', '$1')} RETURNING ${REMOVED}`,
    [json(partyIds)],
  );
}

/** How many players an account blocks (SQL). */
function blocks(account: string): string {
  return `(SELECT count(*) FROM player_block b WHERE b.owner_id = ${account})`;
}

/** The opponents of an account's last match as a JSON list, null if there were none (SQL). */
function lastOpponents(tx: Tx, account: string): string {
  return `nullif((SELECT ${tx.dialect.jsonColumn('o.account_id')} FROM (
      SELECT p.account_id FROM match_player p JOIN (
        SELECT l.match_id, l.team FROM match_player l WHERE l.account_id = ${account} AND l.ended_at IS NOT NULL
        ORDER BY l.ended_at DESC LIMIT 1) last ON p.match_id = last.match_id AND p.team <> last.team
      LIMIT ${OPPONENTS}) AS o), '[]')`;
}
