import { Inject, Injectable } from '@nestjs/common';
import { parties, type Store, type Tx } from '@ranked/store';
import { Clock } from '../clock/clock.js';
import { LOGGER, type Logger } from '../logging/logger.js';
import { STORE } from '../store/store.module.js';
import { Sweeper } from '../store/sweeper.js';
import { ENDED_KEPT_MS } from './party-limits.js';

/** Parties removed in one round; the rest follow in the next. */
const PARTIES_PER_ROUND = 5_000;

/** Removes parties that have ended. */
@Injectable()
export class PartySweeper extends Sweeper {
  constructor(@Inject(STORE) store: Store, clock: Clock, @Inject(LOGGER) log: Logger) {
    super('parties', store, clock, log);
  }

  protected remove(tx: Tx, now: number): Promise<number> {
    return parties.removeEnded(tx, now - ENDED_KEPT_MS, PARTIES_PER_ROUND);
  }
}
