import { useLiveConnection } from '../live/live-context.js';
import { clockSecondsText } from '../format/time-text.js';
import { Remaining } from '../time/time.js';

/** Whether what is on the screen is kept up to date. */
export function LiveStatus() {
  const { state, trouble } = useLiveConnection();
  if (trouble !== null) {
    return (
      <p className="live live-wrong" role="status">
        <span className="live-dot" aria-hidden /> No data: {trouble}
      </p>
    );
  }
  if (state.kind === 'reconnecting') {
    return (
      <p className="live live-wrong" role="status" title={state.reason}>
        <span className="live-dot" aria-hidden /> Reconnecting
        <span aria-hidden>
          {' '}
          since {clockSecondsText(state.since)}
          <span className="live-next">
            , next try in <Remaining until={state.retryAt} />
          </span>
        </span>
      </p>
    );
  }
  return (
    <p className={`live live-${state.kind}`} role="status">
      <span className="live-dot" aria-hidden /> {state.kind === 'live' ? 'Live' : 'Connecting'}
    </p>
  );
}
