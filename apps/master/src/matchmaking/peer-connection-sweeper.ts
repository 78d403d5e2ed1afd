import { Inject, Injectable } from '@nestjs/common';
import { peerConnections, type Store, type Tx } from '@ranked/store';
import { Clock } from '../clock/clock.js';
import { LOGGER, type Logger } from '../logging/logger.js';
import { STORE } from '../store/store.module.js';
import { Sweeper } from '../store/sweeper.js';

/** How long it is known which connection of a peer was its newest, ms from its opening. */
export const CONNECTIONS_KEPT_MS = 30 * 86_400_000;
/** Rows removed in one round; the rest follow in the next. */
export const CONNECTIONS_PER_ROUND = 5_000;

/** Removes the newest connections of peers that have not come for long. Their times are the database's, not this node's. */
@Injectable()
export class PeerConnectionSweeper extends Sweeper {
  constructor(@Inject(STORE) store: Store, clock: Clock, @Inject(LOGGER) log: Logger) {
    super('connections', store, clock, log);
  }

  protected remove(tx: Tx): Promise<number> {
    return peerConnections.removeOld(tx, CONNECTIONS_KEPT_MS, CONNECTIONS_PER_ROUND);
  }
}
