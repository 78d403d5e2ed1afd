import { Module } from '@nestjs/common';
import { ChannelModule } from '../channel/channel.module.js';
import { DeliveryModule } from '../matchmaking/delivery.module.js';
import { ResultsModule } from '../results/results.module.js';
import { CommandCourier } from './command-courier.js';
import { CommandSweeper } from './command-sweeper.js';
import { CredentialWatch } from './credential-watch.js';
import { GameServerController } from './game-server.controller.js';
import { HeartbeatIntake } from './heartbeat-intake.js';
import { PresenceBoard } from './presence-board.js';
import { ServerLogBuffer } from './server-log-buffer.js';

/** Game servers: what they say, whether they may still say it, and what operators tell them. */
@Module({
  imports: [ChannelModule, DeliveryModule, ResultsModule],
  controllers: [GameServerController],
  providers: [
    CommandCourier,
    CommandSweeper,
    CredentialWatch,
    HeartbeatIntake,
    PresenceBoard,
    ServerLogBuffer,
  ],
  exports: [CommandCourier, CredentialWatch, PresenceBoard, ServerLogBuffer],
})
export class GameServersModule {}
