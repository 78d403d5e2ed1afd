import { Module } from '@nestjs/common';
import { ChannelModule } from './channel/channel.module.js';
import { GameServersModule } from './game-servers/game-servers.module.js';
import { MatchmakingModule } from './matchmaking/matchmaking.module.js';
import { MetricSampler } from './metrics/metric-sampler.js';
import { QueueingModule } from './queueing/queueing.module.js';
import { VoidWorker } from './rating/void-worker.js';
import { ResultsModule } from './results/results.module.js';

/** Everything between a player's wish to play and his new rating. */
@Module({
  imports: [ChannelModule, GameServersModule, QueueingModule, MatchmakingModule, ResultsModule],
  providers: [MetricSampler, VoidWorker],
  exports: [MatchmakingModule],
})
export class GameModule {}
