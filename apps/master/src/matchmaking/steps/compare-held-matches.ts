import { matchUpkeep } from '@ranked/store';
import { groupBy } from '../group-by.js';
import type { TickContext, TickStep } from '../tick-context.js';

/** Strays of one server that are answered per tick; a server that names more gets to know with its next heartbeat. */
const STRAYS_PER_TICK = 50;

/**
 * Compares what each server said it holds with the rows. A match that it holds and should not is to be cancelled
 * there. A running match that it does not name is marked as lost (it may still be sending the result, so it is not
 * given up at once), one that it names again is not lost. A `ready` match that it does not name was forgotten in a
 * restart: it is sent again.
 */
export const compareHeldMatches: TickStep = async (context) => {
  const { tx, inputs } = context;
  const heard = inputs.presence.held;
  if (heard.length === 0) return;
  const live = await matchUpkeep.liveOnServers(
    tx,
    heard.map((held) => held.serverId),
  );
  const rowsOf = groupBy(live, (row) => row.serverId);
  const lost: string[] = [];
  const found: string[] = [];
  const forgotten: string[] = [];
  const unknown: { serverId: string; matchId: string }[] = [];
  for (const { serverId, matchIds, at } of heard) {
    const held = new Set(matchIds);
    for (const row of rowsOf.get(serverId) ?? []) {
      if (held.delete(row.id)) {
        if (row.serverLostAt !== null) found.push(row.id);
      } else if (row.state === 'running' && row.stateSince < at) {
        if (row.serverLostAt === null) lost.push(row.id);
      } else if (row.state === 'ready' && row.stateSince < at) {
        forgotten.push(row.id);
      }
    }
    for (const matchId of [...held].slice(0, STRAYS_PER_TICK)) unknown.push({ serverId, matchId });
  }
  if (lost.length > 0) await matchUpkeep.markLost(tx, lost);
  if (found.length > 0) await matchUpkeep.clearLost(tx, found);
  if (forgotten.length > 0) await matchUpkeep.forgetAllowed(tx, forgotten);
  await nameStrays(context, unknown);
};

/**
 * A finished match that its own server still names is no stray: the Ack of its result is on its way. Neither is one
 * of another server's rows told apart from one that does not exist, so nothing is learned by naming ids.
 */
async function nameStrays(
  { tx, outcome }: TickContext,
  unknown: readonly { serverId: string; matchId: string }[],
): Promise<void> {
  if (unknown.length === 0) return;
  const finished = await matchUpkeep.finishedAmong(
    tx,
    unknown.map((one) => one.matchId),
  );
  const own = new Set(finished.map((row) => `${row.serverId} ${row.id}`));
  for (const { serverId, matchId } of unknown) {
    if (own.has(`${serverId} ${matchId}`)) continue;
    outcome.stray.push({ serverId, matchId, reason: 'this server does not hold the match' });
  }
}
