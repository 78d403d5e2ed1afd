import { getRouteApi } from '@tanstack/react-router';
import { useQueryClient } from '@tanstack/react-query';
import type { AuditEntryView, AuditQuery, AuditResult } from '../../api/contract.js';
import { endpointKey } from '../../api/endpoint-key.js';
import { useList } from '../../api/use-endpoint.js';
import { NO_VALUE, wholeText } from '../../format/number-text.js';
import { AUDIT_RESULTS } from '../../format/state-words.js';
import { useLive } from '../../live/live-context.js';
import { Time } from '../../time/time.js';
import { Badge } from '../../ui/badge.js';
import { Choice, type Option } from '../../ui/choice.js';
import type { Column } from '../../ui/data-table.js';
import { EndlessTable } from '../../ui/endless-table.js';
import { ExportButton } from '../../ui/export-button.js';
import { PageHeader } from '../../ui/page-header.js';
import { SearchBox } from '../../ui/search-box.js';
import { TextField } from '../../ui/text-field.js';
import { AuditVerify } from './audit-verify.js';
import { localDateTime, timeOfLocal } from './local-date-time.js';

const route = getRouteApi('/audit');
const RESULTS: Option<string>[] = [
  { value: '', label: 'All' },
  ...Object.entries(AUDIT_RESULTS).map(([value, word]) => ({ value, label: word.label, hint: word.meaning })),
];

const COLUMNS: Column<AuditEntryView>[] = [
  { header: 'Row', cell: (entry) => entry.id, numeric: true },
  { header: 'When', cell: (entry) => <Time at={entry.at} /> },
  { header: 'Who', cell: (entry) => entry.actor ?? <span className="muted">nobody known</span> },
  { header: 'From', cell: (entry) => <code>{entry.address}</code> },
  { header: 'Action', cell: (entry) => <code>{entry.action}</code> },
  { header: 'Target', cell: (entry) => entry.target, wide: true },
  {
    header: 'Result',
    cell: (entry) => (
      <span className="badges">
        <Badge word={AUDIT_RESULTS[entry.result]} />
        {entry.count > 1 ? <span>{wholeText(entry.count)} times</span> : null}
      </span>
    ),
  },
  { header: 'Detail', cell: (entry) => detailText(entry.detail), wide: true },
];

/** Everything that was done, and everything that was refused past the first lock. */
export function AuditPage() {
  const filter = route.useSearch();
  const navigate = route.useNavigate();
  const client = useQueryClient();
  const entries = useList('GET /api/audit', { query: filter });
  useLive({
    topics: ['audit'],
    onEvent: (event) => {
      if (event.name !== 'audit') return;
      void client.invalidateQueries({ queryKey: endpointKey('GET /api/audit').slice(0, 1) });
    },
  });
  const set = (change: Pick<AuditQuery, 'actor' | 'action' | 'result' | 'q' | 'from' | 'to'>) =>
    void navigate({ search: (before) => ({ ...before, ...change }), replace: true });

  return (
    <>
      <PageHeader
        title="Audit"
        actions={<ExportButton name="GET /api/audit" input={{ query: filter }} fileName="audit" />}
      />
      <AuditVerify />
      <div className="filters">
        <SearchBox
          label="Search"
          placeholder="Text in target or detail"
          value={filter.q ?? ''}
          onChange={(q) => set({ q: q || undefined })}
        />
        <SearchBox
          label="Who"
          placeholder="Certificate name"
          value={filter.actor ?? ''}
          onChange={(actor) => set({ actor: actor || undefined })}
        />
        <SearchBox
          label="Action"
          placeholder="player, match.void …"
          value={filter.action ?? ''}
          onChange={(action) => set({ action: action || undefined })}
        />
        <Choice
          label="Result"
          options={RESULTS}
          value={filter.result ?? ''}
          onChange={(result) => set({ result: (result || undefined) as AuditResult | undefined })}
        />
        <TextField
          label="From"
          type="datetime-local"
          value={filter.from === undefined ? '' : localDateTime(filter.from)}
          onChange={(text) => set({ from: timeOfLocal(text) })}
        />
        <TextField
          label="To"
          type="datetime-local"
          value={filter.to === undefined ? '' : localDateTime(filter.to)}
          onChange={(text) => set({ to: timeOfLocal(text) })}
        />
      </div>
      <EndlessTable
        what="audit rows"
        query={entries}
        columns={COLUMNS}
        rowKey={(entry) => entry.id}
        isMarked={(entry) => entry.result === 'failed'}
        empty="No row is like that."
      />
    </>
  );
}

function detailText(detail: Record<string, unknown>): string {
  const parts = Object.entries(detail).map(
    ([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  return parts.length === 0 ? NO_VALUE : parts.join(', ');
}
