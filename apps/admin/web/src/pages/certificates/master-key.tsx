import { useState } from 'react';
import { ActionForm } from '../../actions/action-form.js';
import type { RotatedMasterKey } from '../../api/contract.js';
import { useEndpoint } from '../../api/use-endpoint.js';
import { countText, NO_VALUE } from '../../format/number-text.js';
import { Button } from '../../ui/button.js';
import { Copyable } from '../../ui/copyable.js';
import { DialogButton } from '../../ui/dialog-button.js';
import { Fact, Facts } from '../../ui/facts.js';
import { NumberField } from '../../ui/number-field.js';
import { Empty, Failure, Loading } from '../../ui/page-states.js';

/** The key that signs game servers' certificates. */
export function MasterKey() {
  const key = useEndpoint('GET /api/master-key', {}, { every: 15_000 });
  if (key.data === undefined) {
    return key.error ? (
      <Failure what="The master key cannot be shown." error={key.error} onRetry={() => void key.refetch()} />
    ) : (
      <Loading what="the master key" />
    );
  }
  const { keyId, dying, available } = key.data;
  return (
    <>
      <Facts>
        <Fact name="Key id">{keyId === null ? NO_VALUE : <Copyable text={keyId} what="key id" />}</Fact>
        <Fact name="Certificates in force by it">{countText(dying, 'certificate')}</Fact>
      </Facts>
      {available ? (
        <>
          <p className="intro">
            A new key kills every certificate at once. It is what is left when the key itself is out.
          </p>
          <DialogButton label="Rotate the master key…" look="danger" title="Rotate the master key">
            {(close) => <RotateForm close={close} />}
          </DialogButton>
        </>
      ) : (
        <Empty>
          This process cannot read the key file, so it can neither issue certificates nor replace the key.
        </Empty>
      )}
    </>
  );
}

function RotateForm({ close }: { close: () => void }) {
  const [typed, setTyped] = useState(Number.NaN);
  const [rotated, setRotated] = useState<RotatedMasterKey | null>(null);
  if (rotated !== null) {
    return (
      <div className="form">
        <p>{rotated.done}</p>
        <Facts>
          <Fact name="Key id">
            <Copyable text={rotated.keyId} what="key id" />
          </Fact>
          <Fact name="Public key, for those who pin it">
            <Copyable text={rotated.publicKey} what="public key" />
          </Fact>
        </Facts>
        <div className="form-actions">
          <Button look="primary" onPress={close}>
            Close
          </Button>
        </div>
      </div>
    );
  }
  return (
    <ActionForm<RotatedMasterKey>
      confirmLabel="Rotate the key"
      isDangerous
      reasonHint="For the audit log."
      preview={{
        key: ['rotate'],
        ask: (api, reason, signal) =>
          api.preview('POST /api/master-key/rotate', { body: { confirm: 0, reason } }, signal),
      }}
      run={(api, reason) => api.request('POST /api/master-key/rotate', { body: { confirm: typed, reason } })}
      onDone={setRotated}
      onCancel={close}
    >
      {(impact) => (
        <NumberField
          label="How many certificates will die?"
          name="confirm"
          hint={impact === null ? 'The number that is said above.' : 'Type the number that is said above.'}
          value={typed}
          onChange={setTyped}
          minValue={0}
          isRequired
        />
      )}
    </ActionForm>
  );
}
