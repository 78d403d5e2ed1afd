import { certificates, type ReadTx } from '@ranked/store';
import { Refusal } from '../channel/refusal.js';

/**
 * Refuses what a server says about a match unless its certificate is in force in this very transaction. Its channel
 * ends within a second of a revocation; nothing it says in that second counts either.
 *
 * @throws Refusal `revoked`
 */
export async function assertInForce(tx: ReadTx, serverId: string): Promise<void> {
  const inForce = await certificates.isInForce(tx, serverId);
  if (!inForce) throw new Refusal('revoked', 'the certificate is not in force any more');
}
