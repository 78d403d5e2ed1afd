import { migrate } from './migrations/migrate.js';
import { requireMigrated } from './migrations/require-migrated.js';
import { PostgresBackend } from './postgres/postgres-backend.js';
import { postgresError } from './postgres/postgres-error.js';
import { Sealer } from './sealer.js';
import { SqlStore } from './sql/sql-store.js';
import { SqliteBackend } from './sqlite/sqlite-backend.js';
import { sqliteError } from './sqlite/sqlite-error.js';
import type { Store, StoreOptions, StoreTarget } from './store.js';

const DEFAULT_POOL_SIZE = 10;
const DEFAULT_QUEUED_WRITES = 10_000;

/**
 * Opens the database, creating and migrating it as needed unless told not to. Several processes may open the same one at once.
 * @throws StoreError `unavailable` (cannot be reached or created), `wrong_database_key`, `newer_schema`, `older_schema` (only
 *   with `migrate: false`)
 */
export async function openStore(target: StoreTarget, options: StoreOptions): Promise<Store> {
  const sealer = new Sealer(options.databaseKey);
  const backend =
    target.kind === 'sqlite'
      ? await SqliteBackend.open(target.path)
      : await PostgresBackend.open(target.url, target.poolSize ?? DEFAULT_POOL_SIZE, options.logger);
  try {
    if (options.migrate === false) await requireMigrated(backend.dataSource, sealer);
    else await migrate(backend.dataSource, sealer, options.now());
  } catch (error) {
    await backend.close();
    throw target.kind === 'sqlite' ? sqliteError(error) : postgresError(error);
  }
  return new SqlStore(
    backend,
    { sealer, now: options.now },
    options.maxQueuedWrites ?? DEFAULT_QUEUED_WRITES,
  );
}
