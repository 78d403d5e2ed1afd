import { gameServers, matches, matchUpkeep, type Candidate } from '@ranked/store';
import { groupBy } from '../group-by.js';
import { reservingUntil, silenceMs } from '../deadlines.js';
import type { TickContext, TickStep } from '../tick-context.js';

/** Servers a match is tried on before its players go back into the queue. */
const MAX_ATTEMPTS = 4;

/** Matches handled in one tick; the rest follow in the next. */
const LIMIT = 1_000;

/**
 * Matches whose server did not acknowledge them in time, refused them, or is gone: each goes to another server that has
 * room, never to one that it was on before; without such a server its players wait on, as long as they did. A match whose players
 * are still asked whether they are ready moves as well; without another server it stays, its own may be back by then.
 */
export const moveReservingMatches: TickStep = async (context) => {
  const { tx, now, inputs, outcome } = context;
  const refused = new Map(inputs.refused.map((one) => [one.matchId, one]));
  const due = await matchUpkeep.toMove(tx, { now, refused: [...refused.keys()], limit: LIMIT });
  const concerned = due.filter((match) => {
    const refusal = refused.get(match.id);
    // A refusal of an earlier attempt says nothing of the present server.
    return match.isOverdue || (refusal?.attempt === match.attempt && refusal.serverId === match.serverId);
  });
  for (const serverId of new Set(
    concerned.filter((match) => match.isOnline).map((match) => match.serverId),
  )) {
    await gameServers.setFailed(tx, serverId, context.faults.restUntil(serverId, now));
    outcome.failedServers.push(serverId);
  }
  for (const [queue, ofQueue] of groupBy(concerned, (match) => match.queue))
    await moveAll(context, queue, ofQueue);
};

async function moveAll(
  { tx, now, config, masterKeyId, outcome }: TickContext,
  queue: string,
  moving: readonly matchUpkeep.MovableMatch[],
): Promise<void> {
  const servers = await gameServers.candidates(tx, {
    queue,
    masterKeyId,
    seenSince: now - silenceMs(config),
  });
  // Those on probation come last: a match that moves has waited long enough for a server that takes it.
  const usable = servers.filter(({ failedLately }) => failedLately !== true);
  const room = roomOf(usable.filter(({ probation }) => probation !== true));
  const uncertain = roomOf(usable.filter(({ probation }) => probation === true));
  for (const match of moving) {
    const tried = new Set([match.serverId, ...match.previousServers]);
    const toServerId =
      match.attempt < MAX_ATTEMPTS ? (roomiest(room, tried) ?? roomiest(uncertain, tried)) : undefined;
    if (toServerId !== undefined) {
      const moved = await matches.reassign(tx, {
        matchId: match.id,
        attempt: match.attempt,
        toServerId,
        reserveExpiresAt: reservingUntil(config, now),
      });
      if (!moved) continue;
      const from = room.has(toServerId) ? room : uncertain;
      from.set(toServerId, (from.get(toServerId) ?? 1) - 1);
      outcome.moved += 1;
      if (match.state === 'checking') continue;
      outcome.stray.push({
        serverId: match.serverId,
        matchId: match.id,
        reason: 'the match went to another server',
      });
      continue;
    }
    if (match.state === 'checking') continue;
    const reason = 'no game server took the match';
    const players = await matches.cancel(tx, {
      matchId: match.id,
      state: 'reserving',
      attempt: match.attempt,
      reason,
      requeue: 'all',
    });
    if (players) outcome.calledOff.push({ matchId: match.id, serverId: match.serverId, reason, players });
  }
}

function roomOf(servers: readonly Candidate[]): Map<string, number> {
  return new Map(servers.map(({ id, free }) => [id, free]));
}

/** The server with most room that is not among `tried`; the first of equals. */
function roomiest(room: ReadonlyMap<string, number>, tried: ReadonlySet<string>): string | undefined {
  let best: string | undefined;
  let most = 0;
  for (const [serverId, free] of room) {
    if (free > most && !tried.has(serverId)) [best, most] = [serverId, free];
  }
  return best;
}
