import { CertError, type CertErrorCode } from './cert-error.js';

/** A copy of `bytes[start, end)`. `Buffer.slice` would be a view: a caller that wipes its input would wipe ours. */
export function copyRange(bytes: Uint8Array, start: number, end: number): Uint8Array {
  return new Uint8Array(bytes.subarray(start, end));
}

/** The lower-case hexadecimal form of `bytes`. */
export function toHex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0');
  return text;
}

/** Throws `CertError(code)` unless `value` is a `Uint8Array` of exactly `length` bytes; names the parameter, not its bytes. */
export function requireLength(value: Uint8Array, length: number, code: CertErrorCode, name: string): void {
  if (!(value instanceof Uint8Array))
    throw new CertError(code, `${name} must be a Uint8Array of ${length} bytes`);
  if (value.length !== length) {
    throw new CertError(code, `${name} must have ${length} bytes, not ${value.length}`);
  }
}
