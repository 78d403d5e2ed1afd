import { ActionForm } from '../../actions/action-form.js';
import type { OperatorCertificateView } from '../../api/contract.js';
import { useList } from '../../api/use-endpoint.js';
import { NO_VALUE } from '../../format/number-text.js';
import type { StateWord } from '../../format/state-words.js';
import { Time } from '../../time/time.js';
import { Badge } from '../../ui/badge.js';
import type { Column } from '../../ui/data-table.js';
import { DialogButton } from '../../ui/dialog-button.js';
import { EndlessTable } from '../../ui/endless-table.js';

const STATUS_WORDS: Record<OperatorCertificateView['status'], StateWord> = {
  valid: { label: 'Valid', tone: 'good', meaning: 'Opens the dashboard' },
  expired: { label: 'Expired', tone: 'plain', meaning: 'Ran out' },
  revoked: { label: 'Revoked', tone: 'plain', meaning: 'Taken back' },
};

const COLUMNS: Column<OperatorCertificateView>[] = [
  {
    header: 'Name',
    wide: true,
    cell: (certificate) => (
      <>
        {certificate.name} {certificate.own ? <span className="muted">(yours)</span> : null}
      </>
    ),
  },
  { header: 'State', cell: (certificate) => <Badge word={STATUS_WORDS[certificate.status]} /> },
  { header: 'Ends', cell: (certificate) => <Time at={certificate.expiresAt} /> },
  { header: 'Issued', cell: (certificate) => <Time at={certificate.issuedAt} /> },
  {
    header: 'Serial',
    cell: (certificate) => <code title={certificate.serial}>{certificate.serial.slice(0, 12)}</code>,
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
      certificate.status === 'valid' && !certificate.own ? (
        <RevokeOperator certificate={certificate} />
      ) : null,
  },
];

/** Who may open the dashboard. */
export function OperatorCertificates() {
  const certificates = useList('GET /api/operator-certificates', {}, { every: 15_000 });
  return (
    <>
      <p className="intro">
        New ones are made on the server’s own machine:{' '}
        <code>npm run certtool -- admin-cert --name alice</code>
      </p>
      <EndlessTable
        what="operators’ certificates"
        query={certificates}
        columns={COLUMNS}
        rowKey={(certificate) => certificate.serial}
        empty="No operator’s certificate is known."
      />
    </>
  );
}

function RevokeOperator({ certificate }: { certificate: OperatorCertificateView }) {
  const params = { serial: certificate.serial };
  return (
    <DialogButton
      label="Revoke…"
      about={certificate.name}
      look="quiet"
      title={`Revoke the operator’s certificate of ${certificate.name}`}
    >
      {(close) => (
        <ActionForm
          explanation="Its open connections to the dashboard end within a second. This cannot be taken back."
          confirmLabel="Revoke"
          isDangerous
          reasonHint="Stored with the certificate."
          run={(api, reason) =>
            api.request('POST /api/operator-certificates/:serial/revoke', { params, body: { reason } })
          }
          onDone={close}
          onCancel={close}
        />
      )}
    </DialogButton>
  );
}
