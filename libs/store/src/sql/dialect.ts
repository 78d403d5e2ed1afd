import { postgresPacked, sqlitePacked, type PackedForm } from './packed-form.js';

/** Types a column of a JSON record set can have. */
export type RecordColumn = 'text' | 'int' | 'real';

/** The few places where the two databases need different words for the same thing. */
export interface Dialect {
  readonly name: 'sqlite' | 'postgres';
  /** Whether nobody else can write while a write is open: what that reads in several statements is of one moment. */
  readonly oneWriter: boolean;
  /** `FOR UPDATE` where rows can be locked; on SQLite the whole file already is. */
  readonly forUpdate: string;
  /** Turns `$1`, `$2` … into the database's own numbered parameters. */
  placeholders(sql: string): string;
  /** A FROM item: the rows of a JSON array of objects, one column per member named. */
  recordset(alias: string, parameter: string, columns: Readonly<Record<string, RecordColumn>>): string;
  /** How rows of one width travel. */
  readonly packed: PackedForm;
  /** A condition: the column is among the members of a JSON array of strings. */
  among(column: string, parameter: string): string;
  /** The same members as a parenthesised sub-select. */
  strings(parameter: string): string;
  /** An aggregate: a column as a JSON array. Reals lose digits on SQLite (15 are kept). */
  jsonColumn(column: string): string;
  /** An aggregate: real numbers as a JSON list, in millionths. To print and to read fractions takes twice as long. */
  jsonMillionths(column: string): string;
  /** An aggregate: the texts of the rows that meet the condition, joined by commas; empty for none. */
  joined(text: string, condition: string): string;
  /** A text that is compared and sorted by its bytes. */
  bytewise(text: string): string;
  /** The character that sorts, by bytes, behind all others. */
  readonly lastCharacter: string;
  /**
   * Ends a sub-select that must stay whole: flattened into a join, SQLite may run through it once for every row
   * of a table.
   */
  readonly keepWhole: string;
  /** Inserted after a CREATE TABLE whose rows should lie in their primary key's order. */
  readonly clusteredByKey: string;
  /** The column definition of an integer key that the database counts up. */
  readonly countingKey: string;
}

const POSTGRES_TYPES = { text: 'text', int: 'bigint', real: 'double precision' } as const;

const KEEP_WHOLE = ' LIMIT -1';

export const sqlite: Dialect = {
  name: 'sqlite',
  oneWriter: true,
  forUpdate: '',
  placeholders: (sql) => sql.replace(/\$(\d+)/g, '?$1'),
  recordset: (alias, parameter, columns) =>
    `(SELECT ${Object.keys(columns)
      .map((name) => `value ->> '${name}' AS ${name}`)
      .join(', ')} FROM json_each(${parameter})${KEEP_WHOLE}) AS ${alias}`,
  packed: sqlitePacked,
  among: (column, parameter) => `${column} IN (SELECT value FROM json_each(${parameter}))`,
  strings: (parameter) => `(SELECT value FROM json_each(${parameter}))`,
  jsonColumn: (column) => `json_group_array(${column})`,
  jsonMillionths: (column) => `json_group_array(CAST(round(${column} * 1e6) AS integer))`,
  joined: (text, condition) => `coalesce(group_concat(${text}, ',') FILTER (WHERE ${condition}), '')`,
  bytewise: (text) => text,
  lastCharacter: 'char(1114111)',
  keepWhole: KEEP_WHOLE,
  clusteredByKey: ' WITHOUT ROWID',
  countingKey: 'integer PRIMARY KEY AUTOINCREMENT NOT NULL',
};

export const postgres: Dialect = {
  name: 'postgres',
  oneWriter: false,
  forUpdate: ' FOR UPDATE',
  placeholders: (sql) => sql,
  recordset: (alias, parameter, columns) =>
    `json_to_recordset(${parameter}::json) AS ${alias}(${Object.entries(columns)
      .map(([name, type]) => `${name} ${POSTGRES_TYPES[type]}`)
      .join(', ')})`,
  packed: postgresPacked,
  // With IN the planner expects a hundred members and reads a table whole as long as it is small.
  among: (column, parameter) =>
    `${column} = ANY (ARRAY(SELECT json_array_elements_text(${parameter}::json)))`,
  strings: (parameter) => `(SELECT json_array_elements_text(${parameter}::json))`,
  jsonColumn: (column) => `coalesce(json_agg(${column}), '[]'::json)::text`,
  // SQLite takes what is beyond its whole numbers for the largest of them; here the tick would fail.
  jsonMillionths: (column) =>
    `coalesce(json_agg(round(CASE WHEN abs(${column}) < 1e12 THEN ${column} ELSE sign(${column}) * 1e12 END * 1e6)), '[]'::json)::text`,
  joined: (text, condition) => `coalesce(string_agg(${text}, ',') FILTER (WHERE ${condition}), '')`,
  bytewise: (text) => `${text} COLLATE "C"`,
  lastCharacter: 'chr(1114111)',
  keepWhole: '',
  clusteredByKey: '',
  countingKey: 'bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY',
};
