import { driverError, unwrapped } from '../sql/connection.js';
import { StoreError } from '../store-error.js';
import type { StoreErrorCode } from '../store-error.js';

/** Turns an error of the sqlite3 driver into a StoreError. SQLite's messages name tables and columns, not values. */
export function sqliteError(thrown: unknown): StoreError {
  if (thrown instanceof StoreError) return thrown;
  const { code: driverCode, message } = driverError(unwrapped(thrown));
  return new StoreError(codeFor(driverCode, message), message, driverCode);
}

function codeFor(driverCode: string | undefined, message: string): StoreErrorCode {
  if (driverCode === 'SQLITE_BUSY' || driverCode === 'SQLITE_LOCKED') return 'busy';
  if (driverCode === 'SQLITE_READONLY') return 'read_only';
  if (driverCode === 'SQLITE_CONSTRAINT' && message.includes('UNIQUE')) return 'unique';
  if (driverCode === 'SQLITE_CONSTRAINT' && message.includes('FOREIGN KEY')) return 'foreign_key';
  return 'database';
}
