import { Link } from '@tanstack/react-router';
import type { ServerState } from '../../api/contract.js';
import { wholeText } from '../../format/number-text.js';
import { SERVER_STATES } from '../../format/state-words.js';

/** How many servers are in which state; each leads to them. */
export function ServerStates({ servers }: { servers: Record<ServerState, number> }) {
  const states = Object.keys(SERVER_STATES) as ServerState[];
  return (
    <ul className="state-counts">
      {states.map((state) => {
        const count = servers[state];
        const word = SERVER_STATES[state];
        return (
          <li key={state}>
            <Link
              to="/servers"
              search={{ state }}
              className={`state-count ${count > 0 && word.tone === 'wrong' ? 'state-count-wrong' : ''}`}
              title={word.meaning}
            >
              <span className="state-count-value">{wholeText(count)}</span> {word.label}
            </Link>
          </li>
        );
      })}
    </ul>
  );
}
