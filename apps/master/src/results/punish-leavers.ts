import { certificates, leaveFaults, type Tx } from '@ranked/store';
import type { MasterConfig } from '../config/master-config.js';
import { punish } from '../penalties/punish.js';

/** How long a certificate must have been known before its server's word costs anybody anything, ms. */
export const PROBATION_MS = 24 * 3_600_000;
/** Players punished on the word of one server within one half-life of penalties. */
export const LEAVERS_PER_SERVER = 100;

/**
 * Punishes players for having left a match, as far as its server is believed. A server may lie: a new one is not believed, no
 * server makes one player's penalty rise more than once in a half-life, nor that of more than so many players. One lying
 * server can thus hold a player at a level below 1 before each fault, and cost him less than the second cooldown each time.
 */
export async function punishLeavers(
  tx: Tx,
  serverId: string,
  accountIds: readonly string[],
  config: MasterConfig,
): Promise<void> {
  if (accountIds.length === 0) return;
  const now = tx.now();
  const certificate = await certificates.byUuid(tx, serverId);
  if (!certificate || now - certificate.createdAt < PROBATION_MS) return;
  const since = now - config.cooldownHalfLifeMs;
  const before = await leaveFaults.byServer(tx, { serverId, since, among: accountIds });
  const already = new Set(before.accountIds);
  const room = Math.max(0, LEAVERS_PER_SERVER - before.count);
  const believed = accountIds.filter((id) => !already.has(id)).slice(0, room);
  if (believed.length === 0) return;
  await leaveFaults.note(tx, serverId, believed);
  await punish(tx, believed, config);
}
