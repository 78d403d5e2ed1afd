import { penalties, type Tx } from '@ranked/store';
import type { MasterConfig } from '../config/master-config.js';
import { raised, type CooldownRules } from './penalty.js';

/** Notes a fault of each of these accounts: their cooldowns begin now. */
export async function punish(tx: Tx, accountIds: readonly string[], config: MasterConfig): Promise<void> {
  if (accountIds.length === 0 || config.cooldownMs === 0) return;
  const now = tx.now();
  const rules = cooldownRules(config);
  await penalties.raise(tx, accountIds, (before) => raised(before, now, rules));
}

/** The settings of cooldowns. */
export function cooldownRules(config: MasterConfig): CooldownRules {
  return {
    baseMs: config.cooldownMs,
    factor: config.cooldownFactor,
    maxMs: config.cooldownMaxMs,
    halfLifeMs: config.cooldownHalfLifeMs,
  };
}
