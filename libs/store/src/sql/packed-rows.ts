import { StoreError } from '../store-error.js';
import type { SqlParameter } from './connection.js';
import type { Dialect } from './dialect.js';
import { MAX_PACKED_ROWS } from './packed-form.js';

/** Length of a UUID's text. */
const ID_LENGTH = 36;
/** Digits of a small number: 0 to 999,999. */
const SMALL_LENGTH = 6;
/** Digits of a large one, as of a time in Unix ms: until the year 2286. */
const LARGE_LENGTH = 13;

/** What a row consists of; its columns follow one another in this order. */
type Columns<Name extends string> = Readonly<
  Record<'ids', readonly Name[]> & Partial<Record<'smalls' | 'larges', readonly Name[]>>
>;

interface Place {
  readonly at: number;
  readonly length: number;
  /** What its text becomes; undefined for a text. */
  readonly type?: 'integer' | 'bigint';
}

/**
 * Rows of UUIDs and whole numbers from 0, each one text with the columns at fixed places. They are the
 * largest thing that a tick writes, and nothing is read by either database in less time.
 */
export class PackedRows<Name extends string> {
  readonly #places = new Map<Name, Place>();
  readonly #width: number;

  constructor({ ids, smalls = [], larges = [] }: Columns<Name>) {
    let at = 0;
    const add = (name: Name, place: Omit<Place, 'at'>): void => {
      this.#places.set(name, { at, ...place });
      at += place.length;
    };
    for (const name of ids) add(name, { length: ID_LENGTH });
    for (const name of smalls) add(name, { length: SMALL_LENGTH, type: 'integer' });
    for (const name of larges) add(name, { length: LARGE_LENGTH, type: 'bigint' });
    this.#width = at;
  }

  /**
   * How a statement reads rows out of its parameter `$…`: a FROM item, the expression of each column, which names that item `r`, and
   * all of these in order.
   */
  read(
    dialect: Dialect,
    parameter: string,
  ): { readonly source: string; readonly column: Readonly<Record<Name, string>>; readonly columns: string } {
    const column = Object.fromEntries(
      [...this.#places].map(([name, { at, length, type }]) => {
        const text = dialect.packed.text('r', parameter, at, length);
        return [name, type === undefined ? text : `CAST(${text} AS ${type})`];
      }),
    ) as Record<Name, string>;
    return {
      source: dialect.packed.source('r', parameter, this.#width),
      column,
      columns: Object.values(column).join(', '),
    };
  }

  /**
   * The parameters that hold rows, {@link MAX_PACKED_ROWS} in each: of each row its UUIDs, its {@link small} numbers and its {@link large}
   * ones, one after another.
   * @throws StoreError `invalid_value` for a row of another length, or on SQLite not of ASCII
   */
  *parameters(dialect: Dialect, rows: readonly string[]): Generator<SqlParameter> {
    for (let at = 0; at < rows.length; at += MAX_PACKED_ROWS) {
      const part = rows.slice(at, at + MAX_PACKED_ROWS);
      if (part.some((row) => row.length !== this.#width)) {
        throw new StoreError('invalid_value', 'an id is not the text of a UUID, or a number is too large');
      }
      yield dialect.packed.parameter(part);
    }
  }
}

/** A number of at most six digits as a packed row holds it. */
export function small(number: number): string {
  return number < 10 ? `00000${number}` : String(number).padStart(SMALL_LENGTH, '0');
}

/** A number of at most thirteen digits, such as a time in Unix ms, as a packed row holds it. */
export function large(number: number): string {
  return String(number).padStart(LARGE_LENGTH, '0');
}
