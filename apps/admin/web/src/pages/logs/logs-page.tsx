import { getRouteApi } from '@tanstack/react-router';
import { useLive } from '../../live/live-context.js';
import { PageHeader } from '../../ui/page-header.js';
import { LogStream } from './log-stream.js';

const route = getRouteApi('/logs');

/** What all game servers say. */
export function LogsPage() {
  const filter = route.useSearch();
  const navigate = route.useNavigate();
  useLive({ topics: ['logs'] });
  return (
    <>
      <PageHeader title="Logs" />
      <LogStream
        serverId={null}
        filter={filter}
        onFilter={(change) =>
          void navigate({ search: (before) => ({ ...before, ...change }), replace: true })
        }
      />
    </>
  );
}
