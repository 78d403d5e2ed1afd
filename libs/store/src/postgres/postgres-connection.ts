import type { ClientBase, QueryResult } from 'pg';
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
  #last: Promise<unknown> = Promise.resolve();

  constructor(
    client: ClientBase,
    readonly manager: EntityManager,
  ) {
    this.#client = client;
  }

  async rows(sql: string, parameters: readonly SqlParameter[]): Promise<Record<string, unknown>[]> {
    return (await this.#query(sql, parameters)).rows;
  }

  async run(sql: string, parameters: readonly SqlParameter[]): Promise<number> {
    return (await this.#query(sql, parameters)).rowCount ?? 0;
  }

  /** One after another: a job may give several statements at once, and the driver is to have no queue of its own any more. */
  async #query(
    sql: string,
    parameters: readonly SqlParameter[],
  ): Promise<QueryResult<Record<string, unknown>>> {
    const values = bindable(parameters);
    const result = this.#last.then(() => this.#client.query<Record<string, unknown>>(sql, values));
    this.#last = result.catch(() => undefined);
    try {
      return await result;
    } catch (error) {
      throw postgresError(error);
    }
  }
}
