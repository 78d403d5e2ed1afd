import type { GameServer } from '../../entities/game-server.js';
import type { LogLevel, ServerLog } from '../../entities/server-log.js';
import type { ServerCommand } from '../../entities/server-command.js';
import type { JsonValue } from '../../result-digest.js';
import { columnList } from '../../sql/snake-naming.js';
import type { ReadTx } from '../../sql/tx.js';
import { isOnProbation } from '../game-servers.js';
import { LIVE } from '../matches/match-rows.js';
import { Conditions } from './conditions.js';

/** A game server with its certificate and what the master has on it. */
export interface ServerOverview extends Omit<GameServer, 'provenMatches' | 'provenAt'> {
  /** Unix seconds. */
  readonly certificateExpiresAt: number;
  /** Unix ms. */
  readonly certificateRevokedAt: number | null;
  readonly masterKeyId: string;
  /** The master's own count, not what the server claims. */
  readonly liveMatches: number;
  /** New, or failed not long ago: it gets a small share of matches until it has finished some. */
  readonly onProbation: boolean;
}

const SERVER_NAMES = [
  'id',
  'name',
  'online',
  'nodeId',
  'host',
  'port',
  'region',
  'build',
  'capacity',
  'players',
  'accepting',
  'matches',
  'load',
  'queues',
  'lastSeen',
  'connectedAt',
  'failedUntil',
  'drainingSince',
  'provenMatches',
] as const;

type RawServer = Omit<ServerOverview, 'online' | 'accepting' | 'queues' | 'onProbation'> & {
  readonly provenMatches: number;
  readonly online: number;
  readonly accepting: number;
  readonly queues: string | null;
};

/** Every server that ever connected, in the order of their ids; `id` for one alone. */
export async function serverOverviews(
  tx: ReadTx,
  wanted: { id?: string; limit?: number } = {},
): Promise<ServerOverview[]> {
  const where = new Conditions().and((p) => `s.id = ${p}`, wanted.id);
  const limit = where.parameter(wanted.limit ?? 10_000);
  const rows = await tx.rows<RawServer>(
    `SELECT ${columnList('s', SERVER_NAMES)}, c.expires_at AS "certificateExpiresAt",
       c.revoked_at AS "certificateRevokedAt", c.master_key_id AS "masterKeyId",
       (SELECT count(*) FROM game_match m WHERE m.server_id = s.id AND m.${LIVE}) AS "liveMatches"
     FROM game_server s JOIN certificate c ON c.uuid = s.id ${where.sql} ORDER BY s.id LIMIT ${limit}`,
    where.parameters,
  );
  return rows.map(({ provenMatches, ...row }) => ({
    ...row,
    onProbation: isOnProbation(provenMatches),
    online: row.online === 1,
    accepting: row.accepting === 1,
    queues: row.queues === null ? null : (JSON.parse(row.queues) as string[]),
  }));
}

/** How many servers are online and take matches, are being drained, and are offline. */
export async function serverCounts(
  tx: ReadTx,
): Promise<{ readonly online: number; readonly offline: number; readonly draining: number }> {
  const [row] = await tx.rows<{ online: number; offline: number; draining: number }>(
    `SELECT coalesce(sum(CASE WHEN s.online = 1 AND s.draining_since IS NULL THEN 1 ELSE 0 END), 0) AS online,
       coalesce(sum(CASE WHEN s.online = 0 THEN 1 ELSE 0 END), 0) AS offline,
       coalesce(sum(CASE WHEN s.online = 1 AND s.draining_since IS NOT NULL THEN 1 ELSE 0 END), 0) AS draining
     FROM game_server s`,
  );
  return row ?? { online: 0, offline: 0, draining: 0 };
}

/** What became of a server's matches. */
export interface ServerRecord {
  readonly serverId: string;
  readonly finished: number;
  readonly abandoned: number;
  readonly cancelled: number;
}

/** The records of all servers since `since`, ms; one that had no match is left out. */
export function serverRecords(tx: ReadTx, since: number): Promise<ServerRecord[]> {
  return tx.rows<ServerRecord>(
    `SELECT m.server_id AS "serverId",
       sum(CASE WHEN m.state = 'finished' THEN 1 ELSE 0 END) AS finished,
       sum(CASE WHEN m.state = 'abandoned' THEN 1 ELSE 0 END) AS abandoned,
       sum(CASE WHEN m.state = 'cancelled' THEN 1 ELSE 0 END) AS cancelled
     FROM game_match m WHERE m.state <> 'reserving' AND m.state_since >= $1
       AND m.state IN ('finished', 'abandoned', 'cancelled') GROUP BY m.server_id`,
    [since],
  );
}

const COMMAND_NAMES = [
  'id',
  'serverId',
  'type',
  'payload',
  'createdAt',
  'expiresAt',
  'sentAt',
  'ackedAt',
  'failedAt',
  'error',
] as const;

/** A place in the list of commands; `createdAt` in ms. */
export interface CommandCursor {
  readonly createdAt: number;
  readonly id: string;
}

/** Commands, newest first, 100 unless said; of one server, or of all. `before` is the last one of the page before. */
export async function commandPage(
  tx: ReadTx,
  wanted: { serverId?: string; before?: CommandCursor; limit?: number },
): Promise<ServerCommand[]> {
  const where = new Conditions().and((p) => `c.server_id = ${p}`, wanted.serverId);
  if (wanted.before) {
    const { createdAt, id } = wanted.before;
    where.add(`(c.created_at, c.id) < (${where.parameter(createdAt)}, ${where.parameter(id)})`);
  }
  const limit = where.parameter(wanted.limit ?? 100);
  return selectCommands(
    tx,
    `${where.sql} ORDER BY c.created_at DESC, c.id DESC LIMIT ${limit}`,
    where.parameters,
  );
}

/** Commands that are new or came further since `since`, ms, oldest first. Those of the last day alone are looked at. */
export function commandsChangedSince(tx: ReadTx, since: number, limit = 500): Promise<ServerCommand[]> {
  return selectCommands(
    tx,
    `WHERE c.created_at >= $1 AND (c.created_at >= $2 OR c.sent_at >= $2 OR c.acked_at >= $2 OR c.failed_at >= $2)
     ORDER BY c.created_at, c.id LIMIT $3`,
    [since - 86_400_000, since, limit],
  );
}

async function selectCommands(
  tx: ReadTx,
  clause: string,
  parameters: Conditions['parameters'],
): Promise<ServerCommand[]> {
  const rows = await tx.rows<Omit<ServerCommand, 'payload'> & { payload: string }>(
    `SELECT ${columnList('c', COMMAND_NAMES)} FROM server_command c ${clause}`,
    parameters,
  );
  return rows.map((row) => ({ ...row, payload: JSON.parse(row.payload) as JsonValue }));
}

/**
 * Log lines, newest first (`after` given: the oldest beyond it first), with the name of their server; 100 unless said. `before` and
 * `after` are ids.
 */
export function logLines(
  tx: ReadTx,
  wanted: {
    serverId?: string;
    level?: LogLevel;
    contains?: string;
    before?: number;
    after?: number;
    limit?: number;
  },
): Promise<(ServerLog & { readonly serverName: string | null })[]> {
  const where = new Conditions()
    .and((p) => `l.server_id = ${p}`, wanted.serverId)
    .and((p) => `l.level = ${p}`, wanted.level)
    .and((p) => `l.id < ${p}`, wanted.before)
    .and((p) => `l.id > ${p}`, wanted.after)
    .contains('l.message', wanted.contains);
  const limit = where.parameter(wanted.limit ?? 100);
  return tx.rows(
    `SELECT ${columnList('l', ['id', 'serverId', 'level', 'at', 'message'])}, c.name AS "serverName"
     FROM server_log l LEFT JOIN certificate c ON c.uuid = l.server_id ${where.sql}
     ORDER BY l.id ${wanted.after === undefined ? 'DESC' : 'ASC'} LIMIT ${limit}`,
    where.parameters,
  );
}

/** The id of the newest log line; 0 without any. */
export async function lastLogId(tx: ReadTx): Promise<number> {
  const [row] = await tx.rows<{ id: number }>('SELECT coalesce(max(l.id), 0) AS id FROM server_log l');
  return row?.id ?? 0;
}
