import { StoreError } from '../store-error.js';
import type { Dialect } from './dialect.js';
import { JsonText } from './text.js';

/** Length of a UUID's text. */
const ID_LENGTH = 36;
/** Digits of a number: 0 to 999,999. */
const NUMBER_LENGTH = 6;

/**
 * Rows of UUIDs and small whole numbers, each one text with the columns at fixed places, all in a JSON array. It
 * is the largest thing that a tick writes: SQLite reads it in half the time that as many JSON objects take, and
 * it is joined rather than stringified, since nothing in it needs escaping.
 */
export class PackedRows {
  readonly #width: number;

  /** @param ids names of the UUID columns, @param numbers of the number columns, which follow them */
  constructor(
    private readonly ids: readonly string[],
    private readonly numbers: readonly string[],
  ) {
    this.#width = ids.length * ID_LENGTH + numbers.length * NUMBER_LENGTH;
  }

  /**
   * The parameter that holds rows: of each its UUIDs and {@link digits} of its numbers, one after another.
   * @throws StoreError `invalid_value` for a row of another length
   */
  parameter(rows: readonly string[]): JsonText {
    if (rows.some((row) => row.length !== this.#width)) {
      throw new StoreError('invalid_value', 'an id is not the text of a UUID, or a number is above 999,999');
    }
    return new JsonText(rows.length === 0 ? '[]' : `["${rows.join('","')}"]`);
  }

  /** The FROM item that reads the parameter. */
  from(dialect: Dialect, alias: string, parameter: string): string {
    const ids = this.ids.map((name, n) => `substr(e.value, ${1 + n * ID_LENGTH}, ${ID_LENGTH}) AS ${name}`);
    const start = 1 + this.ids.length * ID_LENGTH;
    const numbers = this.numbers.map(
      (name, n) =>
        `CAST(substr(e.value, ${start + n * NUMBER_LENGTH}, ${NUMBER_LENGTH}) AS integer) AS ${name}`,
    );
    const columns = [...ids, ...numbers].join(', ');
    return `(SELECT ${columns} FROM ${dialect.textRows('e', parameter)}${dialect.keepWhole}) AS ${alias}`;
  }
}

/** A number as a packed row holds it. */
export function digits(number: number): string {
  return number < 10 ? `00000${number}` : String(number).padStart(NUMBER_LENGTH, '0');
}
