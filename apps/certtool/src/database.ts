import * as fs from 'node:fs';
import { readDatabaseKey } from '@ranked/cert/files';
import type { Store } from '@ranked/store';
import { CommandError, ExitCode } from './output.js';
import { databaseName, type Settings } from './settings.js';

/** Everything of `@ranked/store`, loaded when a command needs it: TypeORM takes half a second that `inspect` need not wait for. */
export type StoreModule = typeof import('@ranked/store');

/** An open database and the functions that work on it. */
export interface OpenDatabase extends StoreModule {
  store: Store;
}

/** Whether the database can be there at all: a SQLite file that does not exist is one that no master has made yet. */
export function databaseExists({ database }: Settings): boolean {
  return database.kind === 'postgres' || fs.existsSync(database.path);
}

/**
 * Opens the database for the time of `work`, and closes it whatever happens.
 *
 * @throws CommandError if it cannot be opened; CertError and errors of `node:fs` for its key; whatever `work` throws
 */
export async function withDatabase<T>(
  settings: Settings,
  work: (database: OpenDatabase) => Promise<T>,
): Promise<T> {
  const databaseKey = databaseKeyOf(settings);
  const module = await import('@ranked/store');
  const store = await openStore(module, settings, databaseKey);
  try {
    return await work({ ...module, store });
  } finally {
    await store.close();
  }
}

function databaseKeyOf({ databaseKey: source }: Settings): Uint8Array {
  if ('given' in source) return source.given;
  if (!fs.existsSync(source.path)) {
    throw new CommandError(
      ExitCode.unreadable,
      `the database key ${source.path} is missing; "certtool init" makes the keys of a new data directory`,
    );
  }
  return readDatabaseKey(source.path);
}

async function openStore(module: StoreModule, settings: Settings, databaseKey: Uint8Array): Promise<Store> {
  const { database } = settings;
  const target = database.kind === 'postgres' ? { ...database, poolSize: 2 } : database;
  try {
    return await module.openStore(target, { databaseKey, now: () => Date.now() });
  } catch (error) {
    // A driver's message can repeat the URL with its password: only the store's own sentences are shown.
    const reason = error instanceof module.StoreError ? error.message : 'it cannot be reached';
    throw new CommandError(ExitCode.failure, `${databaseName(database)} cannot be opened: ${reason}`);
  }
}
