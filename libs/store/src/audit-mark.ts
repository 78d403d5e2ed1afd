import * as fs from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * A row of the audit log that somebody saw committed, kept outside the database: who can write to that alone can put the log back
 * to an older state, end and all, but cannot make this row be there again.
 */
export interface AuditMark {
  readonly id: number;
  readonly mac: string;
}

/** Where a dashboard keeps its mark, within its data directory. */
export function auditMarkPath(dataDir: string): string {
  return join(dataDir, 'admin', 'audit-mark');
}

/**
 * The mark in a file; null if there is none yet.
 * @throws an error of `node:fs`; Error when it is no mark
 */
export function readAuditMark(path: string): AuditMark | null {
  if (!fs.existsSync(path)) return null;
  const text = fs.readFileSync(path, 'latin1');
  const [, id, mac] = /^([1-9]\d{0,14}) ([0-9a-f]{64})\n$/.exec(text) ?? [];
  if (id === undefined || mac === undefined)
    throw new Error(`${path} is damaged: it is no mark of an audit log`);
  return { id: Number(id), mac };
}

/**
 * Puts a mark in the place of the one that is there, in one step.
 * @throws an error of `node:fs`
 */
export function writeAuditMark(path: string, { id, mac }: AuditMark): void {
  const next = `${path}.${process.pid}`;
  fs.mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  fs.writeFileSync(next, `${id} ${mac}\n`, { mode: 0o600 });
  fs.renameSync(next, path);
}
