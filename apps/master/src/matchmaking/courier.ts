import type { Logger } from '../logging/logger.js';
import { Batcher } from './batcher.js';
import { Told } from './told.js';

/**
 * Brings news to players connected here: looks in batches at what is due, sends it, and marks it once it was sent. What failed is
 * due still, and comes with the next {@link kick}.
 */
export abstract class Courier {
  /** What went out on a connection, so that repeating is harmless. */
  protected readonly told = new Told();
  private readonly batches: Batcher<string>;

  /**
   * @param perBatch keys looked at in one batch
   * @param failure what the log says of a batch that failed
   */
  protected constructor(perBatch: number, failure: string, log: Logger) {
    this.batches = new Batcher(
      (keys) => this.work(keys),
      perBatch,
      (err) => log.error({ err }, failure),
    );
  }

  /** Looks at what is due under these keys: ids of matches or of accounts, as the courier says. */
  tell(keys: Iterable<string>): void {
    this.batches.add(keys);
  }

  /** Tries again what failed. */
  kick(): void {
    this.batches.kick();
  }

  /** Resolves when nothing is being sent. */
  idle(): Promise<void> {
    return this.batches.idle();
  }

  /** Sends what is due under these keys, and marks it. Harmless when it is repeated. */
  protected abstract work(keys: string[]): Promise<void>;
}
