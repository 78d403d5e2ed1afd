import { gameServers, matches, matchUpkeep } from '@ranked/store';
import { groupBy } from '../group-by.js';
import type { TickStep } from '../tick-context.js';

/** Matches handled in one tick; the rest follow in the next. */
const LIMIT = 1_000;

/**
 * `ready` matches that did not start in time, or whose server has been gone for longer than a heartbeat: players know
 * the address by now, so the match is not moved but called off. Its players go back into the queue with the wait they
 * had; those who are away leave it as any other entry of an absent player does.
 *
 * Not in the first moments of a process: while no master was there, no MatchStarted could arrive.
 */
export const callOffOverdueMatches: TickStep = async (context) => {
  const { tx, now, config, outcome } = context;
  if (!context.serversSettled) return;
  const due = await matchUpkeep.overdueReady(tx, { now, lostBefore: now - config.heartbeatMs, limit: LIMIT });
  for (const { id: matchId, serverId, attempt, isLost } of due) {
    const reason = isLost ? 'the game server is gone' : 'the match did not start in time';
    const players = await matches.cancel(tx, { matchId, state: 'ready', attempt, reason, requeue: 'all' });
    if (!players) continue;
    outcome.calledOff.push({ matchId, serverId, reason, players });
    if (!isLost) outcome.unstarted.push(serverId);
  }
  for (const serverId of restless(context.faults, outcome.unstarted)) {
    await gameServers.setFailed(tx, serverId, context.faults.restUntil(serverId, now));
  }
};

/** Those of `serverIds` that reach the number of unstarted matches with which a server rests. */
function restless(
  faults: { wouldRest(serverId: string, more: number): boolean },
  serverIds: readonly string[],
): string[] {
  return [...groupBy(serverIds, (id) => id)]
    .filter(([id, times]) => faults.wouldRest(id, times.length))
    .map(([id]) => id);
}
