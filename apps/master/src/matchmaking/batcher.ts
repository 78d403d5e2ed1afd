/**
 * Collects keys and works them off in batches, one batch at a time: what comes while one is being worked on goes
 * into the next. So a thousand players who reconnect at once cost a few statements, and a single one waits for nobody.
 * A batch that fails is kept for the next {@link kick}; work must therefore be harmless when it is repeated.
 */
export class Batcher<K> {
  readonly counters = { batches: 0, failed: 0 };
  private waiting = new Set<K>();
  private running: Promise<void> | undefined;

  /**
   * @param work handles one batch
   * @param limit most keys in a batch
   * @param onError hears of a batch that failed
   */
  constructor(
    private readonly work: (keys: K[]) => Promise<void>,
    private readonly limit: number,
    private readonly onError: (error: unknown) => void,
  ) {}

  /** Keys that wait already are not taken twice. */
  add(keys: Iterable<K>): void {
    for (const key of keys) this.waiting.add(key);
    this.kick();
  }

  /** Starts on what waits, unless a batch is at work. */
  kick(): void {
    if (this.running || this.waiting.size === 0) return;
    this.running = this.drain().finally(() => {
      this.running = undefined;
    });
  }

  /** Resolves when nothing is at work; what failed may still wait. */
  async idle(): Promise<void> {
    while (this.running) await this.running;
  }

  private async drain(): Promise<void> {
    // One turn of the event loop, so that what arrives together is handled together.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.waiting.size > 0) {
      const batch = [...this.waiting].slice(0, this.limit);
      for (const key of batch) this.waiting.delete(key);
      try {
        await this.work(batch);
        this.counters.batches += 1;
      } catch (error) {
        this.counters.failed += 1;
        for (const key of batch) this.waiting.add(key);
        this.onError(error);
        return;
      }
    }
  }
}
