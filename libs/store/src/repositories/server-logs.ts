import type { LogLevel, ServerLog } from '../entities/server-log.js';
import { columnList } from '../sql/snake-naming.js';
import { cleanText, json } from '../sql/text.js';
import type { ReadTx, Tx } from '../sql/tx.js';

const NAMES = ['id', 'serverId', 'level', 'at', 'message'] as const;

/** A line to store; `at` in ms. */
export interface LogLine {
  readonly serverId: string;
  readonly level: LogLevel;
  readonly at: number;
  readonly message: string;
}

/**
 * Stores lines in their order, in one statement, and deletes all but the newest `keepPerServer` (1,000 unless
 * said) of the servers concerned. Gives the number stored. Text that cannot be stored is mended.
 */
export async function appendMany(
  tx: Tx,
  lines: readonly LogLine[],
  options: { keepPerServer?: number } = {},
): Promise<number> {
  if (lines.length === 0) return 0;
  const rows = lines.map((line, n) => ({
    n,
    server_id: line.serverId,
    level: line.level,
    at: line.at,
    message: cleanText(line.message),
  }));
  const columns = { n: 'int', server_id: 'text', level: 'text', at: 'int', message: 'text' } as const;
  const stored = await tx.run(
    `INSERT INTO server_log (server_id, level, at, message)
     SELECT r.server_id, r.level, r.at, r.message FROM ${tx.dialect.recordset('r', '$1', columns)} ORDER BY r.n`,
    [json(rows)],
  );
  await tx.run(
    `DELETE FROM server_log WHERE ${tx.dialect.among('server_id', '$1')} AND id <= (
       SELECT kept.id FROM server_log kept WHERE kept.server_id = server_log.server_id
       ORDER BY kept.id DESC LIMIT 1 OFFSET $2)`,
    [json([...new Set(lines.map((line) => line.serverId))]), options.keepPerServer ?? 1000],
  );
  return stored;
}

/** The newest lines of a server, newest first, 100 unless said; `before` is the id of the last line of the page before. */
export function tail(
  tx: ReadTx,
  serverId: string,
  page: { limit?: number; before?: number } = {},
): Promise<ServerLog[]> {
  return tx.rows<ServerLog>(
    `SELECT ${columnList('l', NAMES)} FROM server_log l WHERE l.server_id = $1 AND l.id < $2
     ORDER BY l.id DESC LIMIT $3`,
    [serverId, page.before ?? Number.MAX_SAFE_INTEGER, page.limit ?? 100],
  );
}
