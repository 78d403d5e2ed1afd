import { matches, matchUpkeep } from '@ranked/store';
import type { MasterConfig } from '../../config/master-config.js';
import type { TickStep } from '../tick-context.js';

/** Matches handled in one tick; the rest follow in the next. */
const LIMIT = 1_000;

/**
 * Running matches nobody can finish any more: their server has been gone for `serverGraceMs`, or is back for three
 * heartbeats and does not name them (a result that waited for the connection would have come by then).
 */
export const abandonLostMatches: TickStep = async ({ tx, now, config, serversSettled, outcome }) => {
  if (!serversSettled) return;
  const lost = await matchUpkeep.lost(tx, {
    offlineBefore: now - config.serverGraceMs,
    unnamedBefore: now - unnamedGraceMs(config),
    limit: LIMIT,
  });
  if (lost.length === 0) return;
  outcome.abandoned.push(
    ...(await matches.abandon(tx, { matchIds: lost, reason: 'the game server lost the match' })),
  );
};

function unnamedGraceMs(config: MasterConfig): number {
  return Math.min(config.serverGraceMs, 3 * config.heartbeatMs);
}
