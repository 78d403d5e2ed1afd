import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { useCallback, useMemo, useState, type ReactNode } from 'react';
import { ApiClient } from '../api/api-client.js';
import { ApiError } from '../api/api-error.js';
import type { SessionView } from '../api/contract.js';
import { pageClock } from '../time/clock.js';
import { SessionContext } from './session.js';
import { TokenPage } from './token-page.js';

interface Accepted {
  api: ApiClient;
  view: SessionView;
}

/** Shows what is inside only to an operator whose token was accepted. The token lives in this component and nowhere else. */
export function SessionGate({ children }: { children: ReactNode }) {
  const [accepted, setAccepted] = useState<Accepted | null>(null);
  const [notice, setNotice] = useState<string | null>(null);

  const end = useCallback((reason: string) => {
    setAccepted(null);
    setNotice(reason);
  }, []);

  const tryToken = useCallback(
    async (token: string) => {
      const trial = new ApiClient({ token });
      const view = await trial.request('GET /api/session', {});
      pageClock.adjust(view.now);
      const api = new ApiClient({
        token,
        onUnauthenticated: (error) => end(`The server no longer takes the token. ${error.message}`),
      });
      setNotice(null);
      setAccepted({ api, view });
    },
    [end],
  );

  const session = useMemo(() => (accepted === null ? null : { ...accepted, end }), [accepted, end]);
  // Another operator must not see what the one before had loaded.
  const client = useMemo(() => (accepted === null ? null : createQueryClient()), [accepted]);
  if (session === null || client === null) return <TokenPage notice={notice} onToken={tryToken} />;
  return (
    <SessionContext value={session}>
      <QueryClientProvider client={client}>{children}</QueryClientProvider>
    </SessionContext>
  );
}

function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        // Events keep what is on the screen fresh; going back and forth between pages need not load again.
        staleTime: 5000,
        gcTime: 5 * 60_000,
        retry: (failures, error) => isPassing(error) && failures < 3,
      },
      mutations: { retry: false },
    },
  });
}

/** Whether asking again may help. */
function isPassing(error: unknown): boolean {
  return error instanceof ApiError && (error.code === 'unreachable' || error.status >= 500);
}
