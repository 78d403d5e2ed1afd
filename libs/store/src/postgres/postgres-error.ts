import { driverError, unwrapped } from '../sql/connection.js';
import { StoreError } from '../store-error.js';
import type { StoreErrorCode } from '../store-error.js';

const CODES: Readonly<Record<string, StoreErrorCode>> = {
  '23505': 'unique',
  '23503': 'foreign_key',
  '25006': 'read_only',
  '22021': 'invalid_text',
};

/** serialization_failure and deadlock_detected: the same job may succeed when it is run again. */
const RETRYABLE = new Set(['40001', '40P01']);

/**
 * Turns an error of the pg driver into a StoreError. `message` of a PostgreSQL error names constraints; the
 * values stand in its `detail`, which is left behind.
 */
export function postgresError(thrown: unknown): StoreError {
  if (thrown instanceof StoreError) return thrown;
  const { code: driverCode, message } = driverError(unwrapped(thrown));
  // A SQLSTATE has five characters; codes of sockets (ECONNREFUSED) and errors without a code mean no connection.
  const lost = driverCode === undefined || driverCode.length !== 5 || /^(08|57P)/.test(driverCode);
  return new StoreError(CODES[driverCode ?? ''] ?? (lost ? 'unavailable' : 'database'), message, driverCode);
}

/** True for a StoreError after which PostgreSQL asks to run the transaction again. */
export function isRetryable(error: unknown): boolean {
  return error instanceof StoreError && error.driverCode !== undefined && RETRYABLE.has(error.driverCode);
}
