import { useMutation } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { useState } from 'react';
import { ActionForm } from '../../actions/action-form.js';
import type { IssuedCertificate } from '../../api/contract.js';
import { useApi } from '../../session/session.js';
import { Remaining } from '../../time/time.js';
import { useNow } from '../../time/use-now.js';
import { Button } from '../../ui/button.js';
import { DialogButton } from '../../ui/dialog-button.js';
import { NumberField } from '../../ui/number-field.js';
import { Failure } from '../../ui/page-states.js';
import { saveFile } from '../../ui/save-file.js';
import { TextField } from '../../ui/text-field.js';

/** Makes a certificate for a game server; its file can be had once. */
export function IssueCertificate() {
  return (
    <DialogButton label="Issue…" look="primary" title="Issue a certificate">
      {(close) => <IssueForm close={close} />}
    </DialogButton>
  );
}

function IssueForm({ close }: { close: () => void }) {
  const [name, setName] = useState('');
  const [days, setDays] = useState(365);
  const [host, setHost] = useState('');
  const [issued, setIssued] = useState<IssuedCertificate | null>(null);
  if (issued !== null) return <DownloadOnce issued={issued} close={close} />;
  return (
    <ActionForm<IssuedCertificate>
      explanation="A game server connects with it. Whoever has the file is that server."
      confirmLabel="Issue"
      isComplete={name.trim() !== '' && days >= 1}
      run={(api) =>
        api.request('POST /api/certificates', {
          body: { name: name.trim(), days, ...(host.trim() === '' ? {} : { host: host.trim() }) },
        })
      }
      onDone={setIssued}
      onCancel={close}
    >
      {() => (
        <>
          <TextField
            label="Name"
            name="name"
            hint="Of the game server, 1 to 64 characters."
            value={name}
            onChange={setName}
            maxLength={64}
            isRequired
            autoComplete="off"
          />
          <NumberField
            label="Days"
            name="days"
            hint="1 to 3,650."
            value={days}
            onChange={setDays}
            minValue={1}
            maxValue={3650}
          />
          <TextField
            label="Host"
            name="host"
            hint="Address that players are given, if not the one the server connects from. May be empty."
            value={host}
            onChange={setHost}
            autoComplete="off"
          />
        </>
      )}
    </ActionForm>
  );
}

function DownloadOnce({ issued, close }: { issued: IssuedCertificate; close: () => void }) {
  const api = useApi();
  const { download, certificate } = issued;
  const isOver = useNow((now) => now >= download.expiresAt);
  const fetchFile = useMutation({
    mutationFn: () => api.download(download.path),
    onSuccess: (file) => saveFile(file, download.fileName),
  });
  return (
    <div className="form">
      <p>
        The certificate of <strong>{certificate.name}</strong> is made. Its file can be had{' '}
        <strong>once</strong>, now; no copy is kept. If it is lost, revoke the certificate and issue another.
      </p>
      {fetchFile.error ? <Failure what="The file was not had." error={fetchFile.error} /> : null}
      {fetchFile.isSuccess ? (
        <p role="status">The file was handed to the browser as {download.fileName}.</p>
      ) : isOver ? (
        <p role="alert">
          The five minutes are over: the file is gone. Revoke the certificate and issue another.
        </p>
      ) : (
        <p className="muted">
          Time left: <Remaining until={download.expiresAt} />
        </p>
      )}
      <div className="form-actions">
        <Button onPress={close}>Close</Button>
        <Button
          look="primary"
          icon={<Download size={16} aria-hidden />}
          isDisabled={fetchFile.isSuccess || isOver}
          isPending={fetchFile.isPending}
          onPress={() => fetchFile.mutate()}
        >
          Download {download.fileName}
        </Button>
      </div>
    </div>
  );
}
