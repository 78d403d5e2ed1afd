import { useState } from 'react';
import { ActionForm } from '../../actions/action-form.js';
import type { PlayerRow } from '../../api/contract.js';
import { pageClock } from '../../time/clock.js';
import { Choice } from '../../ui/choice.js';
import { DialogButton } from '../../ui/dialog-button.js';
import { TextField } from '../../ui/text-field.js';
import { BAN_TERMS, banEnd, type BanTerm } from './ban-terms.js';

interface FormProps {
  player: PlayerRow;
  close: () => void;
}

/** Keeps a player out for a term. */
export function BanPlayer({ player }: { player: PlayerRow }) {
  return (
    <DialogButton
      label={player.ban === null ? 'Ban…' : 'Change the ban…'}
      look="danger"
      title={`Ban ${player.displayName}`}
    >
      {(close) => <BanForm player={player} close={close} />}
    </DialogButton>
  );
}

function BanForm({ player, close }: FormProps) {
  const [term, setTerm] = useState<BanTerm>('day');
  const [date, setDate] = useState('');
  const params = { id: player.id };
  const until = banEnd(term, date, pageClock.now());
  return (
    <ActionForm
      confirmLabel="Ban"
      isDangerous
      reasonHint="For the audit log; the player can be shown it."
      isComplete={until !== undefined}
      preview={{
        key: ['ban', player.id, term, date],
        ask: (api, reason, signal) =>
          api.preview(
            'POST /api/players/:id/ban',
            { params, body: { until: until ?? null, reason } },
            signal,
          ),
      }}
      run={(api, reason) => {
        // The term counts from now, not from when the dialog was opened.
        const end = banEnd(term, date, pageClock.moment()) ?? null;
        return api.request('POST /api/players/:id/ban', { params, body: { until: end, reason } });
      }}
      onDone={close}
      onCancel={close}
    >
      {() => (
        <>
          <Choice label="Term" options={BAN_TERMS} value={term} onChange={setTerm} />
          {term === 'date' ? (
            <TextField
              label="Until"
              name="until"
              type="datetime-local"
              value={date}
              onChange={setDate}
              hint="Your local time, in the future."
              isRequired
            />
          ) : null}
        </>
      )}
    </ActionForm>
  );
}

/** Lets a banned player back in. */
export function UnbanPlayer({ player }: { player: PlayerRow }) {
  const params = { id: player.id };
  return (
    <DialogButton label="Unban…" title={`Unban ${player.displayName}`}>
      {(close) => (
        <ActionForm
          explanation="The player can log in and play again at once."
          confirmLabel="Unban"
          reasonHint="For the audit log."
          run={(api, reason) => api.request('POST /api/players/:id/unban', { params, body: { reason } })}
          onDone={close}
          onCancel={close}
        />
      )}
    </DialogButton>
  );
}

/** Ends all logins and connections of a player. */
export function EndSessions({ player }: { player: PlayerRow }) {
  const params = { id: player.id };
  return (
    <DialogButton label="End sessions…" title={`End all sessions of ${player.displayName}`}>
      {(close) => (
        <ActionForm
          explanation="All logins and connections of the player end. Logging in again is possible."
          confirmLabel="End the sessions"
          isDangerous
          reasonHint="For the audit log."
          preview={{
            key: ['end-sessions', player.id],
            ask: (api, reason, signal) =>
              api.preview('POST /api/players/:id/end-sessions', { params, body: { reason } }, signal),
          }}
          run={(api, reason) =>
            api.request('POST /api/players/:id/end-sessions', { params, body: { reason } })
          }
          onDone={close}
          onCancel={close}
        />
      )}
    </DialogButton>
  );
}

/** Gives a player another display name. */
export function RenamePlayer({ player }: { player: PlayerRow }) {
  return (
    <DialogButton label="Rename…" title={`Rename ${player.displayName}`}>
      {(close) => <RenameForm player={player} close={close} />}
    </DialogButton>
  );
}

function RenameForm({ player, close }: FormProps) {
  const [displayName, setDisplayName] = useState(player.displayName);
  const params = { id: player.id };
  return (
    <ActionForm
      explanation="The display name that others see; the login name stays."
      confirmLabel="Rename"
      reasonHint="For the audit log."
      isComplete={displayName.trim() !== '' && displayName !== player.displayName}
      run={(api, reason) =>
        api.request('POST /api/players/:id/rename', {
          params,
          body: { displayName: displayName.trim(), reason },
        })
      }
      onDone={close}
      onCancel={close}
    >
      {() => (
        <TextField
          label="Display name"
          name="displayName"
          value={displayName}
          onChange={setDisplayName}
          maxLength={32}
          isRequired
          autoComplete="off"
        />
      )}
    </ActionForm>
  );
}
