import { Inject, Injectable } from '@nestjs/common';
import {
  matches,
  queue,
  type Match,
  type MatchPlayer,
  type MatchState,
  type Store,
  type Tx,
} from '@ranked/store';
import { MasterConfig } from '../config/master-config.js';
import { punish } from '../penalties/punish.js';
import { STORE } from '../store/store.module.js';
import type { CalledOffMatch } from './called-off-match.js';
import { CancelCourier } from './cancel-courier.js';
import { PlayerNotices } from './player-notices.js';
import { StateFeed } from './state-feed.js';

/** What came of a player's wish to leave. */
export type LeaveOutcome = 'left' | 'not_queued' | 'match_called_off' | 'match_running';

/** Ends matches that will not be played, and tells everybody concerned after the commit. */
@Injectable()
export class MatchCalloff {
  readonly counters = { byLeaver: 0, byOperator: 0 };

  constructor(
    @Inject(STORE) private readonly store: Store,
    private readonly notices: PlayerNotices,
    private readonly cancels: CancelCourier,
    private readonly feed: StateFeed,
    private readonly config: MasterConfig,
  ) {}

  /**
   * Takes a player out of the queue. If he is in a match that has not started, the match is called off: it cannot be
   * played without him. The others go back into the queue with the wait they had, he does not; and if he knew of the match, he
   * has a cooldown. A running match is not left this way.
   */
  async byLeaver(accountId: string): Promise<LeaveOutcome> {
    const { outcome, calledOff } = await this.store.writeGrouped('leave queue', async (tx) =>
      leaveMatch(tx, accountId, this.config),
    );
    if (calledOff) {
      this.counters.byLeaver += 1;
      this.announce(calledOff);
    }
    return outcome;
  }

  /** An operator had the match cancelled on its server. Before the start its players wait again, afterwards they are free. */
  async byOperator(serverId: string, matchId: string, reason: string): Promise<void> {
    const calledOff = await this.store.writeGrouped(
      'cancel match',
      async (tx): Promise<CalledOffMatch | undefined> => {
        const match = await matches.byId(tx, matchId);
        if (match?.serverId !== serverId || !isLive(match.state)) return undefined;
        const requeue = match.state === 'running' ? 'none' : 'all';
        const players = await matches.cancel(tx, {
          matchId,
          state: match.state,
          attempt: match.attempt,
          reason,
          requeue,
        });
        return players ? { matchId, serverId, reason, players } : undefined;
      },
    );
    if (!calledOff) return;
    this.counters.byOperator += 1;
    this.tellPlayers(calledOff);
  }

  /** Tells the players and the server of a match that was called off; to be called after its commit. */
  announce(calledOff: CalledOffMatch): void {
    this.tellPlayers(calledOff);
    const { serverId, matchId, reason } = calledOff;
    if (serverId !== undefined) this.cancels.send(serverId, matchId, reason);
  }

  private tellPlayers(calledOff: CalledOffMatch): void {
    this.feed.handled(calledOff.matchId, 'cancelled');
    this.notices.calledOff(calledOff);
  }
}

/**
 * Takes a player out of the queue, or calls off his match that has not started, in a transaction of the caller's, who announces
 * it after the commit.
 */
export async function leaveMatch(
  tx: Tx,
  accountId: string,
  config: MasterConfig,
): Promise<{ outcome: LeaveOutcome; calledOff?: CalledOffMatch }> {
  if (await queue.leave(tx, accountId)) return { outcome: 'left' };
  const live = await matches.liveForAccount(tx, accountId);
  if (!live) return { outcome: 'not_queued' };
  const { id: matchId, serverId, state, attempt } = live.match;
  if (state !== 'checking' && state !== 'reserving' && state !== 'ready') return { outcome: 'match_running' };
  const reason = state === 'checking' ? 'a player was not ready' : 'a player left';
  const others = live.match.players.map((player) => player.accountId).filter((id) => id !== accountId);
  const players = await matches.cancel(tx, { matchId, state, attempt, reason, requeue: others });
  // On PostgreSQL the match can have moved on since it was read.
  if (!players) return leaveMatch(tx, accountId, config);
  if (isAtFault(live)) await punish(tx, [accountId], config);
  const calledOff = { matchId, reason, players, ...(state !== 'checking' && { serverId }) };
  return { outcome: 'match_called_off', calledOff };
}

/** Not who never heard of the match, nor who leaves one whose server is gone. */
function isAtFault({ match, player }: { match: Match; player: MatchPlayer }): boolean {
  const knew =
    player.proposedAt !== null ||
    player.answer !== null ||
    player.foundSentAt !== null ||
    player.tokenGeneration > 0;
  return knew && match.serverLostAt === null;
}

function isLive(state: MatchState): state is (typeof matches.LIVE_STATES)[number] {
  return (matches.LIVE_STATES as readonly MatchState[]).includes(state);
}
