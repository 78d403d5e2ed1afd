import { Inject, Injectable } from '@nestjs/common';
import { matchDeliveries, matchProposals, type Store } from '@ranked/store';
import { ConnectionRegistry } from '../channel/connection-registry.js';
import { Clock } from '../clock/clock.js';
import { LOGGER, type Logger } from '../logging/logger.js';
import { ReportCourier } from '../results/report-courier.js';
import { STORE } from '../store/store.module.js';
import { AllowCourier } from './allow-courier.js';
import { Batcher } from './batcher.js';
import { FoundCourier } from './found-courier.js';
import { NewestConnections } from './newest-connections.js';
import { PlayerNotices } from './player-notices.js';
import { ProposalCourier } from './proposal-courier.js';

/** Players handled in one transaction. */
const PLAYERS_PER_BATCH = 500;
/** A player who asks again and again is routed back at most once in this time, ms. */
const ROUTE_BACK_PAUSE_MS = 1_000;

/**
 * Players who come, or come back: one who is in a live match gets a new join token and is routed back to it, or is asked
 * again whether he is ready; and he is told what ended while he was away. His old token is void as soon as the server has
 * acknowledged the new one.
 */
@Injectable()
export class Arrivals {
  readonly counters = { routedBack: 0 };
  private readonly batches: Batcher<string>;
  private readonly routedAt = new WeakMap<object, number>();
  /** Players who were routed back and not told of it yet: the Ack they wait for may come to another node. */
  private readonly routed = new Set<string>();

  constructor(
    @Inject(STORE) private readonly store: Store,
    private readonly registry: ConnectionRegistry,
    private readonly newest: NewestConnections,
    private readonly allows: AllowCourier,
    private readonly found: FoundCourier,
    private readonly proposals: ProposalCourier,
    private readonly notices: PlayerNotices,
    private readonly reports: ReportCourier,
    private readonly clock: Clock,
    @Inject(LOGGER) log: Logger,
  ) {
    this.batches = new Batcher(
      (ids) => this.work(ids),
      PLAYERS_PER_BATCH,
      (err) => log.error({ err }, 'players were not routed back'),
    );
    registry.onOpen((connection) => {
      if (connection.peer.kind !== 'player') return;
      this.routedAt.set(connection, this.clock.now());
      this.batches.add([connection.peer.accountId]);
    });
  }

  /** The player asked for a match while he is in one: he is sent to it again, but not more often than once a second. */
  routeBack(accountId: string): void {
    const connection = this.registry.player(accountId);
    if (!connection) return;
    const now = this.clock.now();
    if (now - (this.routedAt.get(connection) ?? 0) < ROUTE_BACK_PAUSE_MS) return;
    this.routedAt.set(connection, now);
    this.batches.add([accountId]);
  }

  /** Tells those of the players routed back who can be told by now, and tries again what failed. */
  async follow(): Promise<void> {
    this.batches.kick();
    for (const id of this.routed) if (!this.registry.player(id)?.isOpen) this.routed.delete(id);
    if (this.routed.size === 0) return;
    const asked = [...this.routed];
    const untold = await this.store.read((tx) => matchDeliveries.untold(tx, asked));
    const waiting = new Set(untold.map(({ accountId }) => accountId));
    for (const id of asked) if (!waiting.has(id)) this.routed.delete(id);
    this.found.tell(untold.map(({ matchId }) => matchId));
  }

  /** Resolves when everybody who came is served. */
  idle(): Promise<void> {
    return this.batches.idle();
  }

  private async work(accountIds: string[]): Promise<void> {
    const { connections, bumped, checks } = await this.store.writeGrouped('arrivals', async (tx) => ({
      connections: await this.newest.notePlayers(tx, accountIds),
      bumped: await matchDeliveries.bumpTokens(tx, accountIds),
      checks: await matchProposals.openOf(tx, accountIds),
    }));
    this.newest.committed(connections);
    this.counters.routedBack += bumped.length;
    for (const { accountId } of bumped) this.routed.add(accountId);
    if (bumped.length > 0) this.allows.kick();
    this.proposals.tell(checks);
    this.notices.tell(accountIds);
    this.reports.tell(accountIds);
  }
}
