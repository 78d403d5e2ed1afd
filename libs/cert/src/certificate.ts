import { copyRange, requireLength } from './bytes.js';
import { CertError } from './cert-error.js';
import { isCanonicalSignature } from './signature.js';
import { uuidFromBytes, uuidToBytes } from './uuid.js';

/** Bytes of a certificate file. */
export const CERTIFICATE_LENGTH = 133;
/** Bytes from the beginning of the file that the signature covers. */
export const SIGNED_LENGTH = 69;
/** Bytes of a certificate without its secret: what a game server shows when it connects. */
export const PUBLIC_PART_LENGTH = 101;

/** The head ends where the secret begins. */
const HEAD_LENGTH = 37;
const VERSION = 1;
const MAGIC = [0x53, 0x32, 0x53, 0x43]; // "S2SC"

/** Everything in a certificate but its secret. */
export interface PublicCertificate {
  /** Canonical lower-case text. */
  uuid: string;
  /** Unix seconds. */
  issuedAt: number;
  /** Unix seconds; at this moment the certificate is no longer valid. */
  expiresAt: number;
  /** 64 bytes, Ed25519 by the master key over the first 69 bytes of the file. */
  signature: Uint8Array;
}

/** A whole certificate file. */
export interface Certificate extends PublicCertificate {
  /** 32 bytes that the master and one game server share. Never show them. */
  secret: Uint8Array;
}

/**
 * Reads a certificate file. Looks at the form alone: whether the signature is true is `verifyCertificate`'s part.
 *
 * @param bytes 133 bytes; the certificate does not keep them
 * @throws CertError `length`, `magic`, `version`, `dates`, `signature-form`, tried in this order
 */
export function decodeCertificate(bytes: Uint8Array): Certificate {
  requireLength(bytes, CERTIFICATE_LENGTH, 'length', 'a certificate');
  const head = decodeHead(bytes);
  const signature = copyRange(bytes, SIGNED_LENGTH, CERTIFICATE_LENGTH);
  requireSignatureForm(signature);
  return { ...head, secret: copyRange(bytes, HEAD_LENGTH, SIGNED_LENGTH), signature };
}

/**
 * Writes a certificate file, 133 bytes. What `decodeCertificate` would refuse is refused here too.
 *
 * @throws CertError `uuid`, `dates`, `key` (a secret that is not 32 bytes), `signature-form`
 */
export function encodeCertificate(certificate: Certificate): Uint8Array {
  const bytes = new Uint8Array(CERTIFICATE_LENGTH);
  bytes.set(signedBytes(certificate));
  requireSignatureForm(certificate.signature);
  bytes.set(certificate.signature, SIGNED_LENGTH);
  return bytes;
}

/**
 * Bytes 0 to 68 of the file: what the signature covers.
 *
 * @throws CertError `uuid`, `dates`, `key` (a secret that is not 32 bytes)
 */
export function signedBytes(certificate: Omit<Certificate, 'signature'>): Uint8Array {
  requireLength(certificate.secret, 32, 'key', 'secret');
  const bytes = new Uint8Array(SIGNED_LENGTH);
  bytes.set(encodeHead(certificate));
  bytes.set(certificate.secret, HEAD_LENGTH);
  return bytes;
}

/**
 * The certificate without its secret, 101 bytes: bytes 0 to 36 of the file, then the signature. It is the S2S credential of HELLO.
 *
 * @throws CertError `uuid`, `dates`, `signature-form`
 */
export function publicPart(certificate: PublicCertificate): Uint8Array {
  requireSignatureForm(certificate.signature);
  const bytes = new Uint8Array(PUBLIC_PART_LENGTH);
  bytes.set(encodeHead(certificate));
  bytes.set(certificate.signature, HEAD_LENGTH);
  return bytes;
}

/**
 * Reads what `publicPart` wrote. To verify it, add the secret from the database and call `verifyCertificate`.
 *
 * @param bytes 101 bytes; the result does not keep them
 * @throws CertError `length`, `magic`, `version`, `dates`, `signature-form`, tried in this order
 */
export function decodePublicPart(bytes: Uint8Array): PublicCertificate {
  requireLength(bytes, PUBLIC_PART_LENGTH, 'length', 'the public part of a certificate');
  const head = decodeHead(bytes);
  const signature = copyRange(bytes, HEAD_LENGTH, PUBLIC_PART_LENGTH);
  requireSignatureForm(signature);
  return { ...head, signature };
}

type Head = Omit<PublicCertificate, 'signature'>;

function decodeHead(bytes: Uint8Array): Head {
  if (MAGIC.some((byte, index) => bytes[index] !== byte)) {
    throw new CertError('magic', 'not a certificate: it does not begin with S2SC');
  }
  if (bytes[4] !== VERSION) {
    throw new CertError('version', `certificate version ${bytes[4]} is not supported, only ${VERSION}`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // Number() of an i64 rounds beyond 2^53; it never rounds a refused value into an accepted one.
  const issuedAt = Number(view.getBigInt64(21, true));
  const expiresAt = Number(view.getBigInt64(29, true));
  requireDates(issuedAt, expiresAt);
  return { uuid: uuidFromBytes(bytes.subarray(5, 21)), issuedAt, expiresAt };
}

function encodeHead({ uuid, issuedAt, expiresAt }: Head): Uint8Array {
  requireDates(issuedAt, expiresAt);
  const bytes = new Uint8Array(HEAD_LENGTH);
  bytes.set(MAGIC);
  bytes[4] = VERSION;
  bytes.set(uuidToBytes(uuid), 5);
  const view = new DataView(bytes.buffer);
  view.setBigInt64(21, BigInt(issuedAt), true);
  view.setBigInt64(29, BigInt(expiresAt), true);
  return bytes;
}

function requireDates(issuedAt: number, expiresAt: number): void {
  for (const date of [issuedAt, expiresAt]) {
    if (!Number.isSafeInteger(date) || date < 0) {
      throw new CertError('dates', 'a date must be a whole number of seconds from 0 to 2^53 - 1');
    }
  }
  if (expiresAt <= issuedAt) {
    throw new CertError('dates', 'a certificate must expire after it was issued');
  }
}

function requireSignatureForm(signature: Uint8Array): void {
  if (!isCanonicalSignature(signature)) {
    throw new CertError('signature-form', 'the signature must have 64 bytes and an S below the group order');
  }
}
