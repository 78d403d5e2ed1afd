import { createPrivateKey, createPublicKey, diffieHellman, type KeyObject } from 'node:crypto';

import { ProtocolError } from './errors.js';

/** Bytes of a private key, a public key and a shared secret. */
export const X25519_LENGTH = 32;

/** An ephemeral key pair (RFC 7748): the private half as a handle, the public half as it goes on the wire. */
export interface EphemeralKey {
  readonly privateKey: KeyObject;
  readonly publicKey: Buffer;
}

/**
 * The key pair of 32 random bytes. JWK is the quick way in and out of OpenSSL 3: its DER decoder costs 0.1 to
 * 0.5 ms a key. `x` must be there but is not read beside `d`; the public half is computed.
 */
export function ephemeralKey(seed: Uint8Array): EphemeralKey {
  const d = Buffer.from(seed).toString('base64url');
  const privateKey = createPrivateKey({ key: { kty: 'OKP', crv: 'X25519', x: '', d }, format: 'jwk' });
  const { x } = createPublicKey(privateKey).export({ format: 'jwk' });
  return { privateKey, publicKey: Buffer.from(x as string, 'base64url') };
}

/**
 * X25519(own private, other's public), 32 bytes.
 * Throws `key-exchange` for an all-zero result: the other's point is of small order, and the secret would be
 * known to everybody.
 */
export function sharedSecret(privateKey: KeyObject, otherPublic: Uint8Array): Buffer {
  const x = Buffer.from(otherPublic).toString('base64url');
  let secret: Buffer;
  try {
    const publicKey = createPublicKey({ key: { kty: 'OKP', crv: 'X25519', x }, format: 'jwk' });
    secret = diffieHellman({ privateKey, publicKey });
  } catch (cause) {
    throw new ProtocolError('key-exchange', 'the X25519 public key gives no usable secret', { cause });
  }
  if (secret.every((byte) => byte === 0)) {
    throw new ProtocolError('key-exchange', 'the X25519 public key gives an all-zero secret');
  }
  return secret;
}
