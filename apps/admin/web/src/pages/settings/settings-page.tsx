import { useEndpoint } from '../../api/use-endpoint.js';
import { absoluteTimeText } from '../../format/time-text.js';
import { useSession } from '../../session/session.js';
import { FocusableTime } from '../../time/time.js';
import { Fact, Facts } from '../../ui/facts.js';
import { PageHeader, Section } from '../../ui/page-header.js';
import { Empty, Failure, Loading } from '../../ui/page-states.js';
import { QueueConfig } from '../queues/queue-config.js';
import { AddressList } from './address-list.js';
import { Maintenance } from './maintenance.js';

/** What can be set from here, and what is set elsewhere. */
export function SettingsPage() {
  const settings = useEndpoint('GET /api/settings', {}, { every: 15_000 });
  const { view } = useSession();
  if (settings.data === undefined) {
    return (
      <>
        <PageHeader title="Settings" />
        {settings.error ? (
          <Failure
            what="The settings cannot be shown."
            error={settings.error}
            onRetry={() => void settings.refetch()}
          />
        ) : (
          <Loading what="the settings" />
        )}
      </>
    );
  }
  const { queues, maintenance, addresses, version } = settings.data;
  return (
    <>
      <PageHeader title="Settings" />
      <Section title="Maintenance">
        <Maintenance maintenance={maintenance} />
      </Section>
      <Section title="Who may connect to the dashboard">
        {/* A list that another operator changed meanwhile begins the form anew. */}
        <AddressList key={JSON.stringify(addresses.entries)} addresses={addresses} />
      </Section>
      <Section title="Queues">
        <p className="intro">As the masters run them. They are changed in the queues file.</p>
        {queues.length === 0 ? <Empty>No master has told its queues yet.</Empty> : null}
        {queues.map((queue) => (
          <div key={queue.name} className="queue-config">
            <h3>{queue.name}</h3>
            <QueueConfig config={queue} />
          </div>
        ))}
      </Section>
      <Section title="You">
        <Facts>
          <Fact name="Certificate">{view.certificateName}</Fact>
          <Fact name="Serial">
            <code>{view.certificateSerial}</code>
          </Fact>
          <Fact name="Ends">
            <FocusableTime at={view.certificateExpiresAt} />
            <span className="fact-note">{absoluteTimeText(view.certificateExpiresAt)}</span>
          </Fact>
          <Fact name="Address">
            <code>{view.address}</code>
          </Fact>
          <Fact name="Version">{version}</Fact>
        </Facts>
      </Section>
    </>
  );
}
