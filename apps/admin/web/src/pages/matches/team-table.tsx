import { Link } from '@tanstack/react-router';
import type { MatchPlayerView, MatchTeam } from '../../api/contract.js';
import { durationText } from '../../format/duration.js';
import { changeText, NO_VALUE, percentText, wholeText } from '../../format/number-text.js';
import { DataTable, type Column } from '../../ui/data-table.js';

const COLUMNS: Column<MatchPlayerView>[] = [
  {
    header: 'Player',
    wide: true,
    cell: (player) => (
      <Link to="/players/$id" params={{ id: player.accountId }}>
        {player.displayName}
      </Link>
    ),
  },
  { header: 'Waited', cell: (player) => durationText(player.waitMs), numeric: true },
  { header: 'Before', cell: (player) => wholeText(player.before), numeric: true },
  { header: 'After', cell: (player) => wholeText(player.after), numeric: true },
  { header: 'Change', cell: (player) => changeText(player.before, player.after), numeric: true },
  { header: 'Played', cell: (player) => percentText(player.playFraction), numeric: true },
  { header: 'Told', cell: (player) => (player.toldAt === null ? 'no' : 'yes') },
  { header: 'Report', cell: (player) => (player.reportedAt === null ? 'no' : 'yes') },
  { header: 'Numbers', cell: (player) => statsText(player.stats) },
];

/** A team: its place, its odds before the match, its players. */
export function TeamTable({ team, number }: { team: MatchTeam; number: number }) {
  return (
    <>
      <p className="team-line">
        {team.rank === null ? null : <strong>{team.rank === 0 ? 'First' : `Place ${team.rank + 1}`}</strong>}{' '}
        {team.score === null ? null : <>Score {wholeText(team.score)}. </>}
        Odds before: {percentText(team.odds)}.
      </p>
      <DataTable
        caption={`team ${number}`}
        columns={COLUMNS}
        rows={team.players}
        rowKey={(player) => player.accountId}
      />
    </>
  );
}

function statsText(stats: Record<string, number> | null): string {
  if (stats === null) return NO_VALUE;
  return Object.entries(stats)
    .map(([name, value]) => `${name} ${wholeText(value)}`)
    .join(', ');
}
