import { Module } from '@nestjs/common';
import { ChannelModule } from '../channel/channel.module.js';
import { DeliveryModule } from '../matchmaking/delivery.module.js';
import { PartyBoard } from './party-board.js';
import { PartyChannelController } from './party-channel.controller.js';
import { PartyCourier } from './party-courier.js';
import { PartyMembership } from './party-membership.js';
import { PartySweeper } from './party-sweeper.js';
import { PartyUpkeep } from './party-upkeep.js';

/** Players who queue together. */
@Module({
  imports: [ChannelModule, DeliveryModule],
  controllers: [PartyChannelController],
  providers: [PartyBoard, PartyCourier, PartyMembership, PartySweeper, PartyUpkeep],
  exports: [PartyCourier, PartyMembership, PartyUpkeep],
})
export class PartiesModule {}
