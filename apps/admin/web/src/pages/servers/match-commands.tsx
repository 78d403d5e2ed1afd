import { useState } from 'react';
import { ActionForm } from '../../actions/action-form.js';
import type { MatchRow } from '../../api/contract.js';
import { useEndpoint } from '../../api/use-endpoint.js';
import { matchTag } from '../../format/short-id.js';
import { Choice } from '../../ui/choice.js';
import { DialogButton } from '../../ui/dialog-button.js';
import { Failure, Loading } from '../../ui/page-states.js';
import { commandNotice } from './server-actions.js';

/*
 * What a match's server can be told about it. Each is a command that the master delivers; how far it is stands in the list of
 * commands.
 */

/** Makes a player leave a match. */
export function KickPlayer({ match }: { match: MatchRow }) {
  return (
    <DialogButton
      label="Kick…"
      about={`match ${matchTag(match.id)}`}
      look="quiet"
      title={`Kick a player from match ${matchTag(match.id)}`}
    >
      {(close) => <KickForm match={match} close={close} />}
    </DialogButton>
  );
}

function KickForm({ match, close }: { match: MatchRow; close: () => void }) {
  const roster = useEndpoint('GET /api/matches/:id', { params: { id: match.id } });
  const [chosen, setChosen] = useState('');
  if (roster.data === undefined) {
    return roster.error ? (
      <Failure
        what="The roster cannot be shown."
        error={roster.error}
        onRetry={() => void roster.refetch()}
      />
    ) : (
      <Loading what="the roster" />
    );
  }
  const players = roster.data.teams.flatMap((team, index) =>
    team.players.map((player) => ({
      value: player.accountId,
      label: player.displayName,
      hint: `Team ${index + 1}`,
    })),
  );
  const accountId = chosen || (players[0]?.value ?? '');
  const params = { id: match.serverId };
  return (
    <ActionForm
      explanation="The player can come back to this match unless banned."
      confirmLabel="Kick"
      isDangerous
      reasonHint="For the audit log and the server."
      isComplete={accountId !== ''}
      preview={{
        key: ['kick', match.id, accountId],
        ask: (api, reason, signal) =>
          api.preview(
            'POST /api/servers/:id/kick',
            { params, body: { matchId: match.id, accountId, reason } },
            signal,
          ),
      }}
      run={(api, reason) =>
        api.request('POST /api/servers/:id/kick', { params, body: { matchId: match.id, accountId, reason } })
      }
      notice={(result) => commandNotice(result, match.serverId)}
      onDone={close}
      onCancel={close}
    >
      {() => <Choice label="Player" options={players} value={accountId} onChange={setChosen} />}
    </ActionForm>
  );
}

/** Lets a match that waits for players begin without them. */
export function ForceStart({ match }: { match: MatchRow }) {
  const params = { id: match.serverId };
  const body = { matchId: match.id };
  return (
    <DialogButton
      label="Force start…"
      about={`match ${matchTag(match.id)}`}
      look="quiet"
      isDisabled={match.state !== 'ready'}
      title={`Force match ${matchTag(match.id)} to start`}
    >
      {(close) => (
        <ActionForm
          explanation="The match begins without those who are not there."
          confirmLabel="Force the start"
          isDangerous
          preview={{
            key: ['force-start', match.id],
            ask: (api, _reason, signal) =>
              api.preview('POST /api/servers/:id/force-start', { params, body }, signal),
          }}
          run={(api) => api.request('POST /api/servers/:id/force-start', { params, body })}
          notice={(result) => commandNotice(result, match.serverId)}
          onDone={close}
          onCancel={close}
        />
      )}
    </DialogButton>
  );
}

/** Tells the server once more who may join. */
export function AllowAgain({ match }: { match: MatchRow }) {
  const params = { id: match.serverId };
  const body = { matchId: match.id };
  return (
    <DialogButton
      label="Allow again…"
      about={`match ${matchTag(match.id)}`}
      look="quiet"
      isDisabled={match.state !== 'ready'}
      title={`Allow the players of match ${matchTag(match.id)} again`}
    >
      {(close) => (
        <ActionForm
          explanation="The roster goes to the server once more; the players’ join tokens stay as they are."
          confirmLabel="Send the roster"
          run={(api) => api.request('POST /api/servers/:id/allow', { params, body })}
          notice={(result) => commandNotice(result, match.serverId)}
          onDone={close}
          onCancel={close}
        />
      )}
    </DialogButton>
  );
}
