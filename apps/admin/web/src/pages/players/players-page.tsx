import { getRouteApi, Link } from '@tanstack/react-router';
import type { PlayerRow } from '../../api/contract.js';
import { useList } from '../../api/use-endpoint.js';
import { NO_VALUE } from '../../format/number-text.js';
import { shortId } from '../../format/short-id.js';
import { Time } from '../../time/time.js';
import type { Column } from '../../ui/data-table.js';
import { EndlessTable } from '../../ui/endless-table.js';
import { ExportButton } from '../../ui/export-button.js';
import { PageHeader } from '../../ui/page-header.js';
import { SearchBox } from '../../ui/search-box.js';
import { Toggle } from '../../ui/toggle.js';
import { BanState } from './ban-state.js';
import { PlaceText } from './place-text.js';

const route = getRouteApi('/players');

const COLUMNS: Column<PlayerRow>[] = [
  {
    header: 'Player',
    wide: true,
    cell: (player) => (
      <Link to="/players/$id" params={{ id: player.id }}>
        {player.displayName}
      </Link>
    ),
  },
  { header: 'Login', cell: (player) => player.username },
  { header: 'Where', cell: (player) => <PlaceText place={player.place} /> },
  { header: 'Ban', cell: (player) => (player.ban === null ? NO_VALUE : <BanState ban={player.ban} />) },
  { header: 'Since', cell: (player) => <Time at={player.createdAt} /> },
  { header: 'Id', cell: (player) => <code>{shortId(player.id)}</code> },
];

/** All players. */
export function PlayersPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const query = { q: search.q, ...(search.banned === undefined ? {} : { banned: true }) };
  const players = useList('GET /api/players', { query }, { every: 15_000 });
  const set = (change: Partial<typeof search>) =>
    void navigate({ search: (before) => ({ ...before, ...change }), replace: true });
  return (
    <>
      <PageHeader
        title="Players"
        actions={<ExportButton name="GET /api/players" input={{ query }} fileName="players" />}
      />
      <div className="filters">
        <SearchBox
          label="Search"
          placeholder="Name or id"
          value={search.q ?? ''}
          onChange={(q) => set({ q: q || undefined })}
        />
        <Toggle
          isSelected={search.banned !== undefined}
          onChange={(only) => set({ banned: only ? 'yes' : undefined })}
        >
          Banned only
        </Toggle>
      </div>
      <EndlessTable
        what="players"
        query={players}
        columns={COLUMNS}
        rowKey={(player) => player.id}
        empty={(search.q ?? search.banned) ? 'No player is like that.' : 'Nobody has an account yet.'}
      />
    </>
  );
}
