import { ServerCommand } from '../entities/server-command.js';
import type { JsonValue } from '../result-digest.js';
import { columnList } from '../sql/snake-naming.js';
import { cleanText, json } from '../sql/text.js';
import type { ReadTx, Tx } from '../sql/tx.js';

/** Commands to one server that may be open at once. */
export const MAX_OPEN_COMMANDS = 256;

const NAMES = [
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
const OPEN = 'acked_at IS NULL AND failed_at IS NULL';

/**
 * Writes a command for a game server; `full` when {@link MAX_OPEN_COMMANDS} to it are open. `expiresAt` in ms.
 * @throws StoreError `unique` for an id that exists, `foreign_key` for a server without certificate
 */
export async function enqueue(
  tx: Tx,
  command: { id: string; serverId: string; type: string; payload: JsonValue; expiresAt: number },
): Promise<'enqueued' | 'full'> {
  const written = await tx.run(
    `INSERT INTO server_command (id, server_id, type, payload, created_at, expires_at)
     SELECT CAST($1 AS text), CAST($2 AS text), CAST($3 AS text), CAST($4 AS text), CAST($5 AS bigint), CAST($6 AS bigint)
     WHERE (SELECT count(*) FROM server_command WHERE server_id = $2 AND ${OPEN} AND expires_at > $5) < ${MAX_OPEN_COMMANDS}`,
    [command.id, command.serverId, command.type, json(command.payload), tx.now(), command.expiresAt],
  );
  return written === 1 ? 'enqueued' : 'full';
}

/**
 * Open commands of these servers, oldest first, that were never sent or last before `resendBefore`, ms; at most `limit`, 500 unless
 * said.
 */
export async function due(
  tx: ReadTx,
  wanted: { serverIds: readonly string[]; resendBefore: number; limit?: number },
): Promise<ServerCommand[]> {
  const rows = await tx.rows<Omit<ServerCommand, 'payload'> & { payload: string }>(
    `SELECT ${columnList('c', NAMES)} FROM server_command c
     WHERE ${tx.dialect.among('c.server_id', '$1')} AND c.acked_at IS NULL AND c.failed_at IS NULL
       AND c.expires_at > $2 AND (c.sent_at IS NULL OR c.sent_at < $3)
     ORDER BY c.created_at, c.id LIMIT $4`,
    [json(wanted.serverIds), tx.now(), wanted.resendBefore, wanted.limit ?? 500],
  );
  return rows.map((row) => ({ ...row, payload: JSON.parse(row.payload) as JsonValue }));
}

/** Marks commands as sent now; gives the number of open ones among them. */
export function markSent(tx: Tx, ids: readonly string[]): Promise<number> {
  return tx.run(`UPDATE server_command SET sent_at = $2 WHERE ${tx.dialect.among('id', '$1')} AND ${OPEN}`, [
    json(ids),
    tx.now(),
  ]);
}

/** Notes that its server has done a command. False when the command is not that server's or no longer open. */
export async function markAcked(tx: Tx, command: { id: string; serverId: string }): Promise<boolean> {
  const acked = await tx.run(
    `UPDATE server_command SET acked_at = $3 WHERE id = $1 AND server_id = $2 AND ${OPEN}`,
    [command.id, command.serverId, tx.now()],
  );
  return acked === 1;
}

/**
 * Notes that its server could not do a command. False when the command is not that server's or no longer open. The error is the
 * server's own text; what of it cannot be stored is mended.
 */
export async function markFailed(
  tx: Tx,
  command: { id: string; serverId: string; error: string },
): Promise<boolean> {
  const failed = await tx.run(
    `UPDATE server_command SET failed_at = $3, error = $4 WHERE id = $1 AND server_id = $2 AND ${OPEN}`,
    [command.id, command.serverId, tx.now(), cleanText(command.error)],
  );
  return failed === 1;
}

/** Fails open commands whose time is over; gives their number. */
export function expire(tx: Tx): Promise<number> {
  return tx.run(
    `UPDATE server_command SET failed_at = $1, error = 'expired' WHERE ${OPEN} AND expires_at <= $1`,
    [tx.now()],
  );
}

/** Deletes closed commands created before `before`, ms, at most `limit` of them, oldest first; gives their number. */
export function removeOld(tx: Tx, before: number, limit: number): Promise<number> {
  return tx.run(
    `DELETE FROM server_command WHERE id IN (
       SELECT c.id FROM server_command c
       WHERE c.created_at < $1 AND (c.acked_at IS NOT NULL OR c.failed_at IS NOT NULL)
       ORDER BY c.created_at, c.id LIMIT $2)`,
    [before, limit],
  );
}

/** The command of an id; null when there is none. */
export function byId(tx: ReadTx, id: string): Promise<ServerCommand | null> {
  return tx.findOne(ServerCommand, { id });
}
