import type { QueueEntryView } from '../../api/contract.js';
import { ActionForm } from '../../actions/action-form.js';
import { DialogButton } from '../../ui/dialog-button.js';

/** Takes a player out of a queue. */
export function RemoveEntry({ queue, entry }: { queue: string; entry: QueueEntryView }) {
  const params = { name: queue, accountId: entry.accountId };
  return (
    <DialogButton
      label="Remove…"
      about={entry.displayName}
      look="quiet"
      title={`Remove ${entry.displayName} from ${queue}`}
    >
      {(close) => (
        <ActionForm
          confirmLabel="Remove"
          isDangerous
          reasonHint="For the audit log."
          preview={{
            key: ['remove-entry', queue, entry.accountId],
            ask: (api, reason, signal) =>
              api.preview(
                'POST /api/queues/:name/entries/:accountId/remove',
                { params, body: { reason } },
                signal,
              ),
          }}
          run={(api, reason) =>
            api.request('POST /api/queues/:name/entries/:accountId/remove', { params, body: { reason } })
          }
          onDone={close}
          onCancel={close}
        />
      )}
    </DialogButton>
  );
}
