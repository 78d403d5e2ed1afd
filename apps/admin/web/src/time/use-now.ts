import { useSyncExternalStore } from 'react';
import { pageClock } from './clock.js';

/** What `read` makes of the present time. The caller is drawn again only when that is something else. */
export function useNow<Value extends string | number | boolean>(read: (now: number) => Value): Value {
  return useSyncExternalStore(pageClock.subscribe, () => read(pageClock.now()));
}
