import { useEndpoint } from '../../api/use-endpoint.js';
import { useLive } from '../../live/live-context.js';
import { PageHeader } from '../../ui/page-header.js';
import { Failure, Loading } from '../../ui/page-states.js';
import { QueueTable } from './queue-table.js';

/** All queues. */
export function QueuesPage() {
  const queues = useEndpoint('GET /api/queues', {});
  useLive({ topics: ['queues'] });
  return (
    <>
      <PageHeader title="Queues" />
      {queues.data !== undefined ? (
        <QueueTable queues={queues.data} />
      ) : queues.error ? (
        <Failure
          what="The queues cannot be shown."
          error={queues.error}
          onRetry={() => void queues.refetch()}
        />
      ) : (
        <Loading what="queues" />
      )}
    </>
  );
}
