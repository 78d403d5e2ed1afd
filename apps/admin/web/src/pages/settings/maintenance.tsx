import { useState } from 'react';
import { ActionForm } from '../../actions/action-form.js';
import type { MaintenanceView } from '../../api/contract.js';
import { FocusableTime } from '../../time/time.js';
import { Badge } from '../../ui/badge.js';
import { DialogButton } from '../../ui/dialog-button.js';
import { Fact, Facts } from '../../ui/facts.js';
import { TextField } from '../../ui/text-field.js';

/** The maintenance switch. */
export function Maintenance({ maintenance }: { maintenance: MaintenanceView }) {
  return (
    <>
      <Facts>
        <Fact name="State">
          {maintenance.on ? (
            <Badge word={{ label: 'On', tone: 'notice', meaning: 'Nobody can queue' }} />
          ) : (
            <Badge word={{ label: 'Off', tone: 'good', meaning: 'Players can queue' }} />
          )}
        </Fact>
        <Fact name="Since">
          {maintenance.since === null ? 'never switched' : <FocusableTime at={maintenance.since} />}
        </Fact>
        {maintenance.message ? <Fact name="Players read">“{maintenance.message}”</Fact> : null}
      </Facts>
      {maintenance.on ? (
        <DialogButton label="End maintenance…" title="End maintenance">
          {(close) => <MaintenanceForm on={false} message="" close={close} />}
        </DialogButton>
      ) : (
        <DialogButton label="Begin maintenance…" look="danger" title="Begin maintenance">
          {(close) => <MaintenanceForm on message={maintenance.message ?? ''} close={close} />}
        </DialogButton>
      )}
    </>
  );
}

function MaintenanceForm({ on, message, close }: { on: boolean; message: string; close: () => void }) {
  const [text, setText] = useState(message);
  return (
    <ActionForm
      confirmLabel={on ? 'Begin maintenance' : 'End maintenance'}
      isDangerous={on}
      preview={{
        key: ['maintenance', on],
        ask: (api, _reason, signal) => api.preview('PUT /api/settings/maintenance', { body: { on } }, signal),
      }}
      run={(api) =>
        api.request('PUT /api/settings/maintenance', {
          body: { on, ...(on && text.trim() !== '' ? { message: text.trim() } : {}) },
        })
      }
      onDone={close}
      onCancel={close}
    >
      {() =>
        on ? (
          <TextField
            label="Message to players"
            name="message"
            hint="At most 200 characters; may be empty."
            value={text}
            onChange={setText}
            maxLength={200}
            lines={3}
          />
        ) : null
      }
    </ActionForm>
  );
}
