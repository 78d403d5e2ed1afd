import type { RecordColumn } from './dialect.js';

const CASTS = { text: 'text', int: 'bigint', real: 'double precision' } as const;

/**
 * `VALUES (…), (…)` with numbered parameters, `first` on. Both databases name its columns `column1`,
 * `column2` … PostgreSQL takes the types from the first row's casts; SQLite needs none, and its casts change nothing.
 */
export function valuesList(rows: number, types: readonly RecordColumn[], first = 1): string {
  let parameter = first;
  const lines = Array.from({ length: rows }, (_, row) => {
    const cells = types.map((type) => {
      const name = `$${parameter++}`;
      return row === 0 ? `CAST(${name} AS ${CASTS[type]})` : name;
    });
    return `(${cells.join(', ')})`;
  });
  return `VALUES ${lines.join(', ')}`;
}
