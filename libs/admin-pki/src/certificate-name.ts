import { PkiError } from './pki-error.js';

const ALLOWED = /^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/;

/**
 * Checks the name of an operator. It is the certificate's common name, stands in every row of the audit log and names files:
 * 1 to 64 of `A–Z a–z 0–9 . _ @ -`, beginning with a letter or digit.
 * @throws PkiError `name`
 */
export function requireOperatorName(name: string): string {
  if (!ALLOWED.test(name)) {
    throw new PkiError(
      'name',
      'an operator has a name of 1 to 64 of A-Z a-z 0-9 . _ @ -, beginning with a letter or digit',
    );
  }
  return name;
}

/**
 * Checks a life in days.
 * @throws PkiError `days`
 */
export function requireDays(days: number, max: number): number {
  if (!Number.isInteger(days) || days < 1 || days > max) {
    throw new PkiError('days', `a life is a whole number of days from 1 to ${max}`);
  }
  return days;
}
