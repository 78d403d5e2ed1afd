import type { Logger } from '../logging/logger.js';

/** One line of a kind in this time; what comes more is counted. */
const WINDOW_MS = 1000;

interface Kind {
  since: number;
  suppressed: number;
}

/**
 * Warnings about peers, at most one line per kind and second: who misbehaves a thousand times a second fills
 * neither the disk nor the operator's screen. The kinds are the program's own words, so the map stays small.
 */
export class BoundedLog {
  readonly #kinds = new Map<string, Kind>();

  constructor(
    private readonly log: Logger,
    private readonly clock: { elapsed(): number },
  ) {}

  /** @param describe called only if the line is written */
  warn(kind: string, describe: () => Record<string, unknown>): void {
    const now = this.clock.elapsed();
    const seen = this.#kinds.get(kind);
    if (seen && now - seen.since < WINDOW_MS) {
      seen.suppressed += 1;
      return;
    }
    this.#kinds.set(kind, { since: now, suppressed: 0 });
    this.log.warn(
      { kind, ...describe(), ...(seen?.suppressed ? { suppressed: seen.suppressed } : {}) },
      `channel: ${kind}`,
    );
  }

  /** Says how many lines were left out of windows that are over. */
  sweep(): void {
    const now = this.clock.elapsed();
    for (const [kind, { since, suppressed }] of this.#kinds) {
      if (now - since < WINDOW_MS) continue;
      this.#kinds.delete(kind);
      if (suppressed > 0) this.log.warn({ kind, suppressed }, `channel: ${kind}, ${suppressed} more`);
    }
  }
}
