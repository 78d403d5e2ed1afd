import { GameServer } from '../entities/game-server.js';
import { cleanText, json } from '../sql/text.js';
import type { ReadTx, Tx } from '../sql/tx.js';
import { LIVE } from './matches/match-rows.js';

/** What a connected game server last said of itself. `queues` null means all of them. */
export type Presence = Omit<
  GameServer,
  'online' | 'failedUntil' | 'provenMatches' | 'provenAt' | 'drainingSince'
>;

/** A connection: what {@link markOffline} takes, so that an old one never takes a newer one offline. */
export type ServerConnection = Pick<GameServer, 'id' | 'nodeId' | 'connectedAt'>;

/** A server that can take matches now. */
export interface Candidate {
  readonly id: string;
  readonly region: string;
  /** Matches that it can still take. */
  readonly free: number;
  /** It is new, or failed not long ago: it has finished fewer than {@link PROVEN_MATCHES} since. Absent: it is proven. */
  readonly probation?: true;
  /** It rests, and may be asked only where nobody else can be. */
  readonly failedLately?: true;
}

/** Matches that a server has to finish, since it was new or failed last, to be off probation. */
export const PROVEN_MATCHES = 5;
/** They count one at a time, this far apart, ms: a server that makes up results gains nothing by making many. */
const PROVEN_EVERY_MS = 60_000;
/** The end of a server's rest in which it is a last resort, ms. A long rest is a rest for the most part. */
const LAST_RESORT_MS = 60_000;

const PRESENCE_COLUMNS = {
  id: 'text',
  name: 'text',
  node_id: 'text',
  host: 'text',
  port: 'int',
  region: 'text',
  build: 'text',
  capacity: 'int',
  players: 'int',
  accepting: 'int',
  matches: 'int',
  load: 'real',
  queues: 'text',
  last_seen: 'int',
  connected_at: 'int',
} as const;

/**
 * Writes the presence of all servers in one statement. A server without a certificate that is in force now is left out; a
 * row that a newer connection wrote stays while that one is online (then only: the clocks of nodes differ). Text that cannot be stored is mended, so that one server cannot
 * spoil the write for all. Gives the number of rows written.
 */
export function upsertPresence(tx: Tx, presence: readonly Presence[]): Promise<number> {
  const latest = new Map(presence.map((one) => [one.id, one]));
  if (latest.size === 0) return Promise.resolve(0);
  const rows = [...latest.values()].map((one) => ({
    id: one.id,
    name: cleanText(one.name),
    node_id: one.nodeId,
    host: cleanText(one.host),
    port: one.port,
    region: cleanText(one.region),
    build: cleanText(one.build),
    capacity: one.capacity,
    players: one.players,
    accepting: one.accepting ? 1 : 0,
    matches: one.matches,
    load: one.load,
    queues: one.queues === null ? null : JSON.stringify(one.queues.map(cleanText)),
    last_seen: one.lastSeen,
    connected_at: one.connectedAt,
  }));
  const names = Object.keys(PRESENCE_COLUMNS);
  return tx.run(
    `INSERT INTO game_server (${names.join(', ')}, online)
     SELECT ${names.map((name) => `r.${name}`).join(', ')}, 1
     FROM ${tx.dialect.recordset('r', '$1', PRESENCE_COLUMNS)} JOIN certificate c ON c.uuid = r.id
     WHERE c.revoked_at IS NULL AND c.expires_at > $2
       AND c.master_key_id = coalesce((SELECT k.value FROM setting k WHERE k.key = 'master_key_id'), c.master_key_id)
     ON CONFLICT (id) DO UPDATE SET online = 1, ${names
       .filter((name) => name !== 'id')
       .map((name) => `${name} = excluded.${name}`)
       .join(', ')}
     WHERE game_server.online = 0 OR game_server.connected_at <= excluded.connected_at`,
    [json(rows), Math.floor(tx.now() / 1000)],
  );
}

/** Marks servers offline whose row still is that connection; gives their number. */
export function markOffline(tx: Tx, connections: readonly ServerConnection[]): Promise<number> {
  const columns = { id: 'text', node_id: 'text', connected_at: 'int' } as const;
  const rows = connections.map((one) => ({ id: one.id, node_id: one.nodeId, connected_at: one.connectedAt }));
  return tx.run(
    `UPDATE game_server SET online = 0 FROM ${tx.dialect.recordset('r', '$1', columns)}
     WHERE game_server.id = r.id AND game_server.node_id = r.node_id
       AND game_server.connected_at = r.connected_at AND game_server.online = 1`,
    [json(rows)],
  );
}

/** Marks every server of a node offline: at its start, what it left when it was killed. */
export function markNodeOffline(tx: Tx, nodeId: string): Promise<number> {
  return tx.run('UPDATE game_server SET online = 0 WHERE node_id = $1 AND online = 1', [nodeId]);
}

/** Marks servers offline that were last seen before `lastSeenBefore`, ms (a node that died); gives their ids. */
export async function markSilentOffline(tx: Tx, lastSeenBefore: number): Promise<string[]> {
  const rows = await tx.rows<{ id: string }>(
    'UPDATE game_server SET online = 0 WHERE online = 1 AND last_seen < $1 RETURNING id',
    [lastSeenBefore],
  );
  return rows.map((row) => row.id);
}

/** Whether a server that has finished so many counted matches since it failed last still has to prove itself. */
export function isOnProbation(provenMatches: number): boolean {
  return provenMatches < PROVEN_MATCHES;
}

/**
 * Servers that can take a match of `queue` now: online, accepting and not draining, seen since `seenSince`, their certificate in
 * force under the present master key; those that rest only in the last minute of it, marked as failed lately. `free` counts the
 * master's own match rows, and probation is its own judgement: neither is what the server claims. In the order of their ids.
 */
export async function candidates(
  tx: ReadTx,
  wanted: { queue: string; masterKeyId: string; seenSince: number },
): Promise<Candidate[]> {
  const now = tx.now();
  const rows = await tx.rows<{
    id: string;
    region: string;
    free: number;
    queues: string | null;
    proven: number;
    failedUntil: number | null;
  }>(
    `SELECT s.id, s.region, s.queues, s.proven_matches AS proven, s.failed_until AS "failedUntil", s.capacity - (SELECT count(*) FROM game_match m
         WHERE m.server_id = s.id AND m.${LIVE}) AS free
     FROM game_server s JOIN certificate c ON c.uuid = s.id
     WHERE s.online = 1 AND s.accepting = 1 AND s.last_seen >= $1 AND (s.failed_until IS NULL OR s.failed_until <= $2)
       AND s.draining_since IS NULL
       AND c.revoked_at IS NULL AND c.expires_at > $3 AND c.master_key_id = $4
     ORDER BY s.id`,
    [wanted.seenSince, now + LAST_RESORT_MS, Math.floor(now / 1000), wanted.masterKeyId],
  );
  return rows
    .filter((row) => row.free > 0 && serves(row.queues, wanted.queue))
    .map(({ id, region, free, proven, failedUntil }) => ({
      id,
      region,
      free,
      ...(isOnProbation(proven) && { probation: true as const }),
      ...(failedUntil !== null && failedUntil > now && { failedLately: true as const }),
    }));
}

/** Lets a server rest until `until`, ms; then it has to prove itself again. False when there is no such server. */
export async function setFailed(tx: Tx, id: string, until: number): Promise<boolean> {
  const changed = await tx.run('UPDATE game_server SET failed_until = $2, proven_matches = 0 WHERE id = $1', [
    id,
    until,
  ]);
  return changed === 1;
}

/** Counts one match that each of these servers has finished, unless it is proven already or one was counted a moment ago. */
export async function countProven(tx: Tx, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await tx.run(
    `UPDATE game_server SET proven_matches = proven_matches + 1, proven_at = $2
     WHERE ${tx.dialect.among('id', '$1')} AND proven_matches < $3
       AND (proven_at IS NULL OR proven_at <= $4 OR proven_at > $2)
       AND (failed_until IS NULL OR failed_until <= $2)`,
    [json(ids), tx.now(), PROVEN_MATCHES, tx.now() - PROVEN_EVERY_MS],
  );
}

/** Lets a server run empty from now, or ends that. False when it was so already, or there is no such server. */
export async function setDraining(tx: Tx, id: string, on: boolean): Promise<boolean> {
  const changed = await tx.run(
    `UPDATE game_server SET draining_since = $2 WHERE id = $1 AND draining_since IS ${on ? '' : 'NOT '}NULL`,
    [id, on ? tx.now() : null],
  );
  return changed === 1;
}

/** The server of an id; null when it has never connected. */
export function byId(tx: ReadTx, id: string): Promise<GameServer | null> {
  return tx.findOne(GameServer, { id });
}

/** Servers in the order of their ids, at most `limit`, 500 unless said. */
export function list(tx: ReadTx, page: { onlineOnly?: boolean; limit?: number } = {}): Promise<GameServer[]> {
  return tx.find(GameServer, {
    where: page.onlineOnly === true ? { online: true } : {},
    order: { id: 'ASC' },
    take: page.limit ?? 500,
  });
}

function serves(queues: string | null, queue: string): boolean {
  if (queues === null) return true;
  const served: unknown = JSON.parse(queues);
  return Array.isArray(served) && served.includes(queue);
}
