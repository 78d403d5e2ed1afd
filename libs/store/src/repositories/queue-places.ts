import { json } from '../sql/text.js';
import type { ReadTx } from '../sql/tx.js';

/** Those of these accounts that have a place, waiting or in a match. */
export async function placedAmong(tx: ReadTx, accountIds: readonly string[]): Promise<Set<string>> {
  const rows = await tx.rows<{ accountId: string }>(
    `SELECT q.account_id AS "accountId" FROM queue_entry q WHERE ${tx.dialect.among('q.account_id', '$1')}`,
    [json(accountIds)],
  );
  return new Set(rows.map(({ accountId }) => accountId));
}
