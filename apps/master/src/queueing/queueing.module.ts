import { Module } from '@nestjs/common';
import { ChannelModule } from '../channel/channel.module.js';
import { DeliveryModule } from '../matchmaking/delivery.module.js';
import { PartiesModule } from '../parties/parties.module.js';
import { PlayerPresence } from './player-presence.js';
import { QueueController } from './queue.controller.js';
import { QueueEntrance } from './queue-entrance.js';

/** Players on the channel: joining a queue, leaving it, being there. */
@Module({
  imports: [ChannelModule, DeliveryModule, PartiesModule],
  controllers: [QueueController],
  providers: [PlayerPresence, QueueEntrance],
  exports: [PlayerPresence],
})
export class QueueingModule {}
