import type { ServerSlot } from './queue.js';

/**
 * The free places one by one, each on the server that then has most of them left, so that load spreads. Among equals the one that
 * began with more comes first, then the one whose id sorts first.
 */
export function* serverPlaces(servers: readonly ServerSlot[]): Generator<ServerSlot, undefined> {
  const order = servers
    .filter(({ free }) => free > 0)
    .sort((a, b) => b.free - a.free || (a.id < b.id ? -1 : 1));
  // All servers with at least `level` places free have come down to exactly `level` by the time it is reached.
  for (let level = order[0]?.free ?? 0; level > 0; level--) {
    for (const server of order) {
      if (server.free < level) break;
      yield server;
    }
  }
  return undefined;
}
