import { useState } from 'react';
import { ActionForm } from '../../actions/action-form.js';
import type { ActionResult, ServerRow } from '../../api/contract.js';
import { Choice } from '../../ui/choice.js';
import { DialogButton } from '../../ui/dialog-button.js';
import type { Notice } from '../../ui/notices.js';

/** Lets a server run empty, or take matches again. */
export function DrainServer({ server }: { server: ServerRow }) {
  const params = { id: server.id };
  const on = server.state !== 'draining';
  return (
    <DialogButton
      label={on ? 'Drain…' : 'End the drain…'}
      title={on ? `Drain ${server.name}` : `End the drain of ${server.name}`}
    >
      {(close) => (
        <ActionForm
          confirmLabel={on ? 'Drain' : 'End the drain'}
          preview={{
            key: ['drain', server.id, on],
            ask: (api, _reason, signal) =>
              api.preview('POST /api/servers/:id/drain', { params, body: { on } }, signal),
          }}
          run={(api) => api.request('POST /api/servers/:id/drain', { params, body: { on } })}
          onDone={close}
          onCancel={close}
        />
      )}
    </DialogButton>
  );
}

const GRACES = [
  { value: '0', label: 'None: at once' },
  { value: '300', label: '5 minutes' },
  { value: '1800', label: '30 minutes' },
  { value: '3600', label: '1 hour' },
  { value: '14400', label: '4 hours' },
] as const;

/** Tells a server to end. */
export function ShutDownServer({ server }: { server: ServerRow }) {
  return (
    <DialogButton label="Shut down…" look="danger" title={`Shut down ${server.name}`}>
      {(close) => <ShutDownForm server={server} close={close} />}
    </DialogButton>
  );
}

function ShutDownForm({ server, close }: { server: ServerRow; close: () => void }) {
  const [grace, setGrace] = useState<(typeof GRACES)[number]['value']>('1800');
  const params = { id: server.id };
  const graceSeconds = Number(grace);
  return (
    <ActionForm
      confirmLabel="Shut down"
      isDangerous
      reasonHint="For the audit log and the server."
      preview={{
        key: ['shutdown', server.id, grace],
        ask: (api, reason, signal) =>
          api.preview('POST /api/servers/:id/shutdown', { params, body: { graceSeconds, reason } }, signal),
      }}
      run={(api, reason) =>
        api.request('POST /api/servers/:id/shutdown', { params, body: { graceSeconds, reason } })
      }
      notice={(result) => commandNotice(result, server.id)}
      onDone={close}
      onCancel={close}
    >
      {() => <Choice label="Time to finish its matches" options={GRACES} value={grace} onChange={setGrace} />}
    </ActionForm>
  );
}

/** Says that a command is under way, and where it can be followed. */
export function commandNotice(result: ActionResult, serverId: string): Notice {
  return {
    tone: 'plain',
    text: result.done,
    ...(result.commandId === undefined
      ? {}
      : { link: { href: `/servers/${encodeURIComponent(serverId)}`, label: 'Follow the command' } }),
  };
}
