import { createPublicKey } from 'node:crypto';
import * as fs from 'node:fs';
import { readMasterKey } from '@ranked/cert/files';
import { CommandError, ExitCode } from './output.js';

/** A public key file is a PEM of 113 bytes or a line of 64 digits. */
const MAX_PUBLIC_KEY_FILE = 4096;

/**
 * The master's public key, from what a user gives for it: 64 hexadecimal digits, a file with these or with a PEM public key, or
 * the master's own key file.
 *
 * @returns 32 bytes
 * @throws CommandError `unreadable` if it is none of these; CertError or an error of `node:fs` for a master key file
 */
export function masterPublicKey(source: string): Uint8Array {
  const digits = hexKey(source);
  if (digits) return digits;
  const text = readStart(source);
  if (text.startsWith('ranked-master-key-')) return readMasterKey(source).publicKey;
  const key = text.includes('-----BEGIN PUBLIC KEY-----') ? pemKey(text) : hexKey(text.trim());
  if (!key) {
    throw new CommandError(
      ExitCode.unreadable,
      `${source} is no master key: 64 hexadecimal digits, a file with them, a PEM public key of Ed25519 or a master.key file was expected`,
    );
  }
  return key;
}

/** A public key as PEM (SPKI, RFC 8410). */
export function toPem(publicKey: Uint8Array): string {
  const x = Buffer.from(publicKey).toString('base64url');
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  return key.export({ type: 'spki', format: 'pem' }).toString();
}

function hexKey(text: string): Uint8Array | undefined {
  return /^[0-9a-f]{64}$/i.test(text) ? new Uint8Array(Buffer.from(text, 'hex')) : undefined;
}

function pemKey(text: string): Uint8Array | undefined {
  try {
    const { crv, x } = createPublicKey(text).export({ format: 'jwk' });
    return crv === 'Ed25519' && x !== undefined ? new Uint8Array(Buffer.from(x, 'base64url')) : undefined;
  } catch {
    return undefined;
  }
}

function readStart(path: string): string {
  const file = fs.openSync(path, fs.constants.O_RDONLY | (fs.constants.O_NONBLOCK ?? 0));
  try {
    if (!fs.fstatSync(file).isFile())
      throw new CommandError(ExitCode.unreadable, `${path} is not a regular file`);
    const bytes = Buffer.alloc(MAX_PUBLIC_KEY_FILE);
    return bytes.toString('latin1', 0, fs.readSync(file, bytes));
  } finally {
    fs.closeSync(file);
  }
}
