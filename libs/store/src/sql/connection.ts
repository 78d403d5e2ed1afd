import { QueryFailedError } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { StoreError } from '../store-error.js';
import type { Dialect } from './dialect.js';
import { assertStorable, JsonText } from './text.js';

/** What a statement takes: text, a finite number, a JSON parameter, packed rows or NULL. */
export type SqlParameter = string | number | JsonText | Buffer | null;

/** One database connection, whichever database it is. Errors come out as StoreError. */
export interface SqlConnection {
  readonly dialect: Dialect;
  /** For entities; bound to this connection and to the transaction open on it. */
  readonly manager: EntityManager;
  /** Runs a statement and gives its rows. Integers come back as numbers. */
  rows(sql: string, parameters: readonly SqlParameter[]): Promise<Record<string, unknown>[]>;
  /** Runs a statement and gives the number of rows that it changed. */
  run(sql: string, parameters: readonly SqlParameter[]): Promise<number>;
  /** What the driver threw, or TypeORM around it, as the library's own error. */
  translate(error: unknown): StoreError;
}

/** TypeORM wraps a driver's error together with the parameters, which must not travel on. */
export function unwrapped(error: unknown): unknown {
  return error instanceof QueryFailedError ? error.driverError : error;
}

/** Code and message of what a driver threw, by their form: a native add-on's errors need not be of this realm's Error. */
export function driverError(error: unknown): { code: string | undefined; message: string } {
  const { code, message }: { code?: unknown; message?: unknown } =
    typeof error === 'object' && error !== null ? error : {};
  return {
    code: typeof code === 'string' ? code : undefined,
    message: typeof message === 'string' ? message : 'unknown error',
  };
}

/** Checks parameters and turns them into what the drivers take. */
export function bindable(parameters: readonly SqlParameter[]): (string | number | Buffer | null)[] {
  return parameters.map((parameter) => {
    if (typeof parameter === 'string') {
      assertStorable(parameter);
      return parameter;
    }
    if (typeof parameter === 'number') {
      if (!Number.isFinite(parameter)) throw new StoreError('invalid_value', 'a number is not finite');
      return parameter;
    }
    return parameter instanceof JsonText ? parameter.text : parameter;
  });
}
