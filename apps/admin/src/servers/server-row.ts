import type { ServerOverview, ServerRecord } from '@ranked/store';
import type { ServerRow, ServerTrust } from '../api/contract.js';
import { oneLine } from './one-line.js';
import { serverState, type StateContext } from './server-state.js';

/** Below this many finished matches nothing is said of a server. */
const ENOUGH_FINISHED = 10;
/** More than this part of its matches lost: it is to be watched. */
const WATCH_SHARE = 0.1;

/** A server as lists show it. */
export function serverRow(
  server: ServerOverview,
  record: ServerRecord | undefined,
  context: StateContext,
): ServerRow {
  return {
    id: server.id,
    name: server.name,
    state: serverState(server, context),
    region: oneLine(server.region),
    build: oneLine(server.build),
    address: server.host.includes(':') ? `[${server.host}]:${server.port}` : `${server.host}:${server.port}`,
    nodeId: server.nodeId,
    load: server.load,
    players: server.players,
    capacity: server.capacity,
    matches: server.liveMatches,
    queues: server.queues,
    lastSeen: server.lastSeen,
    connectedAt: server.connectedAt,
    certificateExpiresAt: server.certificateExpiresAt * 1000,
    trust: trustOf(server, record, context.now),
  };
}

/** What a server's record says. Cancelled matches are shown and do not count: players cancel most of them. */
export function trustOf(
  { failedUntil, onProbation: probation }: Pick<ServerOverview, 'failedUntil' | 'onProbation'>,
  record: ServerRecord | undefined,
  now: number,
): ServerTrust {
  const { finished, abandoned, cancelled } = record ?? { finished: 0, abandoned: 0, cancelled: 0 };
  const restingUntil = failedUntil !== null && failedUntil > now ? failedUntil : null;
  const judged = { restingUntil, probation, finished, abandoned, cancelled };
  if (restingUntil !== null) return { level: 'resting', ...judged };
  if (finished + abandoned >= ENOUGH_FINISHED && abandoned > WATCH_SHARE * (finished + abandoned))
    return { level: 'watch', ...judged };
  return { level: finished < ENOUGH_FINISHED ? 'new' : 'good', ...judged };
}
