import { readFileSync } from 'node:fs';

export interface CertificateVector {
  name: string;
  masterSeed: string;
  masterPublicKey: string;
  masterKeyId: string;
  uuid: string;
  issuedAt: number;
  expiresAt: number;
  secret: string;
  signature: string;
  publicPart: string;
  file: string;
}

/** Reads a JSON file beside the tests or in the package's `vectors` folder. */
export function readVectors<T>(path: string): T {
  return JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')) as T;
}

export const certificateVectors = readVectors<CertificateVector[]>('../vectors/certificates.json');

export const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'));
export const hex = (value: Uint8Array): string => Buffer.from(value).toString('hex');

/** The code of the `CertError` that `run` throws; any other outcome fails the test. */
export function codeOf(
  run: () => unknown,
  CertError: abstract new (...args: never[]) => { code: string },
): string {
  try {
    run();
  } catch (error) {
    if (error instanceof CertError) return error.code;
    throw error;
  }
  throw new Error('nothing was thrown');
}
