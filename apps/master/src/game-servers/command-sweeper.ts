import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { commands, type Store } from '@ranked/store';
import { Clock } from '../clock/clock.js';
import { LOGGER, type Logger } from '../logging/logger.js';
import { STORE } from '../store/store.module.js';

const INTERVAL_MS = 600_000;
/** How long a command that was answered, or whose time is over, can be looked up, ms. */
export const COMMANDS_KEPT_MS = 30 * 86_400_000;
/** Commands removed in one round; the rest follow in the next. */
export const COMMANDS_PER_ROUND = 1_000;

/** Removes the rows of operators' commands that were closed long ago, so that the table does not grow for ever. */
@Injectable()
export class CommandSweeper implements OnApplicationBootstrap, OnApplicationShutdown {
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
      const removed = await this.store.writeGrouped('commands.sweep', (tx) =>
        commands.removeOld(tx, this.clock.now() - COMMANDS_KEPT_MS, COMMANDS_PER_ROUND),
      );
      if (removed > 0) this.log.info({ component: 'commands', removed }, 'old commands removed');
    } catch (error) {
      this.log.warn({ component: 'commands', err: error }, 'old commands could not be removed');
    }
  }
}
