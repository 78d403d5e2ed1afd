import { Module } from '@nestjs/common';
import { ChannelModule } from '../channel/channel.module.js';
import { ReportCourier } from '../results/report-courier.js';
import { AllowCourier } from './allow-courier.js';
import { Arrivals } from './arrivals.js';
import { CancelCourier } from './cancel-courier.js';
import { FoundCourier } from './found-courier.js';
import { JoinTokens } from './join-tokens.js';
import { MaintenanceNotices } from './maintenance-notices.js';
import { MatchCalloff } from './match-calloff.js';
import { NewestConnections } from './newest-connections.js';
import { PeerConnectionSweeper } from './peer-connection-sweeper.js';
import { PlayerNotices } from './player-notices.js';
import { PenaltySweeper } from '../penalties/penalty-sweeper.js';
import { ProposalCourier } from './proposal-courier.js';
import { ReadyChecks } from './ready-checks.js';
import { QueueNewsBoard } from './queue-news-board.js';
import { QueueStatusCourier } from './queue-status-courier.js';
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
    MaintenanceNotices,
    MatchCalloff,
    NewestConnections,
    PeerConnectionSweeper,
    PenaltySweeper,
    PlayerNotices,
    ProposalCourier,
    ReadyChecks,
    QueueNewsBoard,
    QueueStatusCourier,
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
    MaintenanceNotices,
    MatchCalloff,
    NewestConnections,
    PlayerNotices,
    ProposalCourier,
    ReadyChecks,
    QueueNewsBoard,
    QueueStatusCourier,
    ReportCourier,
    RulesModels,
    ServerFaults,
    StateFeed,
  ],
})
export class DeliveryModule {}
