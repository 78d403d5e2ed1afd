import type { ReadTx } from '@ranked/store';

/** How far the clocks of masters may be behind, and for how long a result may be under way to its commit, ms. */
export const SETTLED_MS = 60_000;

/** The time, Unix ms, before which no result comes in any more: those that do not come with their turn are later. */
export function settledBefore(tx: ReadTx): number {
  return tx.now() - SETTLED_MS;
}
