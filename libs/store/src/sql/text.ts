import { StoreError } from '../store-error.js';

/** NUL, which PostgreSQL text cannot hold, and halves of surrogate pairs, which UTF-8 cannot. */
const UNSTORABLE = /\0|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;
const UNSTORABLE_ALL = new RegExp(UNSTORABLE, 'g');
/** The same characters as `JSON.stringify` escapes them; an even number of backslashes before is text. */
const UNSTORABLE_ESCAPE = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/;

/** Refuses text that one of the databases would refuse or change. */
export function assertStorable(text: string): void {
  if (UNSTORABLE.test(text)) throw unstorable();
}

/** Replaces what cannot be stored by U+FFFD. For text of game servers, which must not stop a bulk write. */
export function cleanText(text: string): string {
  return UNSTORABLE.test(text) ? text.replace(UNSTORABLE_ALL, '\ufffd') : text;
}

/** A JSON parameter, checked once when it was made. */
export class JsonText {
  constructor(readonly text: string) {}
}

/** Turns a value into a JSON parameter for `json_each` and `json_to_recordset`. */
export function json(value: unknown): JsonText {
  const text = JSON.stringify(value);
  if (text.includes('\\u') && UNSTORABLE_ESCAPE.test(text)) throw unstorable();
  return new JsonText(text);
}

function unstorable(): StoreError {
  return new StoreError('invalid_text', 'a text holds a NUL or half of a surrogate pair');
}
