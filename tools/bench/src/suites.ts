/** A benchmark program of a project; it runs against what was built. */
export interface Suite {
  name: string;
  /** From the root of the repository. */
  file: string;
  args?: readonly string[];
}

export const SUITES: readonly Suite[] = [
  { name: 'protocol', file: 'libs/protocol/bench/core.mjs' },
  { name: 'rating-speed', file: 'libs/rating/bench/rate.mjs' },
  { name: 'rating-replay', file: 'libs/rating/bench/replay.mjs' },
  { name: 'rating-accuracy', file: 'tools/bench/dist/rating/accuracy.js' },
  { name: 'matchmaker', file: 'libs/matchmaker/bench/propose.mjs' },
  { name: 'store', file: 'libs/store/bench/storage.mjs' },
  { name: 'handshake', file: 'apps/master/bench/handshake.mjs' },
  { name: 'channel', file: 'apps/master/bench/channel.mjs' },
  { name: 'memory', file: 'apps/master/bench/memory.mjs' },
  { name: 'heartbeat', file: 'apps/master/bench/heartbeat.mjs' },
  { name: 'tick', file: 'apps/master/bench/tick.mjs' },
  { name: 'long-queue', file: 'apps/master/bench/long-queue.mjs' },
  { name: 'results', file: 'apps/master/bench/results.mjs' },
  { name: 'latency', file: 'apps/master/bench/latency.mjs' },
  { name: 'dashboards', file: 'apps/admin/bench/dashboards.mjs' },
];

/**
 * The programs that a list of names chooses, in the order of {@link SUITES}. A name stands for its own program and for those
 * that it is the first word of: `rating` for `rating-speed` and `rating-accuracy`.
 *
 * @throws Error for a name that stands for nothing
 */
export function suitesNamed(names: readonly string[]): readonly Suite[] {
  const means = (name: string, { name: suite }: Suite): boolean =>
    suite === name || suite.startsWith(`${name}-`);
  const unknown = names.find((name) => !SUITES.some((suite) => means(name, suite)));
  if (unknown !== undefined) throw new Error(`there is no benchmark '${unknown}'`);
  return SUITES.filter((suite) => names.some((name) => means(name, suite)));
}
