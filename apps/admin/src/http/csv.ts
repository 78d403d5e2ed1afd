/** A value of a cell. */
export type Cell = string | number | boolean | null;

/** Columns of a file: a heading, and how its cells are had from a row. */
export type CsvColumns<Row> = readonly (readonly [heading: string, cell: (row: Row) => Cell])[];

/**
 * Where a spreadsheet would see a formula begin: in front, and behind whatever separates cells for those that do not go by commas
 * (in half of Europe a list separator is a semicolon), past blanks and quotation marks that it drops. Where Japanese is
 * written the wide forms count as well.
 */
const FORMULA = /(^|[;\t\r\n])([\s"]*)(?=[=+\-@|%\uff1d\uff0b\uff0d\uff20])/g;

/**
 * Rows as CSV (RFC 4180) with a heading, UTF-8. Text that a spreadsheet would take for a formula gets an apostrophe in front:
 * names in it come from strangers.
 */
export function toCsv<Row>(columns: CsvColumns<Row>, rows: readonly Row[]): string {
  const lines = [
    columns.map(([heading]) => quoted(heading)),
    ...rows.map((row) => columns.map(([, cell]) => text(cell(row)))),
  ];
  return lines.map((cells) => `${cells.join(',')}\r\n`).join('');
}

/** A time as CSV has it, ISO 8601; empty for none. */
export function csvTime(at: number | null): string | null {
  return at === null || Math.abs(at) > 8_640_000_000_000_000 ? null : new Date(at).toISOString();
}

function text(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell !== 'string') return String(cell);
  return quoted(cell.replace(FORMULA, "$1$2'"));
}

function quoted(value: string): string {
  return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
