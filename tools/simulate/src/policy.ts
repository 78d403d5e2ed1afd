import { propose, type Entry, type QueueRules, type ServerSlot } from '@ranked/matchmaker';

/** A match as a policy makes it. */
export interface ProposedMatch {
  readonly entryIds: readonly string[];
  /** Player ids. */
  readonly teams: readonly (readonly string[])[];
  readonly region: string;
}

/** A way to choose who plays whom. */
export interface Policy {
  readonly name: string;
  /** `now`: milliseconds of virtual time; `entries`: those who wait, longest first. */
  match(now: number, entries: readonly Entry[]): readonly ProposedMatch[];
}

/** More than anybody needs: the simulation is about players, not about machines. */
const PLACES = 1_000_000;

/** The matchmaker of this project under a queue's rules, with servers in every region that never run out. */
export function ownPolicy(queue: QueueRules, regions: readonly string[], name = 'ours'): Policy {
  const servers: ServerSlot[] = regions.map((region) => ({ id: region, region, free: PLACES }));
  return {
    name,
    match: (now, entries) => propose({ now, queue, entries, servers }).matches,
  };
}

/** The same rules with every width of the window multiplied. */
export function widened(queue: QueueRules, times: number): QueueRules {
  const { window } = queue;
  const { initial, perSecond, max, curve } = window;
  return {
    ...queue,
    window: {
      ...window,
      initial: initial * times,
      perSecond: perSecond * times,
      max: max * times,
      ...(curve && { curve: curve.map(([seconds, width]) => [seconds, width * times] as const) }),
    },
  };
}
