import { getRouteApi, Link } from '@tanstack/react-router';
import type { ServerRow } from '../../api/contract.js';
import { useEndpoint, useList } from '../../api/use-endpoint.js';
import { percentText, wholeText } from '../../format/number-text.js';
import { shortId } from '../../format/short-id.js';
import { SERVER_STATES, TRUST_LEVELS } from '../../format/state-words.js';
import { useLive } from '../../live/live-context.js';
import { Time } from '../../time/time.js';
import { Badge } from '../../ui/badge.js';
import { Choice, type Option } from '../../ui/choice.js';
import type { Column } from '../../ui/data-table.js';
import { EndlessTable } from '../../ui/endless-table.js';
import { ExportButton } from '../../ui/export-button.js';
import { PageHeader } from '../../ui/page-header.js';
import { SearchBox } from '../../ui/search-box.js';

const route = getRouteApi('/servers');
const SORTS = [
  { value: 'problems', label: 'Problems first' },
  { value: 'name', label: 'Name' },
  { value: 'load', label: 'Load' },
  { value: 'players', label: 'Players' },
  { value: 'lastSeen', label: 'Last heartbeat' },
  { value: 'certificate', label: 'Certificate' },
] as const;

const COLUMNS: Column<ServerRow>[] = [
  {
    header: 'Server',
    wide: true,
    cell: (row) => (
      <>
        <Link to="/servers/$id" params={{ id: row.id }}>
          {row.name}
        </Link>{' '}
        <code className="muted">{shortId(row.id)}</code>
      </>
    ),
  },
  { header: 'State', cell: (row) => <Badge word={SERVER_STATES[row.state]} /> },
  { header: 'Region', cell: (row) => row.region },
  { header: 'Load', cell: (row) => percentText(row.load), numeric: true },
  { header: 'Players', cell: (row) => wholeText(row.players), numeric: true },
  {
    header: 'Matches',
    cell: (row) => `${wholeText(row.matches)} / ${wholeText(row.capacity)}`,
    numeric: true,
  },
  { header: 'Version', cell: (row) => <code>{row.build}</code> },
  { header: 'Heartbeat', cell: (row) => <Time at={row.lastSeen} /> },
  { header: 'Certificate ends', cell: (row) => <Time at={row.certificateExpiresAt} /> },
  { header: 'Trust', cell: (row) => <Badge word={TRUST_LEVELS[row.trust.level]} /> },
];

/** All game servers, those with problems first. */
export function ServersPage() {
  const filter = route.useSearch();
  const navigate = route.useNavigate();
  const servers = useList('GET /api/servers', { query: filter }, { every: 10_000 });
  const overview = useEndpoint('GET /api/overview', {});
  useLive({ topics: ['servers'] });
  const set = (change: Partial<typeof filter>) =>
    void navigate({ search: (before) => ({ ...before, ...change }), replace: true });

  const counts = overview.data?.servers;
  const states: Option<string>[] = [
    { value: '', label: 'All' },
    ...Object.entries(SERVER_STATES).map(([value, word]) => ({
      value,
      label: counts === undefined ? word.label : `${word.label} (${counts[value as ServerRow['state']]})`,
      hint: word.meaning,
    })),
  ];
  const seen = new Set(servers.data?.pages.flatMap((page) => page.items.map((row) => row.region)) ?? []);
  if (filter.region) seen.add(filter.region);
  const regions = [
    { value: '', label: 'All' },
    ...[...seen].sort().map((value) => ({ value, label: value })),
  ];
  const filtered = filter.q ?? filter.state ?? filter.region;

  return (
    <>
      <PageHeader
        title="Servers"
        actions={<ExportButton name="GET /api/servers" input={{ query: filter }} fileName="servers" />}
      />
      <div className="filters">
        <SearchBox
          label="Search"
          placeholder="Name or id"
          value={filter.q ?? ''}
          onChange={(q) => set({ q: q || undefined })}
        />
        <Choice
          label="State"
          options={states}
          value={filter.state ?? ''}
          onChange={(state) => set({ state: (state || undefined) as ServerRow['state'] | undefined })}
        />
        <Choice
          label="Region"
          options={regions}
          value={filter.region ?? ''}
          onChange={(region) => set({ region: region || undefined })}
        />
        <Choice
          label="Order"
          options={SORTS}
          value={filter.sort ?? 'problems'}
          onChange={(sort) => set({ sort })}
        />
      </div>
      <EndlessTable
        what="servers"
        query={servers}
        columns={COLUMNS}
        rowKey={(row) => row.id}
        isMarked={(row) => SERVER_STATES[row.state].tone === 'wrong'}
        empty={
          filtered
            ? 'No server is like that.'
            : 'No game server has ever connected. Issue a certificate to one.'
        }
      />
    </>
  );
}
