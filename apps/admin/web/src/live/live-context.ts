import { createContext, useContext, useEffect, useRef } from 'react';
import type { Topic } from '../api/contract.js';
import type { LiveEvent, LiveState } from './live-stream.js';

/** What a page wants to be told of while it is shown. */
export interface Subscription {
  topics: readonly Topic[];
  /** Narrows `commands` and `logs`. */
  serverId?: string | undefined;
  onEvent?: ((event: LiveEvent) => void) | undefined;
}

export interface LiveConnection {
  state: LiveState;
  /** What the dashboard's server says is wrong with itself. */
  trouble: string | null;
  /** Gives what ends the subscription. */
  subscribe: (subscription: Subscription) => () => void;
}

export const LiveContext = createContext<LiveConnection | null>(null);

/** State of the stream of events. */
export function useLiveConnection(): LiveConnection {
  const live = useContext(LiveContext);
  if (live === null) throw new Error('There is no stream of events here');
  return live;
}

/** Keeps topics flowing while the caller is on the screen. */
export function useLive({ topics, serverId, onEvent }: Subscription): void {
  const { subscribe } = useLiveConnection();
  const handler = useRef(onEvent);
  useEffect(() => {
    handler.current = onEvent;
  }, [onEvent]);
  const key = topics.join(',');
  useEffect(
    () =>
      subscribe({
        topics: key.split(',') as Topic[],
        serverId,
        onEvent: (event) => handler.current?.(event),
      }),
    [subscribe, key, serverId],
  );
}
