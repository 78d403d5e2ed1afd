import { Inject, Injectable } from '@nestjs/common';
import { commands, type Store, type Tx } from '@ranked/store';
import { Clock } from '../clock/clock.js';
import { LOGGER, type Logger } from '../logging/logger.js';
import { STORE } from '../store/store.module.js';
import { Sweeper } from '../store/sweeper.js';

/** How long a command that was answered, or whose time is over, can be looked up, ms. */
export const COMMANDS_KEPT_MS = 30 * 86_400_000;
/** Commands removed in one round; the rest follow in the next. */
export const COMMANDS_PER_ROUND = 1_000;

/** Removes operators' commands that were closed long ago. */
@Injectable()
export class CommandSweeper extends Sweeper {
  constructor(@Inject(STORE) store: Store, clock: Clock, @Inject(LOGGER) log: Logger) {
    super('commands', store, clock, log);
  }

  protected remove(tx: Tx, now: number): Promise<number> {
    return commands.removeOld(tx, now - COMMANDS_KEPT_MS, COMMANDS_PER_ROUND);
  }
}
