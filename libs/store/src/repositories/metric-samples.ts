import type { MetricSample } from '../entities/metric-sample.js';
import type { NodeSample } from '../node-sample.js';
import { json } from '../sql/text.js';
import type { ReadTx, Tx } from '../sql/tx.js';

/** How long samples are kept, ms. */
export const SAMPLES_KEPT_MS = 3_600_000;

/**
 * Writes a node's sample of now, and removes all that are older than an hour (or come from a clock far ahead).
 * @returns its time, ms
 */
export async function append(tx: Tx, nodeId: string, sample: NodeSample): Promise<number> {
  const now = tx.now();
  await tx.run(`INSERT INTO metric_sample (at, node_id, sample) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, [
    now,
    nodeId,
    json(sample),
  ]);
  await tx.run('DELETE FROM metric_sample WHERE at < $1 OR at > $2', [
    now - SAMPLES_KEPT_MS,
    now + SAMPLES_KEPT_MS,
  ]);
  return now;
}

/** When a node's newest sample was written, ms; null without one. */
export async function lastOf(tx: ReadTx, nodeId: string): Promise<number | null> {
  const [row] = await tx.rows<{ at: number | null }>(
    'SELECT max(s.at) AS at FROM metric_sample s WHERE s.node_id = $1',
    [nodeId],
  );
  return row?.at ?? null;
}

/** Samples after `since`, ms, oldest first. */
export async function after(tx: ReadTx, since: number): Promise<MetricSample[]> {
  const rows = await tx.rows<Omit<MetricSample, 'sample'> & { sample: string }>(
    `SELECT s.at, s.node_id AS "nodeId", s.sample FROM metric_sample s WHERE s.at > $1 ORDER BY s.at, s.node_id`,
    [since],
  );
  return rows.map((row) => ({ ...row, sample: JSON.parse(row.sample) as NodeSample }));
}
