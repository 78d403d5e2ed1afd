import { Module } from '@nestjs/common';
import { GameServersModule } from '../game-servers/game-servers.module.js';
import { PartiesModule } from '../parties/parties.module.js';
import { QueueingModule } from '../queueing/queueing.module.js';
import { Deliveries } from './deliveries.js';
import { DeliveryModule } from './delivery.module.js';
import { LongQueues } from './search/long-queues.js';
import { SearchThread } from './search/search-thread.js';
import { Tick } from './tick.js';
import { Ticker } from './ticker.js';

/** The tick. */
@Module({
  imports: [DeliveryModule, GameServersModule, PartiesModule, QueueingModule],
  providers: [Deliveries, LongQueues, SearchThread, Tick, Ticker],
  exports: [Ticker],
})
export class MatchmakingModule {}
