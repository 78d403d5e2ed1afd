import { useEndpoint } from '../../api/use-endpoint.js';
import { Failure, Loading } from '../../ui/page-states.js';
import { PageHeader, Section } from '../../ui/page-header.js';
import { QueueTable } from '../queues/queue-table.js';
import { AlarmList } from './alarm-list.js';
import { KeyFigures } from './key-figures.js';
import { LastHour } from './last-hour.js';
import { NodeTable } from './node-table.js';
import { RefusalTable } from './refusal-table.js';
import { ServerStates } from './server-states.js';

/** What is wrong first, then how things stand, then how they came there. */
export function OverviewPage() {
  const overview = useEndpoint('GET /api/overview', {});
  const retry = () => void overview.refetch();
  const data = overview.data;
  return (
    <>
      <PageHeader title="Overview" />
      {data === undefined ? (
        overview.error ? (
          <Failure what="The overview cannot be shown." error={overview.error} onRetry={retry} />
        ) : (
          <Loading what="the overview" />
        )
      ) : (
        <>
          <AlarmList alarms={data.alarms} />
          <KeyFigures overview={data} />
          <Section title="Last hour">
            <LastHour />
          </Section>
          <Section title="Queues">
            <QueueTable queues={data.queues} />
          </Section>
          <Section title="Servers by state">
            <ServerStates servers={data.servers} />
          </Section>
          <Section title="Masters">
            <NodeTable nodes={data.nodes} />
          </Section>
          <Section title="Refusals of the last hour">
            <RefusalTable refusals={data.refusals} />
          </Section>
        </>
      )}
    </>
  );
}
