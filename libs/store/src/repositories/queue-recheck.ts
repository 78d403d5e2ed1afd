import { large, PackedRows } from '../sql/packed-rows.js';
import type { ReadTx } from '../sql/tx.js';

const PLAYER = new PackedRows({ ids: ['account_id'], larges: ['entry_no', 'joined_at'] });

/**
 * Those of `players`, as they were read earlier, who do not wait in the queue any more as they did then: `lastSeen` null. And those
 * who do, but have not been seen after `seenAfter`, ms: when they were seen last. A place in the queue is the same as long as its
 * number and its time of joining are.
 */
export async function waitsNoMore(
  tx: ReadTx,
  asked: {
    queue: string;
    players: readonly { readonly accountId: string; readonly entryNo: number; readonly joinedAt: number }[];
    seenAfter: number;
  },
): Promise<{ readonly accountId: string; readonly lastSeen: number | null }[]> {
  const { source, column } = PLAYER.read(tx.dialect, '$1');
  const rows = asked.players.map(
    ({ accountId, entryNo, joinedAt }) => accountId + large(entryNo) + large(joinedAt),
  );
  const answers: { readonly accountId: string; readonly lastSeen: number | null }[] = [];
  for (const part of PLAYER.parameters(tx.dialect, rows)) {
    answers.push(
      ...(await tx.rows<{ accountId: string; lastSeen: number | null }>(
        `SELECT ${column.account_id} AS "accountId", CASE WHEN q.joined_at = ${column.joined_at} THEN q.last_seen END AS "lastSeen"
         FROM ${source}
         LEFT JOIN queue_entry q ON q.entry_no = ${column.entry_no} AND q.account_id = ${column.account_id}
           AND q.queue = $2 AND q.match_id IS NULL
         WHERE q.account_id IS NULL OR q.joined_at <> ${column.joined_at} OR q.last_seen <= $3`,
        [part, asked.queue, asked.seenAfter],
      )),
    );
  }
  return answers;
}
