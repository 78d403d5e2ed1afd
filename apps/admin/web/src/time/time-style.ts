import { useSyncExternalStore } from 'react';

export type TimeStyle = 'relative' | 'absolute';

let style: TimeStyle = 'relative';
const listeners = new Set<() => void>();

/** Whether times are shown as ages or as dates, everywhere at once. */
export function useTimeStyle(): TimeStyle {
  return useSyncExternalStore(subscribe, () => style);
}

export function toggleTimeStyle(): void {
  style = style === 'relative' ? 'absolute' : 'relative';
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
