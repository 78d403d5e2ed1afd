import { Module } from '@nestjs/common';
import { GameServersModule } from './game-servers/game-servers.module.js';
import { MatchmakingModule } from './matchmaking/matchmaking.module.js';
import { QueueingModule } from './queueing/queueing.module.js';
import { ResultsModule } from './results/results.module.js';

/** Everything between a player's wish to play and his new rating. */
@Module({
  imports: [GameServersModule, QueueingModule, MatchmakingModule, ResultsModule],
  exports: [MatchmakingModule],
})
export class GameModule {}
