import type { Overview } from '../../api/contract.js';
import { wholeText } from '../../format/number-text.js';
import { DataTable, type Column } from '../../ui/data-table.js';
import { Empty } from '../../ui/page-states.js';

type Cause = Overview['refusals']['byCause'][number];

const COLUMNS: Column<Cause>[] = [
  { header: 'Cause', cell: (row) => row.cause, wide: true },
  { header: 'Count', cell: (row) => wholeText(row.count), numeric: true },
];

/** Handshakes and requests that were refused, by cause. */
export function RefusalTable({ refusals }: { refusals: Overview['refusals'] }) {
  if (refusals.byCause.length === 0) return <Empty>Nothing was refused.</Empty>;
  return (
    <DataTable
      caption="refusals by cause"
      columns={COLUMNS}
      rows={refusals.byCause}
      rowKey={(row) => row.cause}
    />
  );
}
