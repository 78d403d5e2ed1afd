/** A benchmark program of a project; it runs against what was built. */
export interface Suite {
  name: string;
  /** From the root of the repository. */
  file: string;
  args?: readonly string[];
}

export const SUITES: readonly Suite[] = [
  { name: 'protocol', file: 'libs/protocol/bench/core.mjs' },
  { name: 'rating', file: 'libs/rating/bench/rate.mjs' },
  { name: 'matchmaker', file: 'libs/matchmaker/bench/propose.mjs' },
  { name: 'store', file: 'libs/store/bench/storage.mjs' },
  { name: 'handshake', file: 'apps/master/bench/handshake.mjs' },
  { name: 'channel', file: 'apps/master/bench/channel.mjs' },
  { name: 'memory', file: 'apps/master/bench/memory.mjs' },
  { name: 'heartbeat', file: 'apps/master/bench/heartbeat.mjs' },
  { name: 'tick', file: 'apps/master/bench/tick.mjs' },
  { name: 'results', file: 'apps/master/bench/results.mjs' },
  { name: 'latency', file: 'apps/master/bench/latency.mjs' },
];
