/**
 * What went wrong, stable across releases.
 *
 * - `name`: not a name for a certificate
 * - `days`: a life that is not a whole number of days within the bounds
 * - `authority`: the authority's files are missing, damaged, or do not belong together
 * - `exists`: a file that would have been overwritten
 */
export type PkiErrorCode = 'name' | 'days' | 'authority' | 'exists';

/** The only error of this library's own. Its message never contains key material. */
export class PkiError extends Error {
  override readonly name = 'PkiError';

  /**
   * @param code stable reason
   * @param message a sentence for people
   */
  constructor(
    readonly code: PkiErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
