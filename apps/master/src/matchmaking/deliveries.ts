import { Injectable } from '@nestjs/common';
import { AllowCourier } from './allow-courier.js';
import { Arrivals } from './arrivals.js';
import { CancelCourier } from './cancel-courier.js';
import { FoundCourier } from './found-courier.js';
import { MatchCalloff } from './match-calloff.js';
import { MaintenanceNotices } from './maintenance-notices.js';
import { NewestConnections } from './newest-connections.js';
import { PlayerNotices } from './player-notices.js';
import { ProposalCourier } from './proposal-courier.js';
import { ReportCourier } from '../results/report-courier.js';
import { PartyCourier } from '../parties/party-courier.js';
import { PartyUpkeep } from '../parties/party-upkeep.js';
import { QueueNewsBoard } from './queue-news-board.js';
import { QueueStatusCourier } from './queue-status-courier.js';
import { StateFeed } from './state-feed.js';
import type { TickOutcome } from './tick-outcome.js';

/** Everything that is sent because of what a tick committed. */
@Injectable()
export class Deliveries {
  constructor(
    private readonly newest: NewestConnections,
    private readonly proposals: ProposalCourier,
    private readonly allows: AllowCourier,
    private readonly cancels: CancelCourier,
    private readonly found: FoundCourier,
    private readonly arrivals: Arrivals,
    private readonly notices: PlayerNotices,
    private readonly reports: ReportCourier,
    private readonly calloff: MatchCalloff,
    private readonly feed: StateFeed,
    private readonly maintenance: MaintenanceNotices,
    private readonly partyNews: PartyCourier,
    private readonly partyUpkeep: PartyUpkeep,
    private readonly queueNews: QueueNewsBoard,
    private readonly statuses: QueueStatusCourier,
  ) {}

  /** Starts sending; to be called after the commit. Also tries again whatever failed before. */
  async after(outcome: TickOutcome): Promise<void> {
    for (const calledOff of outcome.calledOff) this.calloff.announce(calledOff);
    for (const { serverId, matchId, reason } of outcome.stray) this.cancels.send(serverId, matchId, reason);
    for (const matchId of outcome.proposed) this.feed.handled(matchId, 'checking');
    this.proposals.tell(outcome.proposed);
    this.proposals.kick();
    this.allows.kick();
    this.found.kick();
    this.notices.kick();
    this.reports.kick();
    await this.arrivals.follow();
    await this.feed.follow();
    await this.proposals.follow();
    await this.maintenance.follow();
    await this.partyUpkeep.follow();
    this.queueNews.note(outcome.news);
    this.statuses.kick();
  }

  /** Resolves when nothing that was sent waits for its answer, and nothing waits to be sent. */
  async idle(): Promise<void> {
    // In the order in which one sets off the next.
    await this.newest.idle();
    await this.arrivals.idle();
    await this.proposals.idle();
    await this.allows.idle();
    await this.found.idle();
    await this.notices.idle();
    await this.reports.idle();
    await this.cancels.idle();
    await this.partyNews.idle();
    await this.statuses.idle();
  }
}
