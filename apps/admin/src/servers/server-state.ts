import type { ServerOverview } from '@ranked/store';
import type { ServerState } from '../api/contract.js';

/** Heartbeats that may be missed before a server counts as silent, as the master sees it. */
const MISSED_HEARTBEATS = 3;

/** What a server's state depends on besides its row. */
export interface StateContext {
  /** Unix ms. */
  now: number;
  heartbeatMs: number;
  /** The key under which certificates count; null before there is one. */
  masterKeyId: string | null;
}

/** The one word for a server, what is worst first. */
export function serverState(
  server: ServerOverview,
  { now, heartbeatMs, masterKeyId }: StateContext,
): ServerState {
  const isOfOtherKey = masterKeyId !== null && server.masterKeyId !== masterKeyId;
  if (server.certificateRevokedAt !== null || isOfOtherKey) return 'revoked';
  if (server.certificateExpiresAt * 1000 <= now) return 'expired';
  if (!server.online) return 'offline';
  if (now - server.lastSeen > MISSED_HEARTBEATS * heartbeatMs) return 'silent';
  if (server.failedUntil !== null && server.failedUntil > now) return 'resting';
  if (server.drainingSince !== null) return 'draining';
  if (!server.accepting) return 'closed';
  return server.liveMatches >= server.capacity ? 'full' : 'online';
}

/** States in the order in which an operator wants to see them. */
export const STATES_BY_TROUBLE: readonly ServerState[] = [
  'silent',
  'resting',
  'expired',
  'revoked',
  'closed',
  'draining',
  'full',
  'online',
  'offline',
];
