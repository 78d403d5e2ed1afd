import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { sessions, type Store } from '@ranked/store';
import { Clock } from '../clock/clock.js';
import { LOGGER, type Logger } from '../logging/logger.js';
import { STORE } from '../store/store.module.js';

const INTERVAL_MS = 600_000;

/** Removes the rows of sessions that have ended, so that the table does not grow for ever. */
@Injectable()
export class SessionSweeper implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();

  constructor(
    @Inject(STORE) private readonly store: Store,
    private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

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
    try {
      const removed = await this.store.writeGrouped('sessions.sweep', (tx) =>
        sessions.removeExpired(tx, this.clock.now()),
      );
      if (removed > 0) this.log.info({ component: 'sessions', removed }, 'expired sessions removed');
    } catch (error) {
      this.log.warn({ component: 'sessions', err: error }, 'expired sessions could not be removed');
    }
  }
}
