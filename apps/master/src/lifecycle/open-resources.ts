import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import { ensureKeys, keyPaths, readDatabaseKey, writeDatabaseKey, writeMasterKey } from '@ranked/cert/files';
import { openStore, settings, type JsonValue, type Store, type StoreTarget } from '@ranked/store';
import type { Clock } from '../clock/clock.js';
import type { MasterConfig } from '../config/master-config.js';
import { MasterKeys } from '../keys/master-keys.js';
import type { Logger } from '../logging/logger.js';
import { StartError } from './start-error.js';

/** What the master holds open for as long as it runs. */
export interface Resources {
  store: Store;
  keys: MasterKeys;
  /** Where the database key came from, for the operator; null: from the settings. */
  databaseKeyPath: string | null;
  /** Whether keys were made just now. */
  firstStart: boolean;
}

/**
 * Makes the data directory and the keys on first use, opens and migrates the database, and sees that keys and database belong together.
 * @throws StartError, CertError, StoreError or an error of `node:fs`; `explainStartError` makes a sentence of any
 */
export async function openResources(config: MasterConfig, clock: Clock, log: Logger): Promise<Resources> {
  const paths = keyPaths(config.dataDir);
  const { databaseKey, firstStart } = prepareKeys(config);
  const masterKeyPath = config.masterKeyFile ?? paths.masterKey;
  const keys = new MasterKeys(masterKeyPath);
  const store = await openStore(storeTarget(config), {
    databaseKey,
    now: () => clock.now(),
    logger: { warn: (fields, message) => log.warn({ component: 'store', ...fields }, message) },
  });
  try {
    await claimMasterKey(store, keys);
    await announceQueues(store, config);
  } catch (error) {
    await store.close();
    throw error;
  }
  return { store, keys, databaseKeyPath: config.databaseKey ? null : paths.databaseKey, firstStart };
}

/** A `postgres://` URL or the path of an SQLite file. */
export function storeTarget(config: MasterConfig): StoreTarget {
  return /^postgres(?:ql)?:\/\//.test(config.database)
    ? { kind: 'postgres', url: config.database, poolSize: config.databasePool }
    : { kind: 'sqlite', path: config.database };
}

/** A key that is given is used; one that is not is read from the data directory, and made there on first use. */
function prepareKeys(config: MasterConfig): { databaseKey: Uint8Array; firstStart: boolean } {
  if (config.databaseKey === null && config.masterKeyFile === null) {
    const keys = ensureKeys(config.dataDir);
    return { databaseKey: keys.databaseKey, firstStart: keys.created };
  }
  mkdirSync(config.dataDir, { recursive: true, mode: 0o700 });
  const paths = keyPaths(config.dataDir);
  let firstStart = false;
  if (config.masterKeyFile === null && !existsSync(paths.masterKey)) {
    writeMasterKey(paths.masterKey, randomBytes(32));
    firstStart = true;
  }
  if (config.databaseKey !== null) return { databaseKey: config.databaseKey, firstStart };
  if (!existsSync(paths.databaseKey)) {
    writeDatabaseKey(paths.databaseKey, randomBytes(32));
    firstStart = true;
  }
  return { databaseKey: readDatabaseKey(paths.databaseKey), firstStart };
}

/** The queues stand in the database for those who only look, such as the operators' dashboard. */
async function announceQueues(store: Store, { queues }: MasterConfig): Promise<void> {
  const plain = JSON.parse(JSON.stringify(queues)) as JsonValue;
  await store.writeGrouped('start.queues', (tx) => settings.setQueuesInForce(tx, plain));
}

/**
 * The database remembers which master key its certificates are signed with. A new database takes the one at hand. Another one than
 * remembered means a wrong file: to go on would refuse every game server, so it is said instead.
 */
async function claimMasterKey(store: Store, keys: MasterKeys): Promise<void> {
  const keyId = keys.current().keyId;
  const remembered = await store.write('start.master_key', async (tx) => {
    const present = await settings.masterKeyId(tx);
    if (present === null) await settings.setMasterKeyId(tx, keyId);
    return present ?? keyId;
  });
  if (remembered === keyId) return;
  throw new StartError(
    `The master key in ${keys.path} has the id ${keyId}, but this database belongs to the key ${remembered}. ` +
      'Put the right key file back from a backup; or, if the key was meant to change, run "certtool rotate-master" and issue new certificates.',
  );
}
