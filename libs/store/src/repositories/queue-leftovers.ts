import { QueueLeftover } from '../entities/queue-leftover.js';
import type { ReadTx, Tx } from '../sql/tx.js';

/** The news of every queue of which some were written. */
export function all(tx: ReadTx): Promise<QueueLeftover[]> {
  return tx.find(QueueLeftover, { order: { queue: 'ASC' } });
}

/** The news of one queue; null when none were written. */
export async function ofQueue(tx: ReadTx, queue: string): Promise<QueueLeftover | null> {
  return tx.findOne(QueueLeftover, { queue });
}

/** When the news of each queue were written, ms; to see whether it is worth reading {@link all}. */
export async function times(tx: ReadTx): Promise<Map<string, number>> {
  const rows = await tx.rows<{ queue: string; at: number }>('SELECT l.queue, l.at FROM queue_leftover l');
  return new Map(rows.map(({ queue, at }) => [queue, at]));
}

/**
 * Puts the news of a queue in the place of older ones; newer ones that another node wrote stay.
 * @param news `entries` and `waits` as JSON text
 */
export async function write(
  tx: Tx,
  news: Pick<QueueLeftover, 'queue' | 'at' | 'waiting'> & { entries: string; waits: string },
): Promise<void> {
  await tx.run(
    `INSERT INTO queue_leftover (queue, at, waiting, entries, waits) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (queue) DO UPDATE SET at = excluded.at, waiting = excluded.waiting, entries = excluded.entries,
       waits = excluded.waits
     WHERE queue_leftover.at <= excluded.at`,
    [news.queue, news.at, news.waiting, news.entries, news.waits],
  );
}
