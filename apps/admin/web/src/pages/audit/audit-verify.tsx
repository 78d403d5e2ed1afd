import { ShieldAlert, ShieldCheck } from 'lucide-react';
import { useEndpoint } from '../../api/use-endpoint.js';
import { countText } from '../../format/number-text.js';
import { Button } from '../../ui/button.js';
import { Failure } from '../../ui/page-states.js';

/** Checks the whole chain of the audit log, when asked. */
export function AuditVerify() {
  const verification = useEndpoint('GET /api/audit/verify', {}, { enabled: false });
  const { data } = verification;
  return (
    <div className="verify">
      <Button isPending={verification.isFetching} onPress={() => void verification.refetch()}>
        {verification.isFetching ? 'Checking …' : 'Verify the chain'}
      </Button>
      {verification.error ? (
        <Failure what="The chain could not be checked." error={verification.error} />
      ) : null}
      {data === undefined || verification.error ? null : data.ok ? (
        <p role="status" className="verify-result">
          <ShieldCheck size={18} aria-hidden /> Whole: {countText(data.checked, 'row')} checked.
        </p>
      ) : (
        <p role="alert" className="verify-result verify-broken">
          <ShieldAlert size={18} aria-hidden /> {data.fault?.text ?? 'The chain is broken.'}{' '}
          {countText(data.checked, 'row')} checked.
        </p>
      )}
    </div>
  );
}
