import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import {
  auditLog,
  auditMarkPath,
  operatorCertificates,
  readAuditMark,
  StoreError,
  writeAuditMark,
  type AuditEntry,
  type AuditMark,
  type JsonValue,
  type NewAuditEntry,
  type Store,
  type Tx,
} from '@ranked/store';
import { AdminConfig } from '../config/admin-config.js';
import { Problem } from '../http/problem.js';
import { LOGGER, type Logger } from '../logging/logger.js';
import type { Operator } from '../operators/operator.js';
import { STORE } from '../store/store.module.js';
import { RefusalLog, type Refusal } from './refusal-log.js';

/** What an operator wants done. */
export interface Deed {
  operator: Operator;
  /** `player.ban` */
  action: string;
  /** What it is done to, for people: `player Ann (8d0c…)`. */
  target: string;
  detail?: Record<string, JsonValue>;
}

/** What the work tells the log once it knows better. */
export interface DeedNotes {
  target?: string;
  detail?: Record<string, JsonValue>;
}

/**
 * The only way to change anything from the dashboard: an action and its row are one transaction. The last row it saw committed is
 * noted in a file: a log that was put back to a state before it is one that was tampered with.
 */
@Injectable()
export class Auditor implements OnApplicationShutdown {
  readonly refusals: RefusalLog;
  private readonly markPath: string;

  constructor(
    @Inject(STORE) private readonly store: Store,
    @Inject(LOGGER) private readonly log: Logger,
    { dataDir }: AdminConfig,
  ) {
    this.refusals = new RefusalLog(Date.now, (entry) => this.record(entry));
    this.markPath = auditMarkPath(dataDir);
  }

  /**
   * Does the work and writes its row. Where the work throws nothing is done, and a row says so. A certificate that was
   * revoked does nothing from that moment on, though its connection may be open for another half second.
   * @param work awaits nothing but the transaction; it may be run again from its start
   * @throws Problem what the work threw; `unauthenticated` for a certificate that is no longer in force; `audit-failed` when the row
   *   could not be written, and nothing was done
   */
  async act<T>(
    deed: Deed,
    work: (tx: Tx, notes: DeedNotes) => Promise<T>,
  ): Promise<{ outcome: T; auditId: number }> {
    try {
      const { outcome, entry } = await this.store.write(deed.action, async (tx) => {
        const notes: DeedNotes = {};
        await requireInForce(tx, deed.operator);
        const outcome = await work(tx, notes);
        return { outcome, entry: await append(tx, entryOf(deed, 'done', notes), this.markPath) };
      });
      this.tell(entry);
      return { outcome, auditId: entry.id };
    } catch (error) {
      if (!(error instanceof Problem)) await this.recordFault(deed, error);
      else if (error.code !== 'audit-failed')
        await this.record({ ...entryOf(deed, 'failed', {}), detail: { ...deed.detail, why: error.message } });
      throw error;
    }
  }

  /** What broke under an action is not the operator's to see whole, and may break the row as well: then the structured log has it. */
  private async recordFault(deed: Deed, fault: unknown): Promise<void> {
    const why = fault instanceof StoreError ? `the database: ${fault.code}` : 'a fault of the dashboard';
    const entry = { ...entryOf(deed, 'failed', {}), detail: { ...deed.detail, why } };
    try {
      await this.record(entry);
    } catch (err) {
      this.log.error(
        { audit: 'unwritten', entry, err },
        'a failed action could not be written to the audit log',
      );
    }
  }

  /**
   * Writes the row of something that is no change of rows: a file that was handed out, a session that began.
   * @throws Problem `audit-failed`
   */
  async record(entry: NewAuditEntry): Promise<AuditEntry> {
    const written = await this.store.write(entry.action, (tx) => append(tx, entry, this.markPath));
    this.tell(written);
    return written;
  }

  /** Notes a refusal past the first lock; floods become sums. Never throws. */
  async refused(refusal: Refusal): Promise<void> {
    const { unwritten } = this.refusals.counters;
    await this.refusals.note(refusal);
    if (this.refusals.counters.unwritten > unwritten) {
      this.log.error({ ...refusal, audit: 'unwritten' }, 'a refusal could not be written to the audit log');
    }
  }

  /**
   * Checks every row, and that the one noted last is there.
   * @throws Error when the note is damaged; an error of `node:fs`
   */
  verify(): ReturnType<typeof auditLog.verify> {
    return auditLog.verify((read) => this.store.read(read), readAuditMark(this.markPath));
  }

  /** What is summed is written before the process ends. */
  async onApplicationShutdown(): Promise<void> {
    await this.refusals.flush(true);
  }

  /** The structured log has every row with its MAC: what is cut off the end of the table is still here. */
  private tell({ mac, ...entry }: AuditEntry): void {
    const level = entry.result === 'done' ? 'info' : 'warn';
    this.log[level]({ audit: entry, mac }, 'audit');
    try {
      // Rows of others at the same time may be noted in any order: each was there.
      writeAuditMark(this.markPath, { id: entry.id, mac });
    } catch (error) {
      this.log.error({ err: error }, 'the last row of the audit log could not be noted');
    }
  }
}

async function requireInForce(tx: Tx, { serial }: Operator): Promise<void> {
  if (await operatorCertificates.holdInForce(tx, serial)) return;
  throw Problem.unauthenticated('The certificate is no longer in force, so nothing was done.');
}

async function append(tx: Tx, entry: NewAuditEntry, markPath: string): Promise<AuditEntry> {
  let mark: AuditMark | null;
  try {
    mark = readAuditMark(markPath);
  } catch {
    throw new Problem(
      'audit-failed',
      `The note of the last row, ${markPath}, cannot be read, so nothing was done.`,
    );
  }
  try {
    return await auditLog.append(tx, entry, mark);
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    const detail =
      error.code === 'audit_broken'
        ? 'The audit log was tampered with, so nothing was done. "certtool audit verify" names the row, "certtool audit reseal" goes on after it.'
        : 'The audit log could not be written, so nothing was done.';
    throw new Problem('audit-failed', detail);
  }
}

function entryOf(deed: Deed, result: 'done' | 'failed', notes: DeedNotes): NewAuditEntry {
  const { operator, action } = deed;
  return {
    address: operator.address,
    actor: operator.name,
    action,
    target: notes.target ?? deed.target,
    result,
    detail: { serial: operator.serial, ...deed.detail, ...notes.detail },
  };
}
