import { Link } from '@tanstack/react-router';
import type { MatchRow, ServerDetail } from '../../api/contract.js';
import { wholeText } from '../../format/number-text.js';
import { matchTag } from '../../format/short-id.js';
import { MATCH_STATES } from '../../format/state-words.js';
import { Time } from '../../time/time.js';
import { Badge } from '../../ui/badge.js';
import { DataTable, type Column } from '../../ui/data-table.js';
import { Empty } from '../../ui/page-states.js';
import { AllowAgain, ForceStart, KickPlayer } from './match-commands.js';

const COLUMNS: Column<MatchRow>[] = [
  {
    header: 'Match',
    cell: (match) => (
      <Link to="/matches/$id" params={{ id: match.id }}>
        <code title={match.id}>{matchTag(match.id)}</code>
      </Link>
    ),
  },
  { header: 'Queue', cell: (match) => match.queue },
  {
    header: 'State',
    cell: (match) =>
      match.lostAt === null ? (
        <Badge word={MATCH_STATES[match.state]} />
      ) : (
        <Badge word={{ label: 'Lost', tone: 'wrong', meaning: 'Its server is without it' }} />
      ),
  },
  { header: 'Since', cell: (match) => <Time at={match.lostAt ?? match.stateSince} /> },
  { header: 'Players', cell: (match) => wholeText(match.players), numeric: true },
  {
    header: 'Actions',
    wide: true,
    cell: (match) => (
      <span className="row-actions">
        <KickPlayer match={match} />
        <ForceStart match={match} />
        <AllowAgain match={match} />
      </span>
    ),
  },
];

/** The matches on a server, with what can be told it about them. */
export function ServerMatches({ server }: { server: ServerDetail }) {
  return (
    <>
      {server.liveMatches.length === 0 ? (
        <Empty>No match is on it.</Empty>
      ) : (
        <DataTable
          caption="matches on the server"
          columns={COLUMNS}
          rows={server.liveMatches}
          rowKey={(match) => match.id}
          isMarked={(match) => match.lostAt !== null}
        />
      )}
      <p>
        <Link to="/matches" search={{ serverId: server.id }}>
          All its matches
        </Link>
      </p>
    </>
  );
}
