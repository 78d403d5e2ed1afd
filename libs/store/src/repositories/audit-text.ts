import type { JsonValue } from '../result-digest.js';

/** Longest detail of an entry, characters of JSON. */
const MAX_DETAIL = 4_000;
const MAX_VALUE = 400;
const MAX_DEPTH = 3;
const MAX_MEMBERS = 32;

/**
 * Everything that could move a cursor, end a line, hide or turn text around, or that a database does not store: all control,
 * format, private-use, unassigned and surrogate characters, and line and paragraph separators.
 */
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}]/gu;

/** Text on one line, in the order in which it is stored, with at most `max` characters; what was cut ends with `…`. */
export function oneLine(text: string, max: number): string {
  // Cut before as well: a long text is not worth escaping whole.
  const shown = text
    .slice(0, max + 1)
    .replace(UNPRINTABLE, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
  return shown.length <= max ? shown : `${shown.slice(0, max - 1)}…`;
}

/** The detail of an entry as JSON text, every string in it on one line, with bounds on length, width and depth. */
export function plainDetail(detail: Readonly<Record<string, JsonValue>>): string {
  const text = JSON.stringify(plain(detail, 0));
  return text.length <= MAX_DETAIL ? text : JSON.stringify({ cut: `${text.length} characters` });
}

function plain(value: JsonValue, depth: number): JsonValue {
  if (typeof value === 'string') return oneLine(value, MAX_VALUE);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= MAX_DEPTH) return '…';
  if (Array.isArray(value)) return value.slice(0, MAX_MEMBERS).map((item) => plain(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value)
      .slice(0, MAX_MEMBERS)
      .map(([name, member]) => [oneLine(name, 64), plain(member ?? null, depth + 1)]),
  );
}
