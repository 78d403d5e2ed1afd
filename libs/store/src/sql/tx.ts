import type { EntityManager, EntityTarget, FindManyOptions, FindOptionsWhere, ObjectLiteral } from 'typeorm';
import type { Sealer } from '../sealer.js';
import { StoreError } from '../store-error.js';
import type { SqlConnection, SqlParameter } from './connection.js';
import type { Dialect } from './dialect.js';
import { assertStorable } from './text.js';

/** What a read may do. Repositories that only read take this. */
export interface ReadTx {
  readonly dialect: Dialect;
  readonly sealer: Sealer;
  /** The store's clock, ms since the epoch. */
  now(): number;
  /** Rows of a SELECT (in a write also of a statement with RETURNING). Parameters are `$1`, `$2` … */
  rows<Row extends object>(sql: string, parameters?: readonly SqlParameter[]): Promise<Row[]>;
  /** The row that fits; null when there is none. */
  findOne<Entity extends ObjectLiteral>(
    entity: EntityTarget<Entity>,
    where: FindOptionsWhere<Entity>,
  ): Promise<Entity | null>;
  /** The rows that fit. */
  find<Entity extends ObjectLiteral>(
    entity: EntityTarget<Entity>,
    options: FindManyOptions<Entity>,
  ): Promise<Entity[]>;
}

/** What a write may do besides. */
export interface Tx extends ReadTx {
  /** Runs INSERT, UPDATE or DELETE; gives the number of rows changed. */
  run(sql: string, parameters?: readonly SqlParameter[]): Promise<number>;
}

/** Clock and key that every transaction of a store shares. */
export interface TxContext {
  readonly sealer: Sealer;
  readonly now: () => number;
}

/**
 * The handle given to one job. It ends with the job: a statement that is sent later is refused, and one
 * still running is waited for, so that none ever lands in the transaction of another job.
 */
export class TransactionHandle implements Tx {
  readonly dialect: Dialect;
  readonly sealer: Sealer;
  readonly #connection: SqlConnection;
  readonly #now: () => number;
  readonly #inFlight = new Set<Promise<unknown>>();
  #over = false;

  constructor(connection: SqlConnection, context: TxContext) {
    this.dialect = connection.dialect;
    this.sealer = context.sealer;
    this.#connection = connection;
    this.#now = context.now;
  }

  now(): number {
    return this.#now();
  }

  rows<Row extends object>(sql: string, parameters: readonly SqlParameter[] = []): Promise<Row[]> {
    // The statement's text decides the shape of its rows; each repository states it once, beside the SQL.
    return this.#track(() => this.#connection.rows(sql, parameters)) as Promise<Row[]>;
  }

  run(sql: string, parameters: readonly SqlParameter[] = []): Promise<number> {
    return this.#track(() => this.#connection.run(sql, parameters));
  }

  findOne<Entity extends ObjectLiteral>(
    entity: EntityTarget<Entity>,
    where: FindOptionsWhere<Entity>,
  ): Promise<Entity | null> {
    return this.#track(async () => {
      for (const value of Object.values(where)) if (typeof value === 'string') assertStorable(value);
      return this.#entities((manager) => manager.findOneBy(entity, where));
    });
  }

  find<Entity extends ObjectLiteral>(
    entity: EntityTarget<Entity>,
    options: FindManyOptions<Entity>,
  ): Promise<Entity[]> {
    return this.#track(() => this.#entities((manager) => manager.find(entity, options)));
  }

  /** Ends the handle and waits for statements that its job did not wait for. */
  async end(): Promise<void> {
    this.#over = true;
    await Promise.allSettled(this.#inFlight);
  }

  async #entities<T>(query: (manager: EntityManager) => Promise<T>): Promise<T> {
    try {
      return await query(this.#connection.manager);
    } catch (error) {
      throw this.#connection.translate(error);
    }
  }

  #track<T>(start: () => Promise<T>): Promise<T> {
    if (this.#over) {
      return Promise.reject(new StoreError('transaction_over', 'the transaction of this handle has ended'));
    }
    const statement = start();
    this.#inFlight.add(statement);
    const forget = (): void => {
      this.#inFlight.delete(statement);
    };
    statement.then(forget, forget);
    return statement;
  }
}
