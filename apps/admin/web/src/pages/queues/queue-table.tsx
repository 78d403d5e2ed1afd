import { Link } from '@tanstack/react-router';
import type { QueueSummary } from '../../api/contract.js';
import { durationText } from '../../format/duration.js';
import { NO_VALUE, wholeText } from '../../format/number-text.js';
import { Badge } from '../../ui/badge.js';
import { DataTable, type Column } from '../../ui/data-table.js';
import { Empty } from '../../ui/page-states.js';

const wait = (ms: number | null): string => (ms === null ? NO_VALUE : durationText(ms));

const COLUMNS: Column<QueueSummary>[] = [
  {
    header: 'Queue',
    wide: true,
    cell: (queue) => (
      <>
        <Link to="/queues/$name" params={{ name: queue.name }}>
          {queue.name}
        </Link>{' '}
        {queue.configured ? null : (
          <Badge
            word={{ label: 'Not configured', tone: 'notice', meaning: 'It is not in the queues file' }}
          />
        )}
      </>
    ),
  },
  { header: 'Waiting', cell: (queue) => wholeText(queue.waiting), numeric: true },
  { header: 'Mean wait', cell: (queue) => wait(queue.meanWaitMs), numeric: true },
  { header: 'Longest wait', cell: (queue) => wait(queue.longestWaitMs), numeric: true },
  { header: 'Matches, 10 min', cell: (queue) => wholeText(queue.matchesMade), numeric: true },
  { header: 'Players, 10 min', cell: (queue) => wholeText(queue.playersMatched), numeric: true },
  { header: 'Their wait', cell: (queue) => wait(queue.meanWaitToMatchMs), numeric: true },
  {
    header: 'Servers free',
    numeric: true,
    cell: (queue) =>
      queue.serversFree === 0 ? (
        <Badge word={{ label: 'none', tone: 'wrong', meaning: 'No server could take a match of it now' }} />
      ) : (
        wholeText(queue.serversFree)
      ),
  },
];

/** The queues, each in a line. */
export function QueueTable({ queues }: { queues: QueueSummary[] }) {
  if (queues.length === 0) return <Empty>No queue is configured.</Empty>;
  return <DataTable caption="queues" columns={COLUMNS} rows={queues} rowKey={(queue) => queue.name} />;
}
