import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import type { Store, Tx } from '@ranked/store';
import type { Clock } from '../clock/clock.js';
import type { Logger } from '../logging/logger.js';

const INTERVAL_MS = 600_000;

/** Removes rows of one kind that have served their time, round by round, so that their table does not grow for ever. */
export abstract class Sweeper implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();

  /** @param rows what they are called in logs, such as `sessions` */
  constructor(
    private readonly rows: string,
    private readonly store: Store,
    private readonly clock: Clock,
    private readonly log: Logger,
  ) {}

  /** Deletes what is over at `now` (ms) and gives how much that was. It bounds its own work. */
  protected abstract remove(tx: Tx, now: number): Promise<number>;

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.running = this.sweep();
    }, INTERVAL_MS);
    this.timer.unref();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }

  /** One round. It never throws: the next one tries again. */
  async sweep(): Promise<void> {
    const { rows: component } = this;
    try {
      const removed = await this.store.writeGrouped(`${component}.sweep`, (tx) =>
        this.remove(tx, this.clock.now()),
      );
      if (removed > 0) this.log.info({ component, removed }, 'old rows removed');
    } catch (error) {
      this.log.warn({ component, err: error }, 'old rows could not be removed');
    }
  }
}
