import type { ServerCommandView } from '../../api/contract.js';
import { COMMAND_STATES } from '../../format/state-words.js';
import { Time } from '../../time/time.js';
import { Badge } from '../../ui/badge.js';
import { DataTable, type Column } from '../../ui/data-table.js';
import { Empty } from '../../ui/page-states.js';

const COLUMNS: Column<ServerCommandView>[] = [
  { header: 'Command', cell: (command) => command.text, wide: true },
  { header: 'State', cell: (command) => <Badge word={COMMAND_STATES[command.state]} /> },
  { header: 'Given', cell: (command) => <Time at={command.createdAt} /> },
  { header: 'Sent', cell: (command) => <Time at={command.sentAt} /> },
  { header: 'Answered', cell: (command) => <Time at={command.ackedAt ?? command.failedAt} /> },
  { header: 'Error', cell: (command) => command.error ?? '' },
];

/** What a server was told, and how far that is. */
export function CommandTable({ commands }: { commands: ServerCommandView[] }) {
  if (commands.length === 0) return <Empty>It was never told anything.</Empty>;
  return (
    <>
      {/* Read out when the newest command comes further, and not each time that an age changes. */}
      <p className="visually-hidden" role="status">
        {commands[0]?.text}: {commands[0] === undefined ? '' : COMMAND_STATES[commands[0].state].label}
      </p>
      <DataTable
        caption="commands"
        columns={COLUMNS}
        rows={commands}
        rowKey={(command) => command.id}
        isMarked={(command) => command.state === 'failed'}
      />
    </>
  );
}
