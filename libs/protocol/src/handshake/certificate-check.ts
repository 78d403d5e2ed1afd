import type { KeyObject } from 'node:crypto';
import { CLOCK_TOLERANCE_SECONDS } from '@ranked/cert';

import { verifyMessage } from '../ed25519.js';
import { RefusalStatus } from './refusal.js';

/*
 * The S2S credential, the certificate file without its secret:
 *
 *   0  "S2SC" │ 4  version u8 = 1 │ 5  uuid 16 │ 21  issued_at i64 s │ 29  expires_at i64 s │ 37  signature 64
 */
const PREFIX = Buffer.from('S2SC\x01', 'latin1');
const UUID_OFFSET = 5;
const ISSUED_AT_OFFSET = 21;
const EXPIRES_AT_OFFSET = 29;
const SIGNATURE_OFFSET = 37;

/** How long before `issued_at` a certificate is taken, for a master whose clock is behind the issuer's. */
const EARLY_MS = CLOCK_TOLERANCE_SECONDS * 1000;

/** The 16 bytes of the certificate's UUID. */
export function certificateUuid(credential: Buffer): Buffer {
  return credential.subarray(UUID_OFFSET, ISSUED_AT_OFFSET);
}

/**
 * What is wrong with a certificate, in the order in which the master looks: signature, revocation, dates.
 * @param credential 101 bytes as above
 * @param secret the 32 bytes between, which the master has from its database
 */
export function certificateRefusal(
  credential: Buffer,
  secret: Uint8Array,
  revoked: boolean,
  masterKey: KeyObject,
  nowMs: number,
): RefusalStatus | undefined {
  const signed = Buffer.concat([credential.subarray(0, SIGNATURE_OFFSET), secret]);
  if (
    !credential.subarray(0, PREFIX.length).equals(PREFIX) ||
    !verifyMessage(masterKey, signed, credential.subarray(SIGNATURE_OFFSET))
  ) {
    return RefusalStatus.NotSigned;
  }
  if (revoked) return RefusalStatus.Revoked;
  const issuedAt = Number(credential.readBigInt64LE(ISSUED_AT_OFFSET));
  const expiresAt = Number(credential.readBigInt64LE(EXPIRES_AT_OFFSET));
  const wellFormed = issuedAt >= 0 && expiresAt > issuedAt;
  if (!wellFormed || nowMs < issuedAt * 1000 - EARLY_MS || nowMs >= expiresAt * 1000)
    return RefusalStatus.Expired;
  return undefined;
}
