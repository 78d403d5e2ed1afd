import { getRouteApi, Link } from '@tanstack/react-router';
import { useEndpoint, useList } from '../../api/use-endpoint.js';
import type { QueueEntryView, QueueSummary } from '../../api/contract.js';
import { HistogramPlot } from '../../charts/histogram-plot.js';
import { durationText } from '../../format/duration.js';
import { NO_VALUE, wholeText } from '../../format/number-text.js';
import { useLive } from '../../live/live-context.js';
import { Elapsed, Time } from '../../time/time.js';
import { Badge } from '../../ui/badge.js';
import { Choice } from '../../ui/choice.js';
import type { Column } from '../../ui/data-table.js';
import { EndlessTable } from '../../ui/endless-table.js';
import { ExportButton } from '../../ui/export-button.js';
import { Fact, Facts } from '../../ui/facts.js';
import { PageHeader, Section } from '../../ui/page-header.js';
import { Failure, Loading } from '../../ui/page-states.js';
import { QueueConfig } from './queue-config.js';
import { RemoveEntry } from './remove-entry.js';

const route = getRouteApi('/queues/$name');
const SORTS = [
  { value: 'wait', label: 'Longest wait first' },
  { value: 'rating', label: 'Highest rating first' },
] as const;

/** One queue: who waits and why, and how ratings and waits are spread. */
export function QueuePage() {
  const { name } = route.useParams();
  const { sort } = route.useSearch();
  const navigate = route.useNavigate();
  const params = { name };
  const queue = useEndpoint('GET /api/queues/:name', { params }, { every: 10_000 });
  const summaries = useEndpoint('GET /api/queues', {});
  const entriesInput = { params, query: { sort } };
  const entries = useList('GET /api/queues/:name/entries', entriesInput, { every: 3000 });
  useLive({ topics: ['queues'] });
  // The events bring the summary every second; the rest of the page is loaded less often.
  const summary = summaries.data?.find((one) => one.name === name) ?? queue.data;

  if (queue.data === undefined || summary === undefined) {
    return (
      <>
        <PageHeader title={name} path={<Link to="/queues">Queues</Link>} />
        {queue.error ? (
          <Failure
            what="The queue cannot be shown."
            error={queue.error}
            onRetry={() => void queue.refetch()}
          />
        ) : (
          <Loading what="the queue" />
        )}
      </>
    );
  }
  const { distribution, config } = queue.data;
  return (
    <>
      <PageHeader
        title={name}
        path={<Link to="/queues">Queues</Link>}
        aside={
          summary.configured ? null : (
            <Badge
              word={{ label: 'Not configured', tone: 'notice', meaning: 'It is not in the queues file' }}
            />
          )
        }
      />
      <QueueFacts summary={summary} />
      <Section
        title="Who waits"
        aside={
          <div className="filters">
            <Choice
              label="Order"
              options={SORTS}
              value={sort ?? 'wait'}
              onChange={(next) => void navigate({ search: { sort: next }, replace: true })}
            />
            <ExportButton
              name="GET /api/queues/:name/entries"
              input={entriesInput}
              fileName={`queue-${name}`}
            />
          </div>
        }
      >
        <EndlessTable
          what="players who wait"
          query={entries}
          columns={entryColumns(name)}
          rowKey={(entry) => entry.accountId}
          empty="Nobody waits."
        />
      </Section>
      <Section title="Distribution">
        <div className="plots">
          <HistogramPlot title="Waits now" histogram={distribution.waits} unit=" s" />
          <HistogramPlot title="Ratings of those who wait" histogram={distribution.waitingRatings} />
          <HistogramPlot title="Ratings of everybody" histogram={distribution.ratings} />
        </div>
      </Section>
      {config === null ? null : (
        <Section title="Configuration">
          <QueueConfig config={config} />
        </Section>
      )}
    </>
  );
}

function QueueFacts({ summary }: { summary: QueueSummary }) {
  const wait = (ms: number | null): string => (ms === null ? NO_VALUE : durationText(ms));
  return (
    <Facts>
      <Fact name="Waiting">{wholeText(summary.waiting)}</Fact>
      <Fact name="Mean wait now">{wait(summary.meanWaitMs)}</Fact>
      <Fact name="Longest wait now">{wait(summary.longestWaitMs)}</Fact>
      <Fact name="Matches in 10 min">{wholeText(summary.matchesMade)}</Fact>
      <Fact name="Players matched in 10 min">{wholeText(summary.playersMatched)}</Fact>
      <Fact name="Wait until matched">{wait(summary.meanWaitToMatchMs)}</Fact>
      <Fact name="Servers free">{wholeText(summary.serversFree)}</Fact>
    </Facts>
  );
}

function entryColumns(queue: string): Column<QueueEntryView>[] {
  return [
    {
      header: 'Player',
      cell: (entry) => (
        <Link to="/players/$id" params={{ id: entry.accountId }}>
          {entry.displayName}
        </Link>
      ),
    },
    { header: 'Wait', cell: (entry) => <Elapsed since={entry.joinedAt} />, numeric: true },
    { header: 'Rating', cell: (entry) => wholeText(entry.rating), numeric: true },
    {
      header: 'Window',
      cell: (entry) => (entry.window === null ? NO_VALUE : `±${wholeText(entry.window)}`),
      numeric: true,
    },
    { header: 'Nearest', cell: (entry) => wholeText(entry.nearest), numeric: true },
    { header: 'Why not matched', cell: (entry) => entry.reason ?? NO_VALUE, wide: true },
    {
      header: 'Party',
      cell: (entry) => (entry.partyId ? <code>{entry.partyId.slice(0, 8)}</code> : NO_VALUE),
    },
    { header: 'Last sign', cell: (entry) => <Time at={entry.lastSeen} /> },
    { header: 'Action', cell: (entry) => <RemoveEntry queue={queue} entry={entry} /> },
  ];
}
