import { gameServers, matchUpkeep } from '@ranked/store';
import { silenceMs } from '../deadlines.js';
import type { TickStep } from '../tick-context.js';

/**
 * Servers whose node died are offline as well: nobody has written them for longer than silence is allowed. The matches
 * of all servers that are offline are marked with the moment at which that was seen first.
 */
export const findLostServers: TickStep = async ({ tx, now, config }) => {
  await gameServers.markSilentOffline(tx, now - silenceMs(config));
  await matchUpkeep.markLostOfOffline(tx);
};
