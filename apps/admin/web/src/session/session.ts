import { createContext, useContext } from 'react';
import type { ApiClient } from '../api/api-client.js';
import type { SessionView } from '../api/contract.js';

/** An operator whose token was accepted. */
export interface OpenSession {
  api: ApiClient;
  view: SessionView;
  /** Forgets the token. */
  end: (reason: string) => void;
}

export const SessionContext = createContext<OpenSession | null>(null);

/** The open session. Pages are shown inside one only. */
export function useSession(): OpenSession {
  const session = useContext(SessionContext);
  if (session === null) throw new Error('There is no session here');
  return session;
}

/** The API with the operator's token. */
export function useApi(): ApiClient {
  return useSession().api;
}
