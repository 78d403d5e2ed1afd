import { existsSync } from 'node:fs';
import { keyPaths, readDatabaseKey } from '@ranked/cert/files';
import { openStore, type Store } from '@ranked/store';
import type { MasterConfig } from '../config/master-config.js';
import type { QueueConfig } from '../config/queue-config.js';
import { storeTarget } from '../lifecycle/open-resources.js';
import { CommandError, ExitCode } from './output.js';

/**
 * Opens the master's database for the time of `work`, and closes it whatever happens. Nothing is made that is not there.
 * For who only reads, the schema is left as it is.
 * @throws CommandError if there is none; whatever opening it or `work` throws
 */
export async function withDatabase<T>(
  config: MasterConfig,
  use: 'read' | 'write',
  work: (store: Store) => Promise<T>,
): Promise<T> {
  const target = storeTarget(config);
  if (target.kind === 'sqlite' && !existsSync(target.path)) {
    throw new CommandError(
      ExitCode.unreadable,
      `there is no database ${target.path}; RANKED_DATA and RANKED_DATABASE must be those of the master`,
    );
  }
  const databaseKey = config.databaseKey ?? readDatabaseKey(keyPaths(config.dataDir).databaseKey);
  const store = await openStore(target.kind === 'postgres' ? { ...target, poolSize: 2 } : target, {
    databaseKey,
    now: () => Date.now(),
    migrate: use === 'write',
  });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

/** @throws CommandError for a queue that the queues file does not have */
export function requireQueue(config: MasterConfig, name: string | undefined): QueueConfig {
  const names = config.queues.map((queue) => queue.name).join(', ');
  if (name === undefined)
    throw new CommandError(ExitCode.failure, `--queue is missing; the queues are: ${names}`);
  const queue = config.queues.find((one) => one.name === name);
  if (!queue) {
    throw new CommandError(ExitCode.failure, `there is no queue "${name}"; the queues are: ${names}`);
  }
  return queue;
}
