import { certificates, settings, type ReadTx } from '@ranked/store';
import { Refusal } from '../channel/refusal.js';

/**
 * Refuses what a server says about a match unless its certificate is in force in this very transaction. Its channel
 * ends within a second of a revocation; nothing it says in that second counts either.
 *
 * @throws Refusal `revoked`
 */
export async function assertInForce(tx: ReadTx, serverId: string): Promise<void> {
  const certificate = await certificates.byUuid(tx, serverId);
  const keyId = await settings.masterKeyId(tx);
  const inForce =
    certificate !== null &&
    certificate.revokedAt === null &&
    certificate.expiresAt * 1000 > tx.now() &&
    (keyId === null || certificate.masterKeyId === keyId);
  if (!inForce) throw new Refusal('revoked', 'the certificate is not in force any more');
}
