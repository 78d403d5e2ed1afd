import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import { dirname } from 'node:path';
import { CertError } from '@ranked/cert';
import { readSecretFile, writeSecretFile } from '@ranked/cert/files';
import { ConfigError } from '../config/config-error.js';
import type { Environment } from '../config/load-config.js';
import { TokenDigest } from './token-digest.js';

/** Fewer characters than this could be guessed. */
const MIN_LENGTH = 24;
const MAX_LENGTH = 512;
/** What a header can carry without escapes (RFC 6750 §2.1). */
const FORM = /^[A-Za-z0-9._~+/=-]+$/;

/** The token's digest, and where the operator finds the token; null when he gave it himself. */
export interface LoadedToken {
  digest: TokenDigest;
  path: string | null;
  /** Made just now. */
  created: boolean;
}

/**
 * Takes the token from `TBQ_ADMIN_TOKEN`, or from the file that `TBQ_ADMIN_TOKEN_FILE` names (`-`: standard input), or from
 * `ownPath`, where one is made at the first start. It is never a string here if it comes from a file.
 * @throws ConfigError
 */
export function loadToken(env: Environment, ownPath: string): LoadedToken {
  const given = env['TBQ_ADMIN_TOKEN'];
  const file = env['TBQ_ADMIN_TOKEN_FILE'];
  if (given !== undefined && file !== undefined) {
    throw new ConfigError(['TBQ_ADMIN_TOKEN and TBQ_ADMIN_TOKEN_FILE are both set; allowed is one of them.']);
  }
  if (given !== undefined)
    return { digest: digestOf(Buffer.from(given, 'utf8'), 'TBQ_ADMIN_TOKEN'), path: null, created: false };
  if (file === '-')
    return {
      digest: digestOf(fs.readFileSync(0), 'The token on standard input'),
      path: null,
      created: false,
    };
  if (file !== undefined)
    return {
      digest: digestOf(readToken(file), 'The token in TBQ_ADMIN_TOKEN_FILE'),
      path: file,
      created: false,
    };
  const created = makeOnce(ownPath);
  return { digest: digestOf(readToken(ownPath), `The token in ${ownPath}`), path: ownPath, created };
}

function readToken(path: string): Buffer {
  try {
    return Buffer.from(readSecretFile(path, 4 * MAX_LENGTH).buffer);
  } catch (error) {
    const why = error instanceof CertError ? error.message : `${path} cannot be read`;
    throw new ConfigError([`The file of the dashboard's token is of no use: ${why}.`]);
  }
}

function digestOf(bytes: Buffer, what: string): TokenDigest {
  const end = bytes.at(-1) === 0x0a ? (bytes.at(-2) === 0x0d ? -2 : -1) : bytes.length;
  const token = bytes.subarray(0, end);
  const fits = token.length >= MIN_LENGTH && token.length <= MAX_LENGTH && hasForm(token);
  if (!fits) {
    const { length } = token;
    bytes.fill(0);
    throw new ConfigError([
      `${what} has ${length} characters; allowed are ${MIN_LENGTH} to ${MAX_LENGTH} of A-Z a-z 0-9 . _ ~ + / = -.`,
    ]);
  }
  const digest = new TokenDigest(token);
  bytes.fill(0);
  return digest;
}

/** Byte by byte: a string of it would stay in memory until it is collected. */
function hasForm(token: Buffer): boolean {
  return token.every((byte) => FORM.test(String.fromCharCode(byte)));
}

function makeOnce(path: string): boolean {
  if (fs.existsSync(path)) return false;
  fs.mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const token = Buffer.from(`${randomBytes(32).toString('base64url')}\n`, 'latin1');
  try {
    writeSecretFile(path, token);
    return true;
  } catch (error) {
    if (error instanceof CertError && error.code === 'exists') return false;
    throw error;
  } finally {
    token.fill(0);
  }
}
