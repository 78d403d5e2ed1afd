import type { ClientBase } from 'pg';
import type { EntityManager } from 'typeorm';
import { bindable } from '../sql/connection.js';
import type { SqlConnection, SqlParameter } from '../sql/connection.js';
import { postgres } from '../sql/dialect.js';
import { postgresError } from './postgres-error.js';

/** One client of the pool, for the length of one lease. */
export class PostgresConnection implements SqlConnection {
  readonly dialect = postgres;
  readonly translate = postgresError;
  readonly #client: ClientBase;

  constructor(
    client: ClientBase,
    readonly manager: EntityManager,
  ) {
    this.#client = client;
  }

  async rows(sql: string, parameters: readonly SqlParameter[]): Promise<Record<string, unknown>[]> {
    const values = bindable(parameters);
    try {
      return (await this.#client.query<Record<string, unknown>>(sql, values)).rows;
    } catch (error) {
      throw postgresError(error);
    }
  }

  async run(sql: string, parameters: readonly SqlParameter[]): Promise<number> {
    const values = bindable(parameters);
    try {
      return (await this.#client.query(sql, values)).rowCount ?? 0;
    } catch (error) {
      throw postgresError(error);
    }
  }
}
