import { signedBytes, type Certificate } from './certificate.js';
import { verifySignature } from './signature.js';

/** Seconds before `issuedAt` from which a certificate is taken: clocks of honest machines differ. */
export const CLOCK_TOLERANCE_SECONDS = 120;

/** What a certificate is worth by itself; whether it was revoked only the master's database knows. */
export type CertificateStatus = 'valid' | 'not-yet-valid' | 'expired' | 'bad-signature';

/**
 * Whether the master key signed this certificate. Strict: a signature with S ≥ L is false.
 *
 * @param masterPublicKey 32 bytes
 * @throws CertError `key` for a public key of another size; `uuid`, `dates`, `key` for fields that no certificate can have
 */
export function verifyCertificate(certificate: Certificate, masterPublicKey: Uint8Array): boolean {
  return verifySignature(signedBytes(certificate), certificate.signature, masterPublicKey);
}

/**
 * The status of a certificate at a moment. It is valid while `issuedAt` − 120 ≤ `now` < `expiresAt`.
 * A bad signature outweighs the dates, which then mean nothing; without a public key the signature is not looked at.
 *
 * @param options.now Unix seconds, fractions allowed
 * @throws CertError as `verifyCertificate`
 */
export function certificateStatus(
  certificate: Certificate,
  options: { masterPublicKey?: Uint8Array | undefined; now: number },
): CertificateStatus {
  const { masterPublicKey, now } = options;
  if (masterPublicKey !== undefined && !verifyCertificate(certificate, masterPublicKey))
    return 'bad-signature';
  if (now >= certificate.expiresAt) return 'expired';
  // Written so that a NaN clock is not "valid".
  return now >= certificate.issuedAt - CLOCK_TOLERANCE_SECONDS ? 'valid' : 'not-yet-valid';
}
