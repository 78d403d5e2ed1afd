import type { MasterNode } from '../../api/contract.js';
import { durationText } from '../../format/duration.js';
import { tenthsText, wholeText } from '../../format/number-text.js';
import { Time } from '../../time/time.js';
import { Badge } from '../../ui/badge.js';
import { DataTable, type Column } from '../../ui/data-table.js';
import { Empty } from '../../ui/page-states.js';

/** A clock further off than this is no longer a matter of the sample's age, ms. */
const CLOCK_OFF_MS = 16_000;

const COLUMNS: Column<MasterNode>[] = [
  { header: 'Master', cell: (node) => <code>{node.nodeId}</code>, wide: true },
  {
    header: 'State',
    cell: (node) =>
      node.present ? (
        <Badge word={{ label: 'Present', tone: 'good', meaning: 'A sample came in the last half minute' }} />
      ) : (
        <Badge word={{ label: 'Gone', tone: 'notice', meaning: 'No sample for half a minute' }} />
      ),
  },
  { header: 'Sample', cell: (node) => <Time at={node.at} /> },
  { header: 'Players', cell: (node) => wholeText(node.playersConnected), numeric: true },
  { header: 'Servers', cell: (node) => wholeText(node.serversConnected), numeric: true },
  { header: 'Last tick', cell: (node) => `${tenthsText(node.tickMs)} ms`, numeric: true },
  { header: 'Longest tick', cell: (node) => `${tenthsText(node.tickLongestMs)} ms`, numeric: true },
  { header: 'Failed ticks', cell: (node) => wholeText(node.ticksFailed), numeric: true },
  {
    header: 'Clock',
    cell: (node) =>
      Math.abs(node.clockOffsetMs) > CLOCK_OFF_MS ? `${durationText(node.clockOffsetMs)} off` : 'right',
  },
];

/** The masters, as their last samples tell. */
export function NodeTable({ nodes }: { nodes: MasterNode[] }) {
  if (nodes.length === 0) return <Empty>No master has ever reported to this database.</Empty>;
  return <DataTable caption="masters" columns={COLUMNS} rows={nodes} rowKey={(node) => node.nodeId} />;
}
