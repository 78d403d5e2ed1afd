import { requireLength, toHex } from './bytes.js';
import { CertError } from './cert-error.js';

const CANONICAL = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/**
 * The 16 bytes of a UUID, most significant first (RFC 9562 §4).
 *
 * @param uuid canonical text: lower case, 8-4-4-4-12
 * @throws CertError `uuid` for any other form
 */
export function uuidToBytes(uuid: string): Uint8Array {
  if (typeof uuid !== 'string' || !CANONICAL.test(uuid)) {
    throw new CertError('uuid', 'uuid must be lower-case text of the form 8-4-4-4-12');
  }
  const digits = uuid.replaceAll('-', '');
  return Uint8Array.from({ length: 16 }, (_, index) => parseInt(digits.slice(2 * index, 2 * index + 2), 16));
}

/**
 * The canonical text of a UUID. Any 16 bytes have one; version and variant bits are not looked at.
 *
 * @throws CertError `uuid` unless there are 16 bytes
 */
export function uuidFromBytes(bytes: Uint8Array): string {
  requireLength(bytes, 16, 'uuid', 'uuid');
  const hex = toHex(bytes);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
