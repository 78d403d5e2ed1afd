import { Inject, Injectable } from '@nestjs/common';
import { sessions, type Store, type Tx } from '@ranked/store';
import { Clock } from '../clock/clock.js';
import { LOGGER, type Logger } from '../logging/logger.js';
import { STORE } from '../store/store.module.js';
import { Sweeper } from '../store/sweeper.js';

/** Sessions removed in one round; the rest follow in the next. */
export const SESSIONS_PER_ROUND = 5_000;

/** Removes sessions that have ended. */
@Injectable()
export class SessionSweeper extends Sweeper {
  constructor(@Inject(STORE) store: Store, clock: Clock, @Inject(LOGGER) log: Logger) {
    super('sessions', store, clock, log);
  }

  protected remove(tx: Tx, now: number): Promise<number> {
    return sessions.removeExpired(tx, now, SESSIONS_PER_ROUND);
  }
}
