import { Module } from '@nestjs/common';
import { ChannelModule } from '../channel/channel.module.js';
import { ReportCourier } from '../results/report-courier.js';
import { AllowCourier } from './allow-courier.js';
import { Arrivals } from './arrivals.js';
import { CancelCourier } from './cancel-courier.js';
import { FoundCourier } from './found-courier.js';
import { JoinTokens } from './join-tokens.js';
import { MatchCalloff } from './match-calloff.js';
import { NewestConnections } from './newest-connections.js';
import { PeerConnectionSweeper } from './peer-connection-sweeper.js';
import { PlayerNotices } from './player-notices.js';
import { RulesModels } from './rules-models.js';
import { ServerFaults } from './server-faults.js';
import { StateFeed } from './state-feed.js';

/** What is sent to servers and players because of what the rows say. */
@Module({
  imports: [ChannelModule],
  providers: [
    AllowCourier,
    Arrivals,
    CancelCourier,
    FoundCourier,
    JoinTokens,
    MatchCalloff,
    NewestConnections,
    PeerConnectionSweeper,
    PlayerNotices,
    ReportCourier,
    RulesModels,
    ServerFaults,
    StateFeed,
  ],
  exports: [
    AllowCourier,
    Arrivals,
    CancelCourier,
    FoundCourier,
    MatchCalloff,
    NewestConnections,
    PlayerNotices,
    ReportCourier,
    RulesModels,
    ServerFaults,
    StateFeed,
  ],
})
export class DeliveryModule {}
