import { ActionForm } from '../../actions/action-form.js';
import type { CertificateView } from '../../api/contract.js';
import { DialogButton } from '../../ui/dialog-button.js';

/** Takes a game server's certificate back. */
export function RevokeCertificate({ certificate }: { certificate: CertificateView }) {
  const params = { uuid: certificate.uuid };
  return (
    <DialogButton
      label="Revoke…"
      about={certificate.name}
      look="quiet"
      title={`Revoke the certificate of ${certificate.name}`}
    >
      {(close) => (
        <ActionForm
          explanation="Its server’s connection ends and cannot be made again. This cannot be taken back."
          confirmLabel="Revoke"
          isDangerous
          reasonHint="Stored with the certificate."
          preview={{
            key: ['revoke', certificate.uuid],
            ask: (api, reason, signal) =>
              api.preview('POST /api/certificates/:uuid/revoke', { params, body: { reason } }, signal),
          }}
          run={(api, reason) =>
            api.request('POST /api/certificates/:uuid/revoke', { params, body: { reason } })
          }
          onDone={close}
          onCancel={close}
        />
      )}
    </DialogButton>
  );
}
