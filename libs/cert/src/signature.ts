import nacl from 'tweetnacl';
import { requireLength, toHex } from './bytes.js';

/** The order of the base point's group, 2^252 + 27742317777372353535851937790883648493, little-endian (RFC 8032 §5.1). */
const GROUP_ORDER = Uint8Array.of(
  ...[0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14],
  ...[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10],
);

/**
 * Whether a signature is 64 bytes whose second half, S, is below the group order (RFC 8032 §5.1.7, step 1).
 * Without this check S + L is a second valid signature of the same message, and tweetnacl does not make it.
 */
export function isCanonicalSignature(signature: Uint8Array): boolean {
  if (!(signature instanceof Uint8Array) || signature.length !== 64) return false;
  for (let index = 31; index >= 0; index--) {
    const byte = signature[32 + index] ?? 0;
    const limit = GROUP_ORDER[index] ?? 0;
    if (byte !== limit) return byte < limit;
  }
  return false;
}

/**
 * Whether `signature` is a strict Ed25519 signature of `message`: as RFC 8032 says, and nothing that has a second form.
 *
 * @throws CertError `key` unless `publicKey` has 32 bytes
 */
export function verifySignature(message: Uint8Array, signature: Uint8Array, publicKey: Uint8Array): boolean {
  requireLength(publicKey, 32, 'key', 'publicKey');
  return isCanonicalSignature(signature) && nacl.sign.detached.verify(message, signature, publicKey);
}

/** The 64-byte Ed25519 signature of `message` by the private key that `seed` (32 bytes) stands for. */
export function signMessage(message: Uint8Array, seed: Uint8Array): Uint8Array {
  requireLength(seed, 32, 'key', 'seed');
  return nacl.sign.detached(message, nacl.sign.keyPair.fromSeed(seed).secretKey);
}

/**
 * The 32-byte Ed25519 public key of a 32-byte seed (RFC 8032 calls the seed the private key).
 *
 * @throws CertError `key` unless `seed` has 32 bytes
 */
export function publicKeyFromSeed(seed: Uint8Array): Uint8Array {
  requireLength(seed, 32, 'key', 'seed');
  return nacl.sign.keyPair.fromSeed(seed).publicKey;
}

/**
 * A short name for a master key, to be shown and stored: the first 16 bytes of SHA-512(public key), in hexadecimal.
 *
 * @throws CertError `key` unless `publicKey` has 32 bytes
 */
export function masterKeyId(publicKey: Uint8Array): string {
  requireLength(publicKey, 32, 'key', 'publicKey');
  return toHex(nacl.hash(publicKey).subarray(0, 16));
}
