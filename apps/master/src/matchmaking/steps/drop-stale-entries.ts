import { queue } from '@ranked/store';
import { silenceMs } from '../deadlines.js';
import type { TickStep } from '../tick-context.js';

/** Queue entries of players who have been away for `queueGraceMs`; not before they had that long to come back to a new process. */
export const dropStaleEntries: TickStep = async ({ tx, now, config, playersSettled, sweeps, outcome }) => {
  if (!playersSettled || !sweeps) return;
  const stale = await queue.removeStale(tx, now - config.queueGraceMs - silenceMs(config));
  outcome.stale += stale.length;
  outcome.sweptAt = now;
};
