import { getRouteApi } from '@tanstack/react-router';
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components';
import { PageHeader } from '../../ui/page-header.js';
import type { CertificatesTab } from '../../routing/page-search.js';
import { MasterKey } from './master-key.js';
import { OperatorCertificates } from './operator-certificates.js';
import { ServerCertificates } from './server-certificates.js';

const route = getRouteApi('/certificates');
const TABS: { id: CertificatesTab; label: string }[] = [
  { id: 'servers', label: 'Game servers' },
  { id: 'master-key', label: 'Master key' },
  { id: 'operators', label: 'Operators' },
];

/** Who may connect, as a game server and as an operator, and the key that says so. */
export function CertificatesPage() {
  const { tab } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <>
      <PageHeader title="Certificates" />
      <Tabs
        selectedKey={tab ?? 'servers'}
        onSelectionChange={(key) => {
          const next = TABS.find((one) => one.id === key)?.id;
          void navigate({ search: next === 'servers' ? {} : { tab: next }, replace: true });
        }}
      >
        <TabList aria-label="Kinds of certificates" className="tabs">
          {TABS.map((one) => (
            <Tab key={one.id} id={one.id} className="tab">
              {one.label}
            </Tab>
          ))}
        </TabList>
        <TabPanel id="servers">
          <ServerCertificates />
        </TabPanel>
        <TabPanel id="master-key">
          <MasterKey />
        </TabPanel>
        <TabPanel id="operators">
          <OperatorCertificates />
        </TabPanel>
      </Tabs>
    </>
  );
}
