import { Link } from '@tanstack/react-router';
import type { PlayerMatch } from '../../api/contract.js';
import { useList } from '../../api/use-endpoint.js';
import { changeText, wholeText } from '../../format/number-text.js';
import { matchTag, shortId } from '../../format/short-id.js';
import { OUTCOMES } from '../../format/state-words.js';
import { Time } from '../../time/time.js';
import { Badge } from '../../ui/badge.js';
import type { Column } from '../../ui/data-table.js';
import { EndlessTable } from '../../ui/endless-table.js';
import { ExportButton } from '../../ui/export-button.js';

const COLUMNS: Column<PlayerMatch>[] = [
  {
    header: 'Match',
    cell: (match) => (
      <Link to="/matches/$id" params={{ id: match.matchId }}>
        <code title={match.matchId}>{matchTag(match.matchId)}</code>
      </Link>
    ),
  },
  { header: 'Queue', cell: (match) => match.queue, wide: true },
  { header: 'Ended', cell: (match) => <Time at={match.endedAt} /> },
  { header: 'Outcome', cell: (match) => <Badge word={OUTCOMES[match.outcome]} /> },
  { header: 'Before', cell: (match) => wholeText(match.before), numeric: true },
  { header: 'After', cell: (match) => wholeText(match.after), numeric: true },
  { header: 'Change', cell: (match) => changeText(match.before, match.after), numeric: true },
];

/** What a player played, newest first. */
export function PlayerMatches({ id }: { id: string }) {
  const input = { params: { id } };
  const matches = useList('GET /api/players/:id/matches', input, { every: 15_000 });
  return (
    <>
      <EndlessTable
        what="matches of the player"
        query={matches}
        columns={COLUMNS}
        rowKey={(match) => match.matchId}
        empty="No finished match yet."
      />
      <p>
        <ExportButton name="GET /api/players/:id/matches" input={input} fileName={`player-${shortId(id)}`} />
      </p>
    </>
  );
}
