import type { PlayerSession } from '../../api/contract.js';
import { shortId } from '../../format/short-id.js';
import { Time } from '../../time/time.js';
import { DataTable, type Column } from '../../ui/data-table.js';
import { Empty } from '../../ui/page-states.js';

const COLUMNS: Column<PlayerSession>[] = [
  { header: 'Ticket', cell: (session) => <code>{shortId(session.id)}</code>, wide: true },
  { header: 'Logged in', cell: (session) => <Time at={session.createdAt} /> },
  { header: 'Ends', cell: (session) => <Time at={session.expiresAt} /> },
];

/** The logins that let a player connect. */
export function SessionTable({ sessions }: { sessions: PlayerSession[] }) {
  if (sessions.length === 0) return <Empty>Not logged in.</Empty>;
  return <DataTable caption="logins" columns={COLUMNS} rows={sessions} rowKey={(session) => session.id} />;
}
