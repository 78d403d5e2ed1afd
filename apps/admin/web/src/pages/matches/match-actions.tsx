import { ActionForm } from '../../actions/action-form.js';
import type { MatchRow } from '../../api/contract.js';
import { matchTag } from '../../format/short-id.js';
import { DialogButton } from '../../ui/dialog-button.js';

/** Ends a match without a result. */
export function CancelMatch({ match }: { match: MatchRow }) {
  const params = { id: match.id };
  return (
    <DialogButton label="Cancel the match…" look="danger" title={`Cancel match ${matchTag(match.id)}`}>
      {(close) => (
        <ActionForm
          confirmLabel="Cancel the match"
          isDangerous
          reasonHint="Players and the server are told."
          preview={{
            key: ['cancel', match.id],
            ask: (api, reason, signal) =>
              api.preview('POST /api/matches/:id/cancel', { params, body: { reason } }, signal),
          }}
          run={(api, reason) => api.request('POST /api/matches/:id/cancel', { params, body: { reason } })}
          onDone={close}
          onCancel={close}
        />
      )}
    </DialogButton>
  );
}

/** Takes a finished match out of the ratings. */
export function VoidMatch({ match }: { match: MatchRow }) {
  const params = { id: match.id };
  return (
    <DialogButton label="Void…" look="danger" title={`Void match ${matchTag(match.id)}`}>
      {(close) => (
        <ActionForm
          explanation="The match counts no more. A master rates its queue again without it; that may take minutes."
          confirmLabel="Void the match"
          isDangerous
          reasonHint="For the audit log and the match."
          preview={{
            key: ['void', match.id],
            ask: (api, reason, signal) =>
              api.preview('POST /api/matches/:id/void', { params, body: { reason } }, signal),
          }}
          run={(api, reason) => api.request('POST /api/matches/:id/void', { params, body: { reason } })}
          onDone={close}
          onCancel={close}
        />
      )}
    </DialogButton>
  );
}
