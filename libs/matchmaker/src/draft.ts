import type { ServerSlot } from './queue.js';

/** A match that is decided but not yet written down. */
export interface Draft {
  /** In the order of waiting. */
  readonly members: readonly number[];
  /** The team per member. */
  readonly teamOf: readonly number[];
  /** Points between the strongest and the weakest. */
  readonly spread: number;
  readonly server: ServerSlot;
}
