import type { ReadTx } from '../sql/tx.js';

/**
 * The condition (SQL) that a certificate `c` is in force: not revoked, not expired, signed by the present master key.
 * @param now the parameter that holds {@link presentSecond}
 */
export function inForce(now: string): string {
  return `c.revoked_at IS NULL AND c.expires_at > ${now} AND c.master_key_id = coalesce(
    (SELECT k.value FROM setting k WHERE k.key = 'master_key_id'), c.master_key_id)`;
}

/** Dates of certificates are Unix seconds. */
export function presentSecond(tx: ReadTx): number {
  return Math.floor(tx.now() / 1000);
}
