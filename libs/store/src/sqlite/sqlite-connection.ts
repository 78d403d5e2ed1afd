import type sqlite3 from 'sqlite3';
import type { EntityManager } from 'typeorm';
import { sqlite } from '../sql/dialect.js';
import { bindable } from '../sql/connection.js';
import type { SqlConnection, SqlParameter } from '../sql/connection.js';
import { sqliteError } from './sqlite-error.js';

/** Prepared statements kept per connection; the library has fewer, but for VALUES lists of many lengths. */
const MAX_STATEMENTS = 300;
/** Longer ones (long VALUES lists) are prepared for one use. */
const MAX_KEPT_LENGTH = 8192;

/**
 * A SQLite connection that keeps its statements prepared, which halves the time of a small one: TypeORM's
 * query runner prepares every statement anew, in a turn of the thread pool of its own.
 */
export class SqliteConnection implements SqlConnection {
  readonly dialect = sqlite;
  readonly translate = sqliteError;
  readonly #database: sqlite3.Database;
  readonly #statements = new Map<string, sqlite3.Statement>();

  constructor(
    database: sqlite3.Database,
    readonly manager: EntityManager,
  ) {
    this.#database = database;
  }

  async rows(sql: string, parameters: readonly SqlParameter[]): Promise<Record<string, unknown>[]> {
    const values = bindable(parameters);
    const statement = await this.#prepared(sql);
    return new Promise((resolve, reject) => {
      statement.all<Record<string, unknown>>(values, (error, rows) => {
        this.#discardLong(sql, statement);
        if (error) reject(sqliteError(error));
        else resolve(rows);
      });
    });
  }

  async run(sql: string, parameters: readonly SqlParameter[]): Promise<number> {
    const values = bindable(parameters);
    const statement = await this.#prepared(sql);
    return new Promise((resolve, reject) => {
      const done = (error: Error | null, changes: number): void => {
        this.#discardLong(sql, statement);
        if (error) reject(sqliteError(error));
        else resolve(changes);
      };
      statement.run(values, function (this: sqlite3.RunResult, error: Error | null) {
        done(error, this.changes);
      });
    });
  }

  /** Finalizes the statements; SQLite does not close a connection that has some. */
  dispose(): void {
    for (const statement of this.#statements.values()) statement.finalize();
    this.#statements.clear();
  }

  #prepared(sql: string): Promise<sqlite3.Statement> | sqlite3.Statement {
    const known = this.#statements.get(sql);
    if (known !== undefined) {
      // To the end of the map: the first key is always the one unused for longest.
      this.#statements.delete(sql);
      this.#statements.set(sql, known);
      return known;
    }
    return new Promise((resolve, reject) => {
      const statement = this.#database.prepare(this.dialect.placeholders(sql), (error: Error | null) => {
        if (error) {
          reject(sqliteError(error));
          return;
        }
        if (sql.length > MAX_KEPT_LENGTH) {
          resolve(statement);
          return;
        }
        const other = this.#statements.get(sql);
        if (other !== undefined) {
          statement.finalize();
          resolve(other);
          return;
        }
        this.#statements.set(sql, statement);
        this.#forgetOldest();
        resolve(statement);
      });
    });
  }

  #discardLong(sql: string, statement: sqlite3.Statement): void {
    if (sql.length > MAX_KEPT_LENGTH) statement.finalize();
  }

  #forgetOldest(): void {
    if (this.#statements.size <= MAX_STATEMENTS) return;
    const oldest = this.#statements.entries().next().value;
    if (oldest === undefined) return;
    this.#statements.delete(oldest[0]);
    // Finalizing waits its turn behind a use of the statement that is still running.
    oldest[1].finalize();
  }
}
