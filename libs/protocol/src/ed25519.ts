import { createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';

import { ProtocolError } from './errors.js';

/** Bytes of a seed and of a public key. */
export const ED25519_KEY_LENGTH = 32;
/** Bytes of a signature. */
export const SIGNATURE_LENGTH = 64;

/** The master's signing key as handles that are made once and used for every handshake. */
export interface MasterIdentity {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** The master's identity from the 32-byte seed of RFC 8032. Throws `argument` for any other length. */
export function masterIdentity(seed: Uint8Array): MasterIdentity {
  requireLength('the master seed', seed, ED25519_KEY_LENGTH);
  const d = Buffer.from(seed).toString('base64url');
  const privateKey = createPrivateKey({ key: { kty: 'OKP', crv: 'Ed25519', x: '', d }, format: 'jwk' });
  return { privateKey, publicKey: createPublicKey(privateKey) };
}

/** The master's public key from its 32 raw bytes, to be pinned by a client. Throws `argument` for any other length. */
export function masterPublicKey(raw: Uint8Array): KeyObject {
  requireLength('the master public key', raw, ED25519_KEY_LENGTH);
  const x = Buffer.from(raw).toString('base64url');
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
}

/** The 64-byte Ed25519 signature of a message. */
export function signMessage(identity: MasterIdentity, message: Uint8Array): Buffer {
  return sign(null, message, identity.privateKey);
}

/** Whether a signature is right. OpenSSL refuses one whose S is not below the group order (RFC 8032 §5.1.7). */
export function verifyMessage(publicKey: KeyObject, message: Uint8Array, signature: Uint8Array): boolean {
  return signature.length === SIGNATURE_LENGTH && verify(null, message, publicKey, signature);
}

function requireLength(name: string, bytes: Uint8Array, length: number): void {
  if (bytes.length !== length) {
    throw new ProtocolError('argument', `${name} has ${bytes.length} bytes instead of ${length}`);
  }
}
