import type { Response } from 'express';
import type { Page } from '../api/contract.js';
import { toCsv, type CsvColumns } from './csv.js';
import type { ListQuery } from './list.dto.js';
import { Problem } from './problem.js';

const DEFAULT_LIMIT = 50;
/** Rows of a file at most. */
export const CSV_ROWS = 10_000;
const CSV_PAGE = 500;

/** A list that knows how to go on: `after` is the last row of the page before. */
export interface ListSource<Row> {
  /** Name of the file, without its end. */
  name: string;
  columns: CsvColumns<Row>;
  /** What the cursor is made of; it stands in URLs and is checked when it comes back. */
  cursorOf: (row: Row) => string;
  /** Rows after a cursor; @throws Problem for one that is none */
  read: (page: { limit: number; cursor: string | undefined }) => Promise<Row[]>;
}

/** Answers with a page, or with all rows as a file. */
export async function answerList<Row>(
  query: ListQuery,
  response: Response,
  source: ListSource<Row>,
): Promise<Page<Row> | string> {
  if (query.format !== 'csv') return onePage(source, query.limit ?? DEFAULT_LIMIT, query.cursor);
  const rows: Row[] = [];
  let cursor: string | null | undefined = query.cursor;
  while (cursor !== null && rows.length < CSV_ROWS) {
    const page: Page<Row> = await onePage(source, Math.min(CSV_PAGE, CSV_ROWS - rows.length), cursor);
    rows.push(...page.items);
    cursor = page.next;
  }
  response.setHeader('Content-Type', 'text/csv; charset=utf-8');
  response.setHeader('Content-Disposition', `attachment; filename="${source.name}.csv"`);
  // Said, since a file that ends looks the same as one that was cut.
  if (cursor !== null) response.setHeader('X-Truncated', String(CSV_ROWS));
  return toCsv(source.columns, rows);
}

async function onePage<Row>(
  source: ListSource<Row>,
  limit: number,
  cursor: string | undefined,
): Promise<Page<Row>> {
  // One more than asked for tells whether there is a next page.
  const rows = await source.read({ limit: limit + 1, cursor });
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, next: rows.length > limit && last !== undefined ? source.cursorOf(last) : null };
}

/** A cursor that is a whole number. */
export function numberCursor(cursor: string | undefined): number | undefined {
  if (cursor === undefined) return undefined;
  if (!/^\d{1,15}$/.test(cursor)) throw badCursor();
  return Number(cursor);
}

/** A cursor `<number>.<id>`. */
export function pairCursor(cursor: string | undefined): { number: number; id: string } | undefined {
  if (cursor === undefined) return undefined;
  const [, number, id] = /^(\d{1,16})\.([0-9a-f-]{1,64})$/.exec(cursor) ?? [];
  if (number === undefined || id === undefined) throw badCursor();
  return { number: Number(number), id };
}

/** A cursor that is an id. */
export function idCursor(cursor: string | undefined): string | undefined {
  if (cursor !== undefined && !/^[0-9a-f-]{1,64}$/.test(cursor)) throw badCursor();
  return cursor;
}

function badCursor(): Problem {
  return new Problem('validation', 'See "errors" for what is not acceptable.', {
    errors: [{ field: 'cursor', message: 'is not the "next" of a page' }],
  });
}

/** A list that is in memory whole; the cursor is a place in it. */
export function inMemory<Row>(rows: readonly Row[]): Pick<ListSource<Row>, 'read' | 'cursorOf'> {
  const places = new Map(rows.map((row, place) => [row, place]));
  return {
    cursorOf: (row) => String((places.get(row) ?? rows.length) + 1),
    read: ({ limit, cursor }) => {
      const from = numberCursor(cursor) ?? 0;
      return Promise.resolve(rows.slice(from, from + limit));
    },
  };
}
