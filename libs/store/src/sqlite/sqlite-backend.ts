import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import sqlite3 from 'sqlite3';
import { DataSource } from 'typeorm';
import { ENTITIES } from '../entities/index.js';
import { MIGRATIONS } from '../migrations/index.js';
import type { Backend, Lease } from '../sql/backend.js';
import type { SqlConnection } from '../sql/connection.js';
import { sqlite } from '../sql/dialect.js';
import { SQLITE_PACKED_SETUP } from '../sql/packed-form.js';
import { SnakeNaming } from '../sql/snake-naming.js';
import { StoreError } from '../store-error.js';
import { SqliteConnection } from './sqlite-connection.js';
import { sqliteError } from './sqlite-error.js';
import { whenUnlocked } from './when-unlocked.js';

/** Of a new file, in bytes: a tick of thousands takes a tenth less than with the 4,096 of the default, a result about as long. */
const PAGE_SIZE = 8192;

/**
 * Commits reach the disk; a tick's pages fit the cache (2 MiB by default, in KiB here) and do not make every
 * commit copy the log back (at 1,000 pages by default).
 */
const WRITER_PRAGMAS = [
  'synchronous = FULL',
  'cache_size = -65536',
  'wal_autocheckpoint = 2000',
  'temp_store = MEMORY',
];

/** How long a read waits where WAL makes it wait at all: while the log is recovered after a crash. */
const READ_TIMEOUT_MS = 5000;

/**
 * The driver as TypeORM loads it, less `verbose()`: that would record a stack trace for every statement of
 * every user of sqlite3 in the process.
 */
const driver: object = Object.create(sqlite3, { verbose: { value: () => sqlite3 } });

/**
 * Opens a SQLite file with two connections, since TypeORM gives SQLite only one and a statement of somebody
 * else would land in the open transaction. The writer's commits are synced to disk (`synchronous=FULL`);
 * the reader cannot write (`query_only`) and, in WAL, is never blocked by the writer.
 */
export class SqliteBackend implements Backend {
  readonly dialect = sqlite;
  readonly lanes = 1;

  private constructor(
    readonly dataSource: DataSource,
    private readonly readSource: DataSource,
    private readonly writeConnection: SqliteConnection,
    private readonly readConnection: SqliteConnection,
  ) {}

  /** @throws StoreError `unavailable` when the file cannot be created or is no database */
  static async open(path: string): Promise<SqliteBackend> {
    try {
      await createPrivately(path);
      const writer = await connect(path);
      try {
        await writer.connection.rows('PRAGMA busy_timeout = 0', []);
        await writer.connection.rows(`PRAGMA page_size = ${PAGE_SIZE}`, []);
        await whenUnlocked(() => writer.connection.rows('PRAGMA journal_mode = WAL', []));
        for (const pragma of WRITER_PRAGMAS) await writer.connection.rows(`PRAGMA ${pragma}`, []);
        await preparePackedRows(writer.connection);
        const reader = await connect(path);
        await reader.connection.rows(`PRAGMA busy_timeout = ${READ_TIMEOUT_MS}`, []);
        await reader.connection.rows('PRAGMA temp_store = MEMORY', []);
        await preparePackedRows(reader.connection);
        await reader.connection.rows('PRAGMA query_only = ON', []);
        return new SqliteBackend(writer.source, reader.source, writer.connection, reader.connection);
      } catch (error) {
        writer.connection.dispose();
        await writer.source.destroy();
        throw error;
      }
    } catch (error) {
      throw new StoreError('unavailable', `SQLite file ${path}: ${sqliteError(error).message}`);
    }
  }

  writer(): Promise<Lease> {
    return Promise.resolve({ connection: this.writeConnection, release: () => Promise.resolve() });
  }

  reader(): Promise<Lease> {
    return Promise.resolve({ connection: this.readConnection, release: () => Promise.resolve() });
  }

  begin(connection: SqlConnection): Promise<void> {
    return whenUnlocked(() => connection.run('BEGIN IMMEDIATE', []));
  }

  canRetry(): boolean {
    return false;
  }

  /** The file has one writer in all: whoever is in a transaction is the leader. */
  tryTickLock(): Promise<boolean> {
    return Promise.resolve(true);
  }

  async close(): Promise<void> {
    this.readConnection.dispose();
    this.writeConnection.dispose();
    await this.readSource.destroy();
    await this.dataSource.destroy();
  }
}

async function connect(path: string): Promise<{ source: DataSource; connection: SqliteConnection }> {
  const source = new DataSource({
    type: 'sqlite',
    database: path,
    driver,
    entities: ENTITIES,
    migrations: MIGRATIONS,
    namingStrategy: new SnakeNaming(),
  });
  await source.initialize();
  const database: unknown = await source.createQueryRunner().connect();
  if (!(database instanceof sqlite3.Database))
    throw new StoreError('unavailable', 'not a sqlite3 connection');
  return { source, connection: new SqliteConnection(database, source.manager) };
}

async function preparePackedRows(connection: SqlConnection): Promise<void> {
  for (const statement of SQLITE_PACKED_SETUP) await connection.run(statement, []);
}

/** The database holds password hashes: the file, and with it its `-wal` and `-shm`, is its owner's alone. */
async function createPrivately(path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const file = await open(path, 'a', 0o600);
  await file.close();
}
