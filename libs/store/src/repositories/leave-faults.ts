import { json } from '../sql/text.js';
import type { ReadTx, Tx } from '../sql/tx.js';

/** What a server has made the master punish since `since`. */
export interface FaultsByServer {
  /** Players in all. */
  readonly count: number;
  /** Those of the accounts asked for that were among them. */
  readonly accountIds: readonly string[];
}

/** What was punished by the word of a server since `since`, ms. */
export async function byServer(
  tx: ReadTx,
  wanted: { serverId: string; since: number; among: readonly string[] },
): Promise<FaultsByServer> {
  const [row] = await tx.rows<{ n: number }>(
    'SELECT count(*) AS n FROM leave_fault f WHERE f.server_id = $1 AND f.at >= $2',
    [wanted.serverId, wanted.since],
  );
  const rows = await tx.rows<{ accountId: string }>(
    `SELECT f.account_id AS "accountId" FROM leave_fault f
     WHERE f.server_id = $1 AND f.at >= $2 AND ${tx.dialect.among('f.account_id', '$3')} ORDER BY f.account_id`,
    [wanted.serverId, wanted.since, json(wanted.among)],
  );
  return { count: row?.n ?? 0, accountIds: rows.map(({ accountId }) => accountId) };
}

/** Notes that these accounts are punished now by the word of a server. */
export async function note(tx: Tx, serverId: string, accountIds: readonly string[]): Promise<void> {
  const ids = [...new Set(accountIds)].sort();
  await tx.run(
    `INSERT INTO leave_fault (server_id, account_id, at)
     SELECT CAST($2 AS text), r.account_id, CAST($3 AS bigint)
     FROM ${tx.dialect.recordset('r', '$1', { account_id: 'text' })} WHERE true
     ON CONFLICT (server_id, account_id) DO UPDATE SET at = excluded.at`,
    [json(ids.map((accountId) => ({ account_id: accountId }))), serverId, tx.now()],
  );
}

/** Forgets what was noted before `before`, ms, at most `limit`, oldest first; gives the number. */
export function removeOld(tx: Tx, before: number, limit: number): Promise<number> {
  return tx.run(
    `DELETE FROM leave_fault WHERE at < $1 AND (server_id, account_id) IN (
       SELECT f.server_id, f.account_id FROM leave_fault f WHERE f.at < $1
       ORDER BY f.at, f.server_id, f.account_id LIMIT $2)`,
    [before, limit],
  );
}
