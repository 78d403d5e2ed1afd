import { Inject, Injectable } from '@nestjs/common';
import { leaveFaults, penalties, type Store, type Tx } from '@ranked/store';
import { Clock } from '../clock/clock.js';
import { MasterConfig } from '../config/master-config.js';
import { LOGGER, type Logger } from '../logging/logger.js';
import { STORE } from '../store/store.module.js';
import { Sweeper } from '../store/sweeper.js';
import { longestMemoryMs } from './penalty.js';
import { cooldownRules } from './punish.js';

/** Rows of each kind that are removed in one round; the rest follow in the next. */
export const PENALTIES_PER_ROUND = 5_000;

/** Removes penalties of which nothing is left, and notes of who was punished on whose word that bound nothing any more. */
@Injectable()
export class PenaltySweeper extends Sweeper {
  constructor(
    @Inject(STORE) store: Store,
    clock: Clock,
    @Inject(LOGGER) log: Logger,
    private readonly config: MasterConfig,
  ) {
    super('penalties', store, clock, log);
  }

  protected async remove(tx: Tx, now: number): Promise<number> {
    const rules = cooldownRules(this.config);
    const forgotten = await penalties.removeOld(tx, now - longestMemoryMs(rules), PENALTIES_PER_ROUND);
    return forgotten + (await leaveFaults.removeOld(tx, now - rules.halfLifeMs, PENALTIES_PER_ROUND));
  }
}
