import { createPrivateKey, createPublicKey } from 'node:crypto';
import * as fs from 'node:fs';
import { dirname } from 'node:path';
import { requireLength, toHex } from './bytes.js';
import { CertError } from './cert-error.js';
import { readSecretFile, replaceSecretFile, syncDirectory, writeSecretFile } from './secret-file.js';
import { masterKeyId } from './signature.js';

const MASTER_LABEL = 'ranked-master-key-1';
const DATABASE_LABEL = 'ranked-database-key-1';
/** A key file has one line of at most 87 bytes; some room for the spaces that editors and shells add. */
const MAX_KEY_FILE = 256;
/** PKCS #8 wrapping of an Ed25519 seed (RFC 8410 §7): everything before the 32 bytes themselves. */
const PKCS8_ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex');

/** The key pair that signs certificates and challenges. */
export interface MasterKey {
  /** 32 bytes, private (RFC 8032 §5.1.5). */
  seed: Uint8Array;
  /** 32 bytes. */
  publicKey: Uint8Array;
}

/**
 * Reads a master key: one line, `ranked-master-key-1:` and 64 hexadecimal digits.
 *
 * @throws CertError `key` for other contents, `permissions`, `length`; an error of `node:fs` if the file cannot be opened
 */
export function readMasterKey(path: string): MasterKey {
  const seed = parseKey(readLine(path), MASTER_LABEL, path, 'master key');
  return { seed, publicKey: publicKeyOf(seed) };
}

/**
 * Writes a new master key file, mode 0600.
 *
 * @param seed 32 bytes
 * @throws CertError `key`, `exists`; an error of `node:fs` if the file cannot be written
 */
export function writeMasterKey(path: string, seed: Uint8Array): void {
  writeSecretFile(path, keyFileText(MASTER_LABEL, seed, 'seed'));
}

/** What `replaceMasterKey` left behind. */
export interface ReplacedMasterKey {
  masterKey: MasterKey;
  /** Where the old key was kept; absent if there was none. */
  keptAs?: string;
}

/**
 * Puts a new master key in the place of the old one, which is kept beside it as `<path>.<key id>.old`. At every moment `path`
 * holds a whole key, the old or the new; if this is interrupted, repeating it is safe.
 *
 * @param seed 32 bytes
 * @throws CertError `key`, `permissions`, `exists` (another key under the name of the old one); an error of `node:fs`
 */
export function replaceMasterKey(path: string, seed: Uint8Array): ReplacedMasterKey {
  const contents = keyFileText(MASTER_LABEL, seed, 'seed');
  const masterKey = { seed: new Uint8Array(seed), publicKey: publicKeyOf(seed) };
  if (!fs.existsSync(path)) {
    writeSecretFile(path, contents);
    return { masterKey };
  }
  const old = readMasterKey(path);
  const keptAs = `${path}.${masterKeyId(old.publicKey)}.old`;
  if (!fs.existsSync(keptAs)) {
    writeMasterKey(keptAs, old.seed);
  } else if (toHex(readMasterKey(keptAs).seed) !== toHex(old.seed)) {
    throw new CertError('exists', `${keptAs} exists already and holds another key`);
  }
  syncDirectory(dirname(path));
  replaceSecretFile(path, `${path}.new`, contents);
  return { masterKey, keptAs };
}

/**
 * Reads the key that seals secrets in the database, 32 bytes: one line, `ranked-database-key-1:` and 64 hexadecimal digits. The label may
 * be missing, since secret managers make such files; the label of another key is refused.
 *
 * @throws CertError `key` for other contents, `permissions`, `length`; an error of `node:fs` if the file cannot be opened
 */
export function readDatabaseKey(path: string): Uint8Array {
  return parseDatabaseKey(readLine(path), path);
}

/**
 * Writes a new database key file, mode 0600.
 *
 * @param key 32 bytes
 * @throws CertError `key`, `exists`; an error of `node:fs` if the file cannot be written
 */
export function writeDatabaseKey(path: string, key: Uint8Array): void {
  writeSecretFile(path, keyFileText(DATABASE_LABEL, key, 'key'));
}

/** What `publicKeyFromSeed` gives, by Node's own cryptography: every start reads a master key, and this takes a tenth of a millisecond. */
function publicKeyOf(seed: Uint8Array): Uint8Array {
  const key = createPrivateKey({ key: Buffer.concat([PKCS8_ED25519, seed]), format: 'der', type: 'pkcs8' });
  // The last 32 bytes of a SubjectPublicKeyInfo are the key itself (RFC 8410 §4).
  return new Uint8Array(createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32));
}

function keyFileText(label: string, key: Uint8Array, name: string): string {
  requireLength(key, 32, 'key', name);
  return `${label}:${toHex(key)}\n`;
}

/**
 * Reads a database key from the line of a key file, or from a setting of the same form.
 *
 * @returns 32 bytes
 * @throws CertError `key`, without the text
 */
export function parseDatabaseKey(text: string, source: string): Uint8Array {
  const line = text.trim();
  return parseKey(
    line.includes(':') ? line : `${DATABASE_LABEL}:${line}`,
    DATABASE_LABEL,
    source,
    'database key',
  );
}

function readLine(path: string): string {
  return new TextDecoder().decode(readSecretFile(path, MAX_KEY_FILE)).trim();
}

function parseKey(line: string, label: string, source: string, what: string): Uint8Array {
  const digits = line.slice(label.length + 1);
  if (!line.startsWith(`${label}:`) || !/^[0-9a-f]{64}$/i.test(digits)) {
    throw new CertError(
      'key',
      `${source} is not a ${what}: one line "${label}:" and 64 hexadecimal digits was expected`,
    );
  }
  return Uint8Array.from({ length: 32 }, (_, index) => parseInt(digits.slice(2 * index, 2 * index + 2), 16));
}
