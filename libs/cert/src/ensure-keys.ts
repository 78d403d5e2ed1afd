import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { CertError } from './cert-error.js';
import {
  readDatabaseKey,
  readMasterKey,
  writeDatabaseKey,
  writeMasterKey,
  type MasterKey,
} from './key-files.js';

/** The files of a data directory. */
export interface KeyPaths {
  masterKey: string;
  databaseKey: string;
}

/** Keys that do not lie in the data directory. A file that is named here must exist, it is never made. */
export interface KeysElsewhere {
  masterKeyFile?: string | undefined;
  databaseKeyFile?: string | undefined;
  /** 32 bytes: the key itself, instead of any file. */
  databaseKey?: Uint8Array | undefined;
}

/** Where the keys of a data directory lie. */
export function keyPaths(dataDir: string): KeyPaths {
  return { masterKey: join(dataDir, 'master.key'), databaseKey: join(dataDir, 'database.key') };
}

/** The keys of a master. */
export interface Keys {
  masterKey: MasterKey;
  /** 32 bytes. */
  databaseKey: Uint8Array;
  /** Whether any key was made just now. */
  created: boolean;
}

/**
 * Reads the keys of a data directory, and on first use makes the directory (0700) and the keys (0600). Several processes may
 * do this at once: all get the same keys.
 *
 * The master key is made first. So a directory with that key alone is one whose making was interrupted, and it is completed;
 * one with the database key alone has lost its master key, and no new one is made in silence, since every certificate would die of it.
 *
 * @throws CertError `key` for a lost master key or a file with other contents, `permissions`; an error of `node:fs`
 */
export function ensureKeys(dataDir: string, elsewhere: KeysElsewhere = {}): Keys {
  const own = keyPaths(dataDir);
  const { masterKeyFile, databaseKeyFile, databaseKey } = elsewhere;
  let created = false;
  if (masterKeyFile === undefined) {
    // In this order: a process that makes both at this moment makes the master key first.
    if (fs.existsSync(own.databaseKey) && !fs.existsSync(own.masterKey)) throw lostMasterKey(own);
    fs.mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    created = makeOnce(own.masterKey, writeMasterKey);
  }
  if (databaseKeyFile === undefined && databaseKey === undefined) {
    fs.mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    created = makeOnce(own.databaseKey, writeDatabaseKey) || created;
  }
  return {
    masterKey: readMasterKey(masterKeyFile ?? own.masterKey),
    databaseKey: databaseKey ?? readDatabaseKey(databaseKeyFile ?? own.databaseKey),
    created,
  };
}

function lostMasterKey(paths: KeyPaths): CertError {
  return new CertError(
    'key',
    `${paths.masterKey} is missing though ${paths.databaseKey} is there: put it back from a backup, or make a new one with "certtool rotate-master", which ends every certificate`,
  );
}

function makeOnce(path: string, write: (path: string, key: Uint8Array) => void): boolean {
  if (fs.existsSync(path)) return false;
  try {
    write(path, randomBytes(32));
    return true;
  } catch (error) {
    if (error instanceof CertError && error.code === 'exists') return false;
    throw error;
  }
}
