import { createPublicKey } from 'node:crypto';

/** ECDSA on P-256: every browser and every TLS 1.3 library takes it, for signatures and for client certificates. */
export const KEY_ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

/** A new key pair whose private half can be written to a file. */
export function newKeyPair(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey(KEY_ALGORITHM, true, ['sign', 'verify']);
}

/** A private key as PEM (PKCS #8, RFC 5958). */
export async function privateKeyPem(key: CryptoKey): Promise<string> {
  return pem('PRIVATE KEY', new Uint8Array(await crypto.subtle.exportKey('pkcs8', key)));
}

/**
 * The key pair of a PEM private key.
 * @throws an error of `node:crypto` if it is none, or one of another algorithm
 */
export async function keyPairOf(privatePem: string): Promise<CryptoKeyPair> {
  const der = derOf(privatePem);
  const spki = createPublicKey(privatePem).export({ type: 'spki', format: 'der' });
  return {
    privateKey: await crypto.subtle.importKey('pkcs8', der, KEY_ALGORITHM, true, ['sign']),
    publicKey: await crypto.subtle.importKey('spki', new Uint8Array(spki), KEY_ALGORITHM, true, ['verify']),
  };
}

/** The bytes within a PEM text. */
export function derOf(pemText: string): Uint8Array<ArrayBuffer> {
  const body = pemText.replace(/-----[A-Z ]+-----/g, '').replace(/\s+/g, '');
  return new Uint8Array(Buffer.from(body, 'base64'));
}

function pem(label: string, der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}
