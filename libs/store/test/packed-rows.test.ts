import fc from 'fast-check';
import type { ReadTx, Store } from '../src/index.js';
import { sqlite } from '../src/sql/dialect.js';
import { MAX_PACKED_ROWS } from '../src/sql/packed-form.js';
import { large, PackedRows, small } from '../src/sql/packed-rows.js';
import { DIALECTS } from './databases.js';
import { withStore } from './with-store.js';

interface Row {
  readonly one: string;
  readonly other: string;
  readonly number: number;
  readonly time: number;
}

const ROWS = new PackedRows({ ids: ['one', 'other'], smalls: ['number'], larges: ['time'] });

const packed = ({ one, other, number, time }: Row) => `${one}${other}${small(number)}${large(time)}`;
const row: fc.Arbitrary<Row> = fc.record({
  one: fc.uuid(),
  other: fc.uuid(),
  number: fc.integer({ min: 0, max: 999_999 }),
  time: fc.integer({ min: 0, max: 9_999_999_999_999 }),
});

describe.each(DIALECTS)('packed rows on %s', (dialect) => {
  let store: Store;
  withStore(dialect, (parts) => ({ store } = parts));

  /** What the database reads out of the rows, in their order. */
  const read = (rows: readonly string[]) =>
    store.read(async (tx: ReadTx) => {
      const { source, column } = ROWS.read(tx.dialect, '$1');
      const names = ['one', 'other', 'number', 'time'] as const;
      const found: Row[] = [];
      for (const part of ROWS.parameters(tx.dialect, rows)) {
        const columns = names.map((name) => `${column[name]} AS "${name}"`).join(', ');
        found.push(...(await tx.rows<Row>(`SELECT ${columns} FROM ${source}`, [part])));
      }
      return found;
    });

  it('are read as they were written', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 30 }), async (rows) => {
        expect(await read(rows.map(packed))).toEqual(rows);
      }),
      { numRuns: 50 },
    );
  });

  it.each([MAX_PACKED_ROWS - 1, MAX_PACKED_ROWS, MAX_PACKED_ROWS + 1, 2 * MAX_PACKED_ROWS + 1])(
    'are all read when they are %d',
    async (count) => {
      const [sample] = fc.sample(row, { numRuns: 1, seed: 1 });
      if (sample === undefined) throw new Error('no sample');
      const rows = Array.from({ length: count }, (_, number) => ({ ...sample, number }));
      expect(await read(rows.map(packed))).toEqual(rows);
    },
  );

  it('are refused when one has another length', async () => {
    const [sample] = fc.sample(row, { numRuns: 1, seed: 1 });
    if (sample === undefined) throw new Error('no sample');
    for (const wrong of [packed(sample).slice(1), `${packed(sample)}0`, packed({ ...sample, number: 1e6 })]) {
      await expect(read([packed(sample), wrong])).rejects.toMatchObject({ code: 'invalid_value' });
    }
  });
});

it('packed rows are refused on SQLite when they are not ASCII, since a BLOB would be cut elsewhere', () => {
  const rows = [`${'é'.repeat(36)}${'0'.repeat(36)}${small(0)}${large(0)}`];
  expect(() => [...ROWS.parameters(sqlite, rows)]).toThrow(
    expect.objectContaining({ code: 'invalid_value' }),
  );
});
