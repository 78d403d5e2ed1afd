import { createHash } from 'node:crypto';
import type { RandomSource } from '../clock/clock.js';

const FORM = /^[A-Za-z0-9_-]{43}$/;

/** A fresh access token: base64url of 32 bytes. */
export function createAccessToken(random: RandomSource): string {
  return random.bytes(32).toString('base64url');
}

/** What is stored of an access token: its SHA-256, as hexadecimal digits. A copy of the database opens no session. */
export function accessDigest(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** The token of an `Authorization` header field (RFC 6750 §2.1); undefined if it has none of ours. */
export function bearerToken(header: string | undefined): string | undefined {
  const match = /^Bearer +([^ ]+)$/i.exec(header ?? '');
  return match?.[1] !== undefined && FORM.test(match[1]) ? match[1] : undefined;
}
