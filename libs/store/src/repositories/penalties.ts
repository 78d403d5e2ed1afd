import type { Penalty } from '../entities/penalty.js';
import { json } from '../sql/text.js';
import type { ReadTx, Tx } from '../sql/tx.js';
import { valuesList } from '../sql/values-list.js';

/** 2,500 rows of four parameters each, far within SQLite's 32,766. */
const ROWS_PER_STATEMENT = 2_500;

/** Penalties of these accounts; those without one are left out. */
export function ofAccounts(tx: ReadTx, accountIds: readonly string[]): Promise<Penalty[]> {
  return tx.rows<Penalty>(
    `SELECT p.account_id AS "accountId", p.level, p.until, p.changed_at AS "changedAt"
     FROM penalty p WHERE ${tx.dialect.among('p.account_id', '$1')} ORDER BY p.account_id`,
    [json(accountIds)],
  );
}

/** Until when an account may not join a queue, ms; null when it may. */
export async function cooldownOf(tx: ReadTx, accountId: string): Promise<number | null> {
  const [row] = await tx.rows<{ until: number }>(
    'SELECT p.until FROM penalty p WHERE p.account_id = $1 AND p.until > $2',
    [accountId, tx.now()],
  );
  return row?.until ?? null;
}

/**
 * Raises penalties: `change` makes the new one of an account out of its present one. On PostgreSQL the rows are locked
 * from the reading to the end of the transaction, so that of two faults at once none is lost.
 * @throws StoreError `foreign_key` for an unknown account
 */
export async function raise(
  tx: Tx,
  accountIds: readonly string[],
  change: (before: Penalty | undefined) => Omit<Penalty, 'accountId'>,
): Promise<void> {
  // In one order, so that two nodes do not wait for each other.
  const ids = [...new Set(accountIds)].sort();
  for (let start = 0; start < ids.length; start += ROWS_PER_STATEMENT) {
    const part = ids.slice(start, start + ROWS_PER_STATEMENT);
    if (tx.dialect.forUpdate !== '') {
      await tx.run(
        `INSERT INTO penalty (account_id, level, until, changed_at)
         SELECT r.account_id, 0, 0, 0 FROM ${tx.dialect.recordset('r', '$1', { account_id: 'text' })} WHERE true
         ON CONFLICT (account_id) DO UPDATE SET account_id = excluded.account_id`,
        [json(part.map((accountId) => ({ account_id: accountId })))],
      );
    }
    const before = new Map((await ofAccounts(tx, part)).map((row) => [row.accountId, row]));
    await tx.run(
      `INSERT INTO penalty (account_id, level, until, changed_at)
       SELECT v.column1, v.column2, v.column3, v.column4
       FROM (${valuesList(part.length, ['text', 'real', 'int', 'int'])}) AS v WHERE true
       ON CONFLICT (account_id) DO UPDATE
       SET level = excluded.level, until = excluded.until, changed_at = excluded.changed_at`,
      part.flatMap((accountId) => {
        const { level, until, changedAt } = change(before.get(accountId));
        return [accountId, level, until, changedAt];
      }),
    );
  }
}

/** Forgets penalties that changed last before `before` (ms) and whose cooldown is over, at most `limit`, oldest first. */
export function removeOld(tx: Tx, before: number, limit: number): Promise<number> {
  return tx.run(
    `DELETE FROM penalty WHERE changed_at < $1 AND until <= $2 AND account_id IN (
       SELECT p.account_id FROM penalty p WHERE p.changed_at < $1 AND p.until <= $2
       ORDER BY p.changed_at, p.account_id LIMIT $3)`,
    [before, tx.now(), limit],
  );
}
