import type { Clock } from '../clock/clock.js';

/** What a set of buckets lets through. */
export interface BucketRate {
  /** Lasting rate. */
  perSecond: number;
  /** How many at once after a pause. */
  burst: number;
  /** Most keys remembered at a time. */
  maxKeys: number;
}

/**
 * One token bucket per key, kept as the generic cell rate algorithm keeps it: a single time per key, the one at
 * which its bucket will be full again. The map is bounded: when it is full, the key that was used longest ago is
 * forgotten, so a flood of new keys never costs memory, and precision only for keys that are idle anyway.
 */
export class TokenBuckets {
  /** Key → time, in ms of `Clock.elapsed`, at which its bucket is full; the key used longest ago comes first. */
  private readonly fullAt = new Map<string, number>();
  private readonly tokenMs: number;
  readonly counters = { taken: 0, refused: 0, forgotten: 0 };

  constructor(
    private readonly clock: Clock,
    private readonly rate: BucketRate,
  ) {
    this.tokenMs = 1000 / rate.perSecond;
  }

  /**
   * Takes one token of `key`.
   * @returns 0 if there was one; else the milliseconds until there will be, and nothing is taken
   */
  take(key: string): number {
    const now = this.clock.elapsed();
    const capacityMs = this.rate.burst * this.tokenMs;
    const fullAt = Math.max(this.fullAt.get(key) ?? now, now);
    const missingMs = fullAt + this.tokenMs - (now + capacityMs);
    // Less than a nanosecond is the rounding of the sums, not a wait.
    const refused = missingMs > 1e-6;
    this.remember(key, refused ? fullAt : fullAt + this.tokenMs);
    this.counters[refused ? 'refused' : 'taken'] += 1;
    return refused ? Math.ceil(missingMs) : 0;
  }

  /** Keys remembered at present. */
  get size(): number {
    return this.fullAt.size;
  }

  private remember(key: string, fullAt: number): void {
    this.fullAt.delete(key);
    if (this.fullAt.size >= this.rate.maxKeys) {
      const oldest = this.fullAt.keys().next();
      if (!oldest.done) {
        this.fullAt.delete(oldest.value);
        this.counters.forgotten += 1;
      }
    }
    this.fullAt.set(key, fullAt);
  }
}
