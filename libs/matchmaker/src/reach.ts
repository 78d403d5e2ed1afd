import type { Entry, LatencyRules } from './queue.js';

/**
 * Milliseconds from the slowest of the players to a region; undefined where none is known. `unmeasured` stands for the latency of a
 * player who has measured other regions only; he is passed over where it is not given.
 */
export function worstLatency(entry: Entry, region: string, unmeasured?: number): number | undefined {
  let worst: number | undefined;
  for (const { latencies } of entry.players) {
    if (latencies === undefined) continue;
    const ms = Object.hasOwn(latencies, region) ? latencies[region] : unmeasured;
    if (ms !== undefined && (worst === undefined || ms > worst)) worst = ms;
  }
  return worst;
}

/** Whether all players of an entry may play in a region. */
export function reaches(entry: Entry, region: string, { max }: LatencyRules): boolean {
  return (worstLatency(entry, region, Infinity) ?? 0) <= max;
}
