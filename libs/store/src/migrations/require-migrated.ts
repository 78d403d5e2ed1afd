import { MigrationExecutor } from 'typeorm';
import type { DataSource } from 'typeorm';
import type { Sealer } from '../sealer.js';
import { StoreError } from '../store-error.js';
import { MIGRATIONS } from './index.js';
import { checkMarker, refuseNewer } from './migrate.js';

/**
 * Checks schema and database key, and leaves both as they are: for those who only read, beside masters that may be older.
 * @throws StoreError `older_schema` when a migration is missing; `wrong_database_key`; `newer_schema`
 */
export async function requireMigrated(dataSource: DataSource, sealer: Sealer): Promise<void> {
  const runner = dataSource.createQueryRunner();
  try {
    const executor = new MigrationExecutor(dataSource, runner);
    const done = new Set((await executor.getExecutedMigrations()).map(({ name }) => name));
    const missing = MIGRATIONS.map((Migration) => new Migration().name).find((name) => !done.has(name));
    if (missing !== undefined)
      throw new StoreError('older_schema', `the database does not have migration ${missing} yet`);
    await refuseNewer(executor);
    // A database with all migrations has a marker: they were committed together.
    await checkMarker(runner, sealer, 0);
  } finally {
    await runner.release();
  }
}
