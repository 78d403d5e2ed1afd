import { getRouteApi, Link } from '@tanstack/react-router';
import type { CertificateStatus, CertificateView } from '../../api/contract.js';
import { useList } from '../../api/use-endpoint.js';
import { NO_VALUE } from '../../format/number-text.js';
import { shortId } from '../../format/short-id.js';
import { CERTIFICATE_STATES } from '../../format/state-words.js';
import { Time } from '../../time/time.js';
import { Badge } from '../../ui/badge.js';
import { Choice, type Option } from '../../ui/choice.js';
import type { Column } from '../../ui/data-table.js';
import { EndlessTable } from '../../ui/endless-table.js';
import { ExportButton } from '../../ui/export-button.js';
import { SearchBox } from '../../ui/search-box.js';
import { IssueCertificate } from './issue-certificate.js';
import { RevokeCertificate } from './revoke-certificate.js';

const route = getRouteApi('/certificates');
const STATUSES: Option<string>[] = [
  { value: '', label: 'All' },
  ...Object.entries(CERTIFICATE_STATES).map(([value, word]) => ({
    value,
    label: word.label,
    hint: word.meaning,
  })),
];

const COLUMNS: Column<CertificateView>[] = [
  {
    header: 'Name',
    wide: true,
    cell: (certificate) => (
      <>
        {certificate.name} <code className="muted">{shortId(certificate.uuid)}</code>
      </>
    ),
  },
  { header: 'State', cell: (certificate) => <Badge word={CERTIFICATE_STATES[certificate.status]} /> },
  { header: 'Ends', cell: (certificate) => <Time at={certificate.expiresAt} /> },
  { header: 'Issued', cell: (certificate) => <Time at={certificate.issuedAt} /> },
  { header: 'Host', cell: (certificate) => certificate.publicHost ?? NO_VALUE },
  {
    header: 'Server',
    cell: (certificate) =>
      certificate.online ? (
        <Link to="/servers/$id" params={{ id: certificate.uuid }}>
          connected
        </Link>
      ) : (
        <span className="muted">not connected</span>
      ),
  },
  {
    header: 'Revoked',
    cell: (certificate) =>
      certificate.revokedAt === null ? (
        NO_VALUE
      ) : (
        <>
          <Time at={certificate.revokedAt} />: {certificate.revokeReason}
        </>
      ),
  },
  {
    header: 'Action',
    cell: (certificate) =>
      certificate.revokedAt === null ? <RevokeCertificate certificate={certificate} /> : null,
  },
];

/** Game servers' certificates, those that end first on top. */
export function ServerCertificates() {
  const { q, status } = route.useSearch();
  const navigate = route.useNavigate();
  const query = { q, status };
  const certificates = useList('GET /api/certificates', { query }, { every: 15_000 });
  const set = (change: Partial<typeof query>) =>
    void navigate({ search: (before) => ({ ...before, ...change }), replace: true });
  return (
    <>
      <div className="filters">
        <SearchBox
          label="Search"
          placeholder="Name or id"
          value={q ?? ''}
          onChange={(text) => set({ q: text || undefined })}
        />
        <Choice
          label="State"
          options={STATUSES}
          value={status ?? ''}
          onChange={(next) => set({ status: (next || undefined) as CertificateStatus | undefined })}
        />
        <span className="filters-end">
          <ExportButton name="GET /api/certificates" input={{ query }} fileName="certificates" />
          <IssueCertificate />
        </span>
      </div>
      <EndlessTable
        what="certificates"
        query={certificates}
        columns={COLUMNS}
        rowKey={(certificate) => certificate.uuid}
        isMarked={(certificate) => certificate.status === 'expired'}
        empty={(q ?? status) ? 'No certificate is like that.' : 'No certificate was ever issued.'}
      />
    </>
  );
}
