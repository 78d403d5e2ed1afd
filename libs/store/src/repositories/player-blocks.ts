import type { ReadTx, Tx } from '../sql/tx.js';

/** A player whom another one blocks. */
export interface BlockedPlayer {
  readonly accountId: string;
  /** The account's display name now. */
  readonly name: string;
  /** Since when, ms. */
  readonly createdAt: number;
}

/**
 * Notes that one player does not want to meet another; where he waits it counts at once. Blocking again changes nothing.
 * @throws StoreError `foreign_key` for an unknown account
 */
export async function add(
  tx: Tx,
  block: { ownerId: string; blockedId: string; limit: number },
): Promise<'blocked' | 'too_many'> {
  const { ownerId, blockedId } = block;
  // Held until the end, so that two at once do not both find room for the last one.
  await tx.rows(`SELECT a.id FROM account a WHERE a.id = $1${tx.dialect.forUpdate}`, [ownerId]);
  const [count] = await tx.rows<{ n: number; known: number }>(
    `SELECT count(*) AS n, coalesce(sum(CASE WHEN b.blocked_id = $2 THEN 1 ELSE 0 END), 0) AS known
     FROM player_block b WHERE b.owner_id = $1`,
    [ownerId, blockedId],
  );
  if (Number(count?.known) > 0) return 'blocked';
  if ((count?.n ?? 0) >= block.limit) return 'too_many';
  await tx.run('INSERT INTO player_block (owner_id, blocked_id, created_at) VALUES ($1, $2, $3)', [
    ownerId,
    blockedId,
    tx.now(),
  ]);
  await noteInEntry(tx, ownerId);
  return 'blocked';
}

/** Takes a block back. False when there was none. */
export async function remove(tx: Tx, block: { ownerId: string; blockedId: string }): Promise<boolean> {
  const removed = await tx.run('DELETE FROM player_block WHERE owner_id = $1 AND blocked_id = $2', [
    block.ownerId,
    block.blockedId,
  ]);
  if (removed > 0) await noteInEntry(tx, block.ownerId);
  return removed > 0;
}

/** Whom a player blocks, the latest first. */
export function list(tx: ReadTx, ownerId: string): Promise<BlockedPlayer[]> {
  return tx.rows<BlockedPlayer>(
    `SELECT b.blocked_id AS "accountId", a.display_name AS name, b.created_at AS "createdAt"
     FROM player_block b JOIN account a ON a.id = b.blocked_id WHERE b.owner_id = $1
     ORDER BY b.created_at DESC, b.blocked_id`,
    [ownerId],
  );
}

function noteInEntry(tx: Tx, ownerId: string): Promise<number> {
  return tx.run(
    `UPDATE queue_entry SET blocks = (SELECT count(*) FROM player_block b WHERE b.owner_id = $1) WHERE account_id = $1`,
    [ownerId],
  );
}
