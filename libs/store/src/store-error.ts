/** What went wrong, for programs. The sentences in `message` may change, these do not. */
export type StoreErrorCode =
  | 'wrong_database_key'
  | 'newer_schema'
  | 'older_schema'
  | 'unavailable'
  | 'busy'
  | 'closed'
  | 'sealed_value'
  | 'invalid_text'
  | 'invalid_value'
  | 'unique'
  | 'foreign_key'
  | 'read_only'
  | 'transaction_over'
  | 'audit_broken'
  | 'database';

/**
 * The one error class of this library. It never carries the parameters of a statement: they hold
 * password hashes, digests and sealed secrets, and errors end up in logs.
 */
export class StoreError extends Error {
  override readonly name = 'StoreError';

  /**
   * @param code stable reason
   * @param message a sentence for people, free of stored values
   * @param driverCode the database's own code (`SQLITE_BUSY`, `40P01`), where there is one
   */
  constructor(
    readonly code: StoreErrorCode,
    message: string,
    readonly driverCode?: string,
  ) {
    super(message);
  }
}
