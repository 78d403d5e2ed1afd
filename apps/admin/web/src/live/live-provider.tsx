import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { useApi } from '../session/session.js';
import { applyEvent } from './apply-event.js';
import { LiveContext, type Subscription } from './live-context.js';
import { LiveStream, type LiveState } from './live-stream.js';

/** Opens one stream of events for all that is on the screen, with the topics that it wants together. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const api = useApi();
  const client = useQueryClient();
  const subscriptions = useRef(new Set<Subscription>());
  const [wanted, setWanted] = useState('overview|');
  const [state, setState] = useState<LiveState>({ kind: 'connecting' });
  const [trouble, setTrouble] = useState<string | null>(null);

  const subscribe = useCallback((subscription: Subscription) => {
    const all = subscriptions.current;
    all.add(subscription);
    setWanted(wantedTogether(all));
    return () => {
      all.delete(subscription);
      setWanted(wantedTogether(all));
    };
  }, []);

  useEffect(() => {
    const [topics = '', serverId = ''] = wanted.split('|');
    const stream = new LiveStream({
      open: (signal) => api.events({ topics, ...(serverId ? { serverId } : {}) }, signal),
      onState: setState,
      onEvent: (event) => {
        if (event.name === 'trouble') setTrouble(event.data.text);
        else if (event.name !== 'hello') setTrouble(null);
        // There is no replay: what was loaded before the stream stood may have missed something.
        if (event.name === 'hello') {
          void client.invalidateQueries(
            { predicate: (query) => query.state.dataUpdatedAt > 0 },
            { cancelRefetch: false },
          );
        }
        applyEvent(client, event);
        for (const subscription of subscriptions.current) subscription.onEvent?.(event);
      },
    });
    stream.start();
    return () => stream.stop();
  }, [api, client, wanted]);

  const connection = useMemo(() => ({ state, trouble, subscribe }), [state, trouble, subscribe]);
  return <LiveContext value={connection}>{children}</LiveContext>;
}

function wantedTogether(subscriptions: ReadonlySet<Subscription>): string {
  const topics = new Set(['overview']);
  let serverId = '';
  for (const subscription of subscriptions) {
    for (const topic of subscription.topics) topics.add(topic);
    if (subscription.serverId) serverId = subscription.serverId;
  }
  return `${[...topics].sort().join(',')}|${serverId}`;
}
