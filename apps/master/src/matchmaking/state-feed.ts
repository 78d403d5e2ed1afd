import { Inject, Injectable } from '@nestjs/common';
import { matchDeliveries, type Match, type Store } from '@ranked/store';
import { ConnectionRegistry } from '../channel/connection-registry.js';
import { Clock } from '../clock/clock.js';
import { ReportCourier } from '../results/report-courier.js';
import { STORE } from '../store/store.module.js';
import { CancelCourier } from './cancel-courier.js';
import { FoundCourier } from './found-courier.js';
import { PlayerNotices } from './player-notices.js';
import { ProposalCourier } from './proposal-courier.js';
import { ServerFaults } from './server-faults.js';

/** A change is stamped before its commit: each look reaches back this far beyond the last one, ms. */
const OVERLAP_MS = 3_000;
/** Matches read at once. */
const CHUNK = 200;

/**
 * Pushes that follow from rows, whoever wrote them: another node, or this one just before a push failed. What this
 * process has pushed by itself is noted with {@link handled} and not read again.
 */
@Injectable()
export class StateFeed {
  readonly counters = { followed: 0 };
  /** `id state` of changes that were dealt with → when, Unix ms; kept as long as they can be seen again. */
  private readonly seen = new Map<string, number>();
  private lookedAt: number | undefined;

  constructor(
    @Inject(STORE) private readonly store: Store,
    private readonly registry: ConnectionRegistry,
    private readonly notices: PlayerNotices,
    private readonly proposals: ProposalCourier,
    private readonly found: FoundCourier,
    private readonly cancels: CancelCourier,
    private readonly reports: ReportCourier,
    private readonly faults: ServerFaults,
    private readonly clock: Clock,
  ) {}

  /** The change was pushed by who made it. */
  handled(matchId: string, state: Match['state']): void {
    this.seen.set(`${matchId} ${state}`, this.clock.now());
  }

  /** Looks for changes since the last look and pushes what they mean to players and servers connected here. */
  async follow(): Promise<void> {
    const now = this.clock.now();
    const since = (this.lookedAt ?? now) - OVERLAP_MS;
    const changed = await this.store.read((tx) => matchDeliveries.changedSince(tx, since));
    const fresh = changed.filter(({ id, state }) => !this.seen.has(`${id} ${state}`));
    for (let i = 0; i < fresh.length; i += CHUNK) {
      const ids = fresh.slice(i, i + CHUNK).map(({ id }) => id);
      const matches = await this.store.read((tx) => matchDeliveries.byIds(tx, ids));
      for (const match of matches) this.push(match);
    }
    for (const { id, state } of fresh) this.seen.set(`${id} ${state}`, now);
    this.lookedAt = now;
    for (const [key, at] of this.seen) if (at < since - OVERLAP_MS) this.seen.delete(key);
  }

  private push(match: Match): void {
    if (match.state === 'ready') this.faults.acknowledged(match.serverId);
    else if (match.state === 'running') this.faults.started(match.serverId);
    else if (match.state === 'cancelled')
      this.cancels.send(match.serverId, match.id, match.endReason ?? 'cancelled');
    const here = match.players.map((player) => player.accountId).filter((id) => this.registry.player(id));
    if (here.length === 0) return;
    this.counters.followed += 1;
    if (match.state === 'checking') this.proposals.tell([match.id]);
    else if (match.state === 'ready') this.found.tell([match.id]);
    else if (match.state === 'running')
      this.notices.started(match.id, match.startedAt ?? match.stateSince, here);
    else if (match.state === 'finished' || match.state === 'abandoned') this.reports.tell(here);
    else if (match.state === 'cancelled') {
      const players = match.players.map(({ accountId, requeued }) => ({
        accountId,
        requeued: requeued === true,
      }));
      this.notices.calledOff({ matchId: match.id, reason: match.endReason ?? 'cancelled', players });
    }
  }
}
