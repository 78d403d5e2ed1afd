import { Inject, Injectable } from '@nestjs/common';
import { matches, type Match, type Store } from '@ranked/store';
import { Refusal } from '../channel/refusal.js';
import { AllowCourier } from '../matchmaking/allow-courier.js';
import { PlayerNotices } from '../matchmaking/player-notices.js';
import { ServerFaults } from '../matchmaking/server-faults.js';
import { StateFeed } from '../matchmaking/state-feed.js';
import { STORE } from '../store/store.module.js';
import { assertInForce } from './assert-in-force.js';

const REFUSALS = {
  unknown_match: 'there is no such match',
  not_yours: 'the match is not on this server',
  bad_state: 'the match is not waiting to be started',
} as const;

interface Marked {
  outcome: Awaited<ReturnType<typeof matches.markRunning>>;
  match: Match | null;
}

/** MatchStarted: `ready` becomes `running`, and the players are told. */
@Injectable()
export class MatchStarts {
  readonly counters = { started: 0, repeated: 0, refused: 0 };

  constructor(
    @Inject(STORE) private readonly store: Store,
    private readonly allows: AllowCourier,
    private readonly notices: PlayerNotices,
    private readonly feed: StateFeed,
    private readonly faults: ServerFaults,
  ) {}

  /**
   * Resolves after the commit.
   * @throws Refusal `unknown_match`, `not_yours`, `bad_state`, `revoked`
   */
  async accept(serverId: string, matchId: string): Promise<void> {
    let { outcome, match } = await this.mark(serverId, matchId);
    if (outcome === 'bad_state') {
      // A server may start a match right after its Ack, which then waits to be written.
      await this.allows.acksWritten();
      ({ outcome, match } = await this.mark(serverId, matchId));
    }
    if (outcome === 'duplicate') {
      this.counters.repeated += 1;
      return;
    }
    if (outcome !== 'running') {
      this.counters.refused += 1;
      throw new Refusal(outcome, REFUSALS[outcome]);
    }
    this.counters.started += 1;
    this.faults.started(serverId);
    if (!match) return;
    this.feed.handled(matchId, 'running');
    this.notices.started(
      matchId,
      match.startedAt ?? match.stateSince,
      match.players.map((player) => player.accountId),
    );
  }

  private mark(serverId: string, matchId: string): Promise<Marked> {
    return this.store.writeGrouped('match started', async (tx) => {
      await assertInForce(tx, serverId);
      const outcome = await matches.markRunning(tx, { matchId, serverId });
      return { outcome, match: outcome === 'running' ? await matches.byId(tx, matchId) : null };
    });
  }
}
