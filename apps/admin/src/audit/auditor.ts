import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import {
  auditLog,
  StoreError,
  type AuditEntry,
  type JsonValue,
  type NewAuditEntry,
  type Store,
  type Tx,
} from '@ranked/store';
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

/** The only way to change anything from the dashboard: an action and its row are one transaction. */
@Injectable()
export class Auditor implements OnApplicationShutdown {
  readonly refusals: RefusalLog;

  constructor(
    @Inject(STORE) private readonly store: Store,
    @Inject(LOGGER) private readonly log: Logger,
  ) {
    this.refusals = new RefusalLog(Date.now, (entry) => this.record(entry));
  }

  /**
   * Does the work and writes its row. Where the work throws a Problem nothing is done, and a row says so.
   * @param work awaits nothing but the transaction; it may be run again from its start
   * @throws Problem what the work threw; `audit-failed` when the row could not be written, and nothing was done
   */
  async act<T>(
    deed: Deed,
    work: (tx: Tx, notes: DeedNotes) => Promise<T>,
  ): Promise<{ outcome: T; auditId: number }> {
    try {
      const { outcome, entry } = await this.store.write(deed.action, async (tx) => {
        const notes: DeedNotes = {};
        const outcome = await work(tx, notes);
        return { outcome, entry: await append(tx, entryOf(deed, 'done', notes)) };
      });
      this.tell(entry);
      return { outcome, auditId: entry.id };
    } catch (error) {
      if (error instanceof Problem && error.code !== 'audit-failed') {
        await this.record({ ...entryOf(deed, 'failed', {}), detail: { ...deed.detail, why: error.message } });
      }
      throw error;
    }
  }

  /**
   * Writes the row of something that is no change of rows: a file that was handed out, a session that began.
   * @throws Problem `audit-failed`
   */
  async record(entry: NewAuditEntry): Promise<AuditEntry> {
    const written = await this.store.write(entry.action, (tx) => append(tx, entry));
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

  /** What is summed is written before the process ends. */
  async onApplicationShutdown(): Promise<void> {
    await this.refusals.flush(true);
  }

  /** The structured log has every row with its MAC: what is cut off the end of the table is still here. */
  private tell({ mac, ...entry }: AuditEntry): void {
    const level = entry.result === 'done' ? 'info' : 'warn';
    this.log[level]({ audit: entry, mac }, 'audit');
  }
}

async function append(tx: Tx, entry: NewAuditEntry): Promise<AuditEntry> {
  try {
    return await auditLog.append(tx, entry);
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
