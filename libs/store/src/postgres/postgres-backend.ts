import pg from 'pg';
import { DataSource } from 'typeorm';
import type { QueryRunner } from 'typeorm';
import { ENTITIES } from '../entities/index.js';
import { MIGRATIONS } from '../migrations/index.js';
import type { Backend, Lease } from '../sql/backend.js';
import type { SqlConnection } from '../sql/connection.js';
import { postgres } from '../sql/dialect.js';
import { SnakeNaming } from '../sql/snake-naming.js';
import { StoreError } from '../store-error.js';
import type { StoreLogger } from '../store.js';
import { PostgresConnection } from './postgres-connection.js';
import { isRetryable, postgresError } from './postgres-error.js';

/** Advisory lock of the tick: `0x7261` ("ra") and a number of its own. Locks are per database. */
const TICK_LOCK = [0x7261, 1] as const;

/**
 * Advisory lock that every transaction that writes shares, and one that writes alone has for itself. It comes in the message
 * of BEGIN and so costs no round trip; the clock is read after it, so what was stamped is never older than such a wait.
 */
const BEGIN = 'BEGIN; SELECT pg_advisory_xact_lock_shared(29281, 3)';
const BEGIN_ALONE = 'BEGIN; SELECT pg_advisory_xact_lock(29281, 3)';

const CONNECT_TIMEOUT_MS = 10_000;

/** bigint columns and counts come back as numbers: times and counts stay far below 2^53. */
const INT8 = 20;
const types = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    oid === INT8 && format !== 'binary' ? Number : pg.types.getTypeParser(oid, format ?? 'text'),
};

/** Two pools: one for transactions that write, one whose connections are read-only. */
export class PostgresBackend implements Backend {
  readonly dialect = postgres;

  private constructor(
    readonly dataSource: DataSource,
    private readonly readSource: DataSource,
    readonly lanes: number,
  ) {}

  /**
   * @param poolSize connections in all, at least 2; the larger half writes
   * @throws StoreError `unavailable` when the server cannot be reached or refuses the login
   */
  static async open(
    url: string,
    poolSize: number,
    logger: StoreLogger | undefined,
  ): Promise<PostgresBackend> {
    const lanes = Math.max(1, Math.ceil(poolSize / 2));
    const writeSource = dataSource(url, lanes, {}, logger);
    const readSource = dataSource(
      url,
      Math.max(1, poolSize - lanes),
      { options: '-c default_transaction_read_only=on' },
      logger,
    );
    try {
      await writeSource.initialize();
      await readSource.initialize();
    } catch (error) {
      if (writeSource.isInitialized) await writeSource.destroy();
      throw new StoreError(
        'unavailable',
        `PostgreSQL: ${postgresError(error).message}`,
        postgresError(error).driverCode,
      );
    }
    return new PostgresBackend(writeSource, readSource, lanes);
  }

  writer(): Promise<Lease> {
    return lease(this.dataSource);
  }

  reader(): Promise<Lease> {
    return lease(this.readSource);
  }

  async begin(connection: SqlConnection, alone: boolean): Promise<void> {
    await connection.run(alone ? BEGIN_ALONE : BEGIN, []);
  }

  canRetry(error: unknown): boolean {
    return isRetryable(error);
  }

  async tryTickLock(connection: SqlConnection): Promise<boolean> {
    const [row] = await connection.rows(
      'SELECT pg_try_advisory_xact_lock($1::int, $2::int) AS got',
      TICK_LOCK,
    );
    return row?.['got'] === true;
  }

  async close(): Promise<void> {
    await this.readSource.destroy();
    await this.dataSource.destroy();
  }
}

function dataSource(
  url: string,
  poolSize: number,
  session: object,
  logger: StoreLogger | undefined,
): DataSource {
  return new DataSource({
    type: 'postgres',
    driver: pg,
    url,
    poolSize,
    connectTimeoutMS: CONNECT_TIMEOUT_MS,
    extra: { types, ...session },
    poolErrorHandler: (error: unknown) =>
      logger?.warn({ code: postgresError(error).driverCode }, 'an idle PostgreSQL connection was lost'),
    entities: ENTITIES,
    migrations: MIGRATIONS,
    namingStrategy: new SnakeNaming(),
  });
}

async function lease(source: DataSource): Promise<Lease> {
  const runner: QueryRunner = source.createQueryRunner();
  let client: unknown;
  try {
    client = await runner.connect();
  } catch (error) {
    throw postgresError(error);
  }
  if (!isClient(client)) throw new StoreError('unavailable', 'not a pg connection');
  return {
    connection: new PostgresConnection(client, runner.manager),
    release: async (broken) => {
      // The pool drops a client that is ending; one of unknown state must not be lent again.
      if (broken) client.end().catch(() => undefined);
      await runner.release();
    },
  };
}

function isClient(value: unknown): value is pg.Client {
  return typeof value === 'object' && value !== null && 'query' in value && 'end' in value;
}
