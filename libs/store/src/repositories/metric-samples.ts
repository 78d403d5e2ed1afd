import type { MetricSample } from '../entities/metric-sample.js';
import type { NodeSample } from '../node-sample.js';
import { json } from '../sql/text.js';
import type { ReadTx, Tx } from '../sql/tx.js';

/** How long samples are kept, ms. */
export const SAMPLES_KEPT_MS = 3_600_000;

/** Writes a node's sample of now, and removes all that are older than an hour (or come from a clock far ahead). */
export async function append(tx: Tx, nodeId: string, sample: NodeSample): Promise<void> {
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
}

/** Samples after `since`, ms, oldest first. */
export async function after(tx: ReadTx, since: number): Promise<MetricSample[]> {
  const rows = await tx.rows<Omit<MetricSample, 'sample'> & { sample: string }>(
    `SELECT s.at, s.node_id AS "nodeId", s.sample FROM metric_sample s WHERE s.at > $1 ORDER BY s.at, s.node_id`,
    [since],
  );
  return rows.map((row) => ({ ...row, sample: JSON.parse(row.sample) as NodeSample }));
}
