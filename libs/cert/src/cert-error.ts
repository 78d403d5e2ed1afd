/**
 * What went wrong, stable across releases.
 *
 * - `length`: not 133 bytes (a public part: not 101)
 * - `magic`: does not begin with `S2SC`
 * - `version`: a version other than 1
 * - `dates`: a negative date, one beyond 2^53 − 1, or an end that is not after the beginning
 * - `signature-form`: the S of the signature is not below the group order, or it is not 64 bytes
 * - `uuid`: not a UUID in its canonical text form
 * - `key`: a key, seed or secret of the wrong size, or a key file with other contents
 * - `permissions`: a secret file that others than its owner may read
 * - `exists`: a file that would have been overwritten
 */
export type CertErrorCode =
  'length' | 'magic' | 'version' | 'dates' | 'signature-form' | 'uuid' | 'key' | 'permissions' | 'exists';

/** The only error of this library's own. Its message never contains key material or a file's contents. */
export class CertError extends Error {
  override readonly name = 'CertError';

  /**
   * @param code stable reason
   * @param message a sentence for people
   */
  constructor(
    readonly code: CertErrorCode,
    message: string,
  ) {
    super(message);
  }
}
