import { types } from 'node:util';

/**
 * A name whose value never reaches a log. The end of the name decides, so `accessToken`, `db_password` and
 * `RANKED_DATABASE_KEY` are caught, while `ticketId`, `keyId` and `tokenDigest` stay readable.
 */
const SECRET_NAME =
  /(?:password|passphrase|secret|token|ticket|authorization|cookie|credential|credentials|key|seed|databaseurl)$/;
const PUBLIC_NAMES = new Set(['publickey', 'masterpublickey']);

/** How deep a logged object is followed; anything deeper is left out. */
const MAX_DEPTH = 6;
const MAX_ITEMS = 100;

export const REDACTED = '[redacted]';

/** True if the value under this name must not be logged. */
export function isSecretName(name: string): boolean {
  const plain = name.toLowerCase().replace(/[-_]/g, '');
  return SECRET_NAME.test(plain) && !PUBLIC_NAMES.has(plain);
}

/**
 * A copy of `value` fit for a log: secret-like members replaced, bytes shown by their length only, errors reduced
 * to name, code, message and stack (an ORM's error carries the statement's parameters), depth and width limited.
 */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return withoutUrlPassword(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  // Also errors of another realm, such as a worker's or a native driver's.
  if (value instanceof Error || types.isNativeError(value)) return describeError(value, depth);
  if (value instanceof Date) return value.toISOString();
  if (depth >= MAX_DEPTH) return '[deeper]';
  if (Array.isArray(value)) {
    const items = value.slice(0, MAX_ITEMS).map((item) => redact(item, depth + 1));
    return value.length > MAX_ITEMS ? [...items, `[${value.length - MAX_ITEMS} more]`] : items;
  }
  return redactMembers(value as Record<string, unknown>, depth);
}

/** {@link redact} for the top level of a log line or of a child logger's bindings. */
export function redactMembers(record: Record<string, unknown>, depth = 0): Record<string, unknown> {
  const clean: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(record)) {
    const scalar =
      typeof value === 'number' || typeof value === 'boolean' || value === null || value === undefined;
    clean[name] = !scalar && isSecretName(name) ? REDACTED : redact(value, depth + 1);
  }
  return clean;
}

/** `postgres://user:password@host` under whatever name. */
function withoutUrlPassword(text: string): string {
  return text.includes('://') ? text.replace(/(:\/\/[^\s/:@]*):[^\s/@]*@/g, `$1:${REDACTED}@`) : text;
}

function describeError(error: Error, depth: number): Record<string, unknown> {
  const code = (error as { code?: unknown }).code;
  return {
    type: error.name,
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    message: withoutUrlPassword(error.message),
    stack: withoutUrlPassword(error.stack ?? ''),
    ...(error.cause !== undefined && depth < MAX_DEPTH ? { cause: redact(error.cause, depth + 1) } : {}),
  };
}
