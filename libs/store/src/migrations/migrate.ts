import { MigrationExecutor } from 'typeorm';
import type { DataSource, QueryRunner } from 'typeorm';
import { Sealer } from '../sealer.js';
import { whenUnlocked } from '../sqlite/when-unlocked.js';
import { StoreError } from '../store-error.js';
import { MIGRATIONS } from './index.js';

/** Advisory lock of migrations on PostgreSQL; see TICK_LOCK for the first number. */
const MIGRATION_LOCK = 'SELECT pg_advisory_xact_lock(29281, 2)';

const MARKER_KEY = 'database_key_marker';
const MARKER = Buffer.from('ranked store, database key 1');

/**
 * Brings the schema up to date and checks the database key, all in one transaction that holds the write
 * lock: of several processes that start at once one migrates, and a process killed half-way leaves nothing.
 * @throws StoreError `wrong_database_key`; `newer_schema` when the database was migrated by a later version
 */
export async function migrate(dataSource: DataSource, sealer: Sealer, now: number): Promise<void> {
  const runner = dataSource.createQueryRunner();
  const isPostgres = dataSource.options.type === 'postgres';
  try {
    if (isPostgres) await runner.query('BEGIN');
    else await whenUnlocked(() => runner.query('BEGIN IMMEDIATE'));
    try {
      if (isPostgres) await runner.query(MIGRATION_LOCK);
      const executor = new MigrationExecutor(dataSource, runner);
      executor.transaction = 'none';
      await executor.executePendingMigrations();
      await refuseNewer(executor);
      await checkMarker(runner, sealer, now);
      await runner.query('COMMIT');
    } catch (error) {
      await runner.query('ROLLBACK').catch(() => undefined);
      throw error;
    }
  } finally {
    await runner.release();
  }
}

/** @throws StoreError `newer_schema` */
export async function refuseNewer(executor: MigrationExecutor): Promise<void> {
  const known = new Set<string>(MIGRATIONS.map((Migration) => new Migration().name));
  const unknown = (await executor.getExecutedMigrations()).find((migration) => !known.has(migration.name));
  if (unknown !== undefined) {
    throw new StoreError(
      'newer_schema',
      `the database has migration ${unknown.name}, which this version does not know`,
    );
  }
}

/** @throws StoreError `wrong_database_key`; a database without a marker gets one */
export async function checkMarker(runner: QueryRunner, sealer: Sealer, now: number): Promise<void> {
  const found: unknown = await runner.query(`SELECT value FROM setting WHERE key = '${MARKER_KEY}'`);
  const sealed = firstValue(found);
  if (sealed === undefined) {
    const fresh = sealer.seal('setting', MARKER_KEY, MARKER);
    // The sealed text is base64url and the time a number: neither can end the literal.
    await runner.query(
      `INSERT INTO setting (key, value, changed_at) VALUES ('${MARKER_KEY}', '${fresh}', ${now})`,
    );
    return;
  }
  try {
    if (sealer.open('setting', MARKER_KEY, sealed).equals(MARKER)) return;
  } catch {
    // Falls through: a marker that does not open and one that opens to something else mean the same.
  }
  throw new StoreError('wrong_database_key', 'the database was made with another database key');
}

function firstValue(rows: unknown): string | undefined {
  const row: unknown = Array.isArray(rows) ? rows[0] : undefined;
  const value: unknown = typeof row === 'object' && row !== null && 'value' in row ? row.value : undefined;
  return typeof value === 'string' ? value : undefined;
}
