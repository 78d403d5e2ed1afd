import { requireLength } from './bytes.js';
import { signedBytes, type Certificate } from './certificate.js';
import { signMessage } from './signature.js';
import { uuidFromBytes } from './uuid.js';

/** What a certificate is made of. */
export interface CertificateRequest {
  /** 32 bytes, the private key of the master. */
  masterSeed: Uint8Array;
  /** Canonical lower-case text. */
  uuid: string;
  /** Unix seconds. */
  issuedAt: number;
  /** Unix seconds, after `issuedAt`. */
  expiresAt: number;
  /** 32 random bytes that no other certificate has. */
  secret: Uint8Array;
}

/**
 * Makes and signs a certificate. The same request always gives the same certificate.
 *
 * @throws CertError `key`, `uuid`, `dates`
 */
export function issueCertificate(request: CertificateRequest): Certificate {
  const { masterSeed, uuid, issuedAt, expiresAt } = request;
  requireLength(request.secret, 32, 'key', 'secret');
  const fields = { uuid, issuedAt, expiresAt, secret: new Uint8Array(request.secret) };
  return { ...fields, signature: signMessage(signedBytes(fields), masterSeed) };
}

/**
 * The two random parts of a certificate: a UUID of version 4 (RFC 9562 §5.4) and a 32-byte secret.
 *
 * @param randomBytes gives `n` bytes of a cryptographic random source; called for 16, then for 32
 * @throws CertError `uuid` or `key` if the source gives another number of bytes
 */
export function randomCertificateFields(randomBytes: (n: number) => Uint8Array): {
  uuid: string;
  secret: Uint8Array;
} {
  const source = randomBytes(16);
  requireLength(source, 16, 'uuid', 'the random bytes of the uuid');
  const id = new Uint8Array(source);
  id[6] = ((id[6] ?? 0) & 0x0f) | 0x40;
  id[8] = ((id[8] ?? 0) & 0x3f) | 0x80;
  const secret = randomBytes(32);
  requireLength(secret, 32, 'key', 'the random bytes of the secret');
  return { uuid: uuidFromBytes(id), secret: new Uint8Array(secret) };
}
