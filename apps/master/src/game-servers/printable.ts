/**
 * C0 and C1 controls, DEL, line and paragraph separators, and the bidirectional marks and overrides: what could
 * move the cursor of a terminal, forge a line of a log, or show text in another order than it is stored.
 */
const UNPRINTABLE =
  /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/g;

/** Escapes of the common ones; the rest become `\u{…}`. */
const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** Text of a game server as it may be shown and logged: on one line, in the order in which it is stored. */
export function printable(text: string): string {
  return text.replace(
    UNPRINTABLE,
    (character) => SHORT[character] ?? `\\u{${character.charCodeAt(0).toString(16)}}`,
  );
}
