import type { JsonValue, NewAuditEntry } from '@ranked/store';

/** Time in which alike refusals are summed into one row, ms. */
const WINDOW_MS = 60_000;
/** Kinds of refusal summed at once; beyond it all others are one kind. */
const MAX_KINDS = 256;

/** A refusal as it is noted. */
export interface Refusal {
  address: string;
  actor: string | null;
  /** `tls.refuse`, `token.refuse`, `request.refuse`. */
  action: string;
  target: string;
  detail: Record<string, JsonValue>;
}

interface Window {
  since: number;
  /** Refusals since the row that opened the window. */
  more: number;
  last: Refusal;
}

/**
 * Makes rows of refusals, so that a flood does not fill the log: the first of its kind is a row at once, those alike that follow
 * within a minute are one more row with their number. What could not be written waits for the next time.
 */
export class RefusalLog {
  readonly counters = { noted: 0, rows: 0, unwritten: 0 };
  private readonly windows = new Map<string, Window>();

  /**
   * @param now Unix ms
   * @param write writes one row
   */
  constructor(
    private readonly now: () => number,
    private readonly write: (entry: NewAuditEntry) => Promise<unknown>,
  ) {}

  /** Notes a refusal. It resolves when the row, if it makes one, is written or given up; it never rejects. */
  async note(refusal: Refusal): Promise<void> {
    this.counters.noted += 1;
    const own = keyOf(refusal);
    const isOverflow = !this.windows.has(own) && this.windows.size >= MAX_KINDS;
    const key = isOverflow ? 'others' : own;
    const noted = isOverflow ? { ...refusal, target: 'many kinds at once', actor: null } : refusal;
    const window = this.windows.get(key);
    if (window) {
      window.more += 1;
      window.last = noted;
      return;
    }
    this.windows.set(key, { since: this.now(), more: 0, last: noted });
    if (!(await this.writeRow(noted, 1))) this.addBack(key, noted, 1);
  }

  /** Writes the sums of windows that are over; of all with `everything`. To be called every few seconds, and at the end. */
  async flush(everything = false): Promise<void> {
    const now = this.now();
    for (const [key, window] of [...this.windows]) {
      if (!everything && now - window.since < WINDOW_MS) continue;
      this.windows.delete(key);
      if (window.more > 0 && !(await this.writeRow(window.last, window.more))) {
        this.addBack(key, window.last, window.more);
      }
    }
  }

  private async writeRow(refusal: Refusal, count: number): Promise<boolean> {
    try {
      await this.write({ ...refusal, result: 'refused', count });
      this.counters.rows += 1;
      return true;
    } catch {
      this.counters.unwritten += 1;
      return false;
    }
  }

  private addBack(key: string, last: Refusal, more: number): void {
    const window = this.windows.get(key) ?? { since: this.now(), more: 0, last };
    window.more += more;
    this.windows.set(key, window);
  }
}

function keyOf({ address, actor, action, target }: Refusal): string {
  return JSON.stringify([address, actor, action, target]);
}
