import { gameServers, queue, serverLogs } from '@ranked/store';
import { silenceMs } from '../deadlines.js';
import type { TickStep } from '../tick-context.js';

/**
 * What this node heard since the last tick: servers that are there (the store leaves out those whose certificate is
 * no longer good), servers that left, players who gave a sign of life or left, lines that servers logged. A statement each.
 */
export const writePresence: TickStep = async ({ tx, inputs, number, config }) => {
  // Rows of this node's name from before its first tick are those of a process that was killed.
  if (number === 0) await gameServers.markNodeOffline(tx, config.nodeId);
  const { seen, gone } = inputs.presence;
  if (seen.length > 0) await gameServers.upsertPresence(tx, seen);
  if (gone.length > 0) await gameServers.markOffline(tx, gone);
  const players = inputs.players;
  if (players.seen.length > 0) await queue.touch(tx, players.seen);
  if (players.left.length > 0) await queue.markAway(tx, players.left, silenceMs(config));
  if (inputs.logs.length > 0) await serverLogs.appendMany(tx, inputs.logs);
};
