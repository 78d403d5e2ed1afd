import { getRouteApi, Link } from '@tanstack/react-router';
import type { MatchQuery, MatchRow } from '../../api/contract.js';
import { useEndpoint, useList } from '../../api/use-endpoint.js';
import { durationText } from '../../format/duration.js';
import { NO_VALUE, wholeText } from '../../format/number-text.js';
import { matchTag } from '../../format/short-id.js';
import { MATCH_STATES } from '../../format/state-words.js';
import { useLive } from '../../live/live-context.js';
import { Elapsed, Time } from '../../time/time.js';
import { Button } from '../../ui/button.js';
import { Choice, type Option } from '../../ui/choice.js';
import type { Column } from '../../ui/data-table.js';
import { EndlessTable } from '../../ui/endless-table.js';
import { ExportButton } from '../../ui/export-button.js';
import { PageHeader } from '../../ui/page-header.js';
import { SearchBox } from '../../ui/search-box.js';
import { MatchState } from './match-state.js';

const route = getRouteApi('/matches');

const STATES: Option<string>[] = [
  { value: '', label: 'All' },
  { value: 'live', label: 'Live', hint: 'Not yet over' },
  ...Object.entries(MATCH_STATES).map(([value, word]) => ({ value, label: word.label, hint: word.meaning })),
  { value: 'void', label: 'Void', hint: 'Taken out of the ratings' },
];

const COLUMNS: Column<MatchRow>[] = [
  {
    header: 'Match',
    cell: (match) => (
      <Link to="/matches/$id" params={{ id: match.id }}>
        <code title={match.id}>{matchTag(match.id)}</code>
      </Link>
    ),
  },
  { header: 'State', cell: (match) => <MatchState match={match} /> },
  { header: 'Queue', cell: (match) => match.queue },
  {
    header: 'Server',
    wide: true,
    cell: (match) => (
      <Link to="/servers/$id" params={{ id: match.serverId }}>
        {match.serverName}
      </Link>
    ),
  },
  { header: 'Players', cell: (match) => wholeText(match.players), numeric: true },
  { header: 'Made', cell: (match) => <Time at={match.createdAt} /> },
  { header: 'Length', cell: (match) => <MatchLength match={match} />, numeric: true },
  { header: 'End', cell: (match) => match.endReason ?? NO_VALUE },
];

/** All matches, newest first. */
export function MatchesPage() {
  const filter = route.useSearch();
  const navigate = route.useNavigate();
  const matches = useList('GET /api/matches', { query: filter }, { every: 5000 });
  const queues = useEndpoint('GET /api/queues', {});
  useLive({ topics: ['matches'] });
  const set = (change: Partial<typeof filter>) =>
    void navigate({ search: (before) => ({ ...before, ...change }), replace: true });
  const names = new Set(queues.data?.map((queue) => queue.name) ?? []);
  if (filter.queue) names.add(filter.queue);

  return (
    <>
      <PageHeader
        title="Matches"
        actions={<ExportButton name="GET /api/matches" input={{ query: filter }} fileName="matches" />}
      />
      <div className="filters">
        <SearchBox
          label="Search"
          placeholder="Id, or its start"
          value={filter.q ?? ''}
          onChange={(q) => set({ q: q || undefined })}
        />
        <Choice
          label="State"
          options={STATES}
          value={filter.state ?? ''}
          onChange={(state) => set({ state: (state || undefined) as MatchQuery['state'] })}
        />
        <Choice
          label="Queue"
          options={[{ value: '', label: 'All' }, ...[...names].map((value) => ({ value, label: value }))]}
          value={filter.queue ?? ''}
          onChange={(queue) => set({ queue: queue || undefined })}
        />
        {filter.serverId === undefined ? null : (
          <Button onPress={() => set({ serverId: undefined })}>Of all servers</Button>
        )}
      </div>
      <EndlessTable
        what="matches"
        query={matches}
        columns={COLUMNS}
        rowKey={(match) => match.id}
        isMarked={(match) => match.lostAt !== null}
        empty={
          (filter.q ?? filter.state ?? filter.queue ?? filter.serverId)
            ? 'No match is like that.'
            : 'No match was ever made.'
        }
      />
    </>
  );
}

function MatchLength({ match }: { match: MatchRow }) {
  if (match.startedAt === null) return <>{NO_VALUE}</>;
  if (match.endedAt === null) return <Elapsed since={match.startedAt} />;
  return <>{durationText(match.endedAt - match.startedAt)}</>;
}
