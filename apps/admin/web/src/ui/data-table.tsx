import type { Key, ReactNode } from 'react';

export interface Column<Row> {
  header: string;
  cell: (row: Row) => ReactNode;
  /** Set right, in figures of one width. */
  numeric?: boolean;
  /** May take what room is left. */
  wide?: boolean;
}

export interface DataTableProps<Row> {
  /** What the table lists; read out, not shown. */
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => Key;
  /** Rows that stand out. */
  isMarked?: (row: Row) => boolean;
}

/**
 * A table whose first column heads its row. On a phone each row becomes a card; the roles are written out because a table that
 * is laid out otherwise is no table for some screen readers.
 */
export function DataTable<Row>({ caption, columns, rows, rowKey, isMarked }: DataTableProps<Row>) {
  return (
    <div className="table-scroll">
      <table role="table" className="data-table">
        <caption className="visually-hidden">{caption}</caption>
        <thead role="rowgroup">
          <tr role="row">
            {columns.map((column) => (
              <th key={column.header} role="columnheader" scope="col" className={columnClass(column)}>
                {column.header}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {rows.map((row) => (
            <tr role="row" key={rowKey(row)} className={isMarked?.(row) ? 'marked' : undefined}>
              {columns.map((column, index) =>
                index === 0 ? (
                  <th key={column.header} role="rowheader" scope="row" className={columnClass(column)}>
                    {column.cell(row)}
                  </th>
                ) : (
                  <td
                    key={column.header}
                    role="cell"
                    data-label={column.header}
                    className={columnClass(column)}
                  >
                    {column.cell(row)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function columnClass<Row>(column: Column<Row>): string | undefined {
  if (column.numeric) return 'numeric';
  return column.wide ? 'wide' : undefined;
}
