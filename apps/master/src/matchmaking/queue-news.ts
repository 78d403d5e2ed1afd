import type { Entry, Leftover, Proposal } from '@ranked/matchmaker';
import type { PastWait } from '@ranked/store';
import type { LeftoverTexts } from './search/leftover-texts.js';

/** Waits taken from one round of a queue. */
const WAITS_PER_ROUND = 64;

/** What one round of the matchmaker over one queue has to tell those who wait. */
export interface QueueNews {
  readonly queue: string;
  /** When it was asked, Unix ms. */
  readonly at: number;
  /** Players who go on waiting. */
  waiting: number;
  /** Why each entry was left over. */
  leftovers: readonly Leftover[];
  /** The same as text, where they came so; `leftovers` is empty then. */
  texts: LeftoverTexts | undefined;
  /** The reason of all that are not among the leftovers, where it was not even asked. */
  others: Leftover | undefined;
  /** Waits that ended. */
  waits: readonly PastWait[];
}

/** News of a queue of which nothing is known yet but who waits. */
export function emptyNews(queue: string, at: number, waiting: number): QueueNews {
  return { queue, at, waiting, leftovers: [], texts: undefined, others: undefined, waits: [] };
}

/** The waits of some of the entries that have a match now, evenly chosen: the first matches are those of the longest waits. */
export function endedWaits(
  proposals: readonly Proposal[],
  entries: readonly Entry[],
  { now, pointsPerUnit }: { now: number; pointsPerUnit: number },
): PastWait[] {
  const waits = new Map<string, number>();
  const step = Math.max(1, Math.ceil(proposals.length / WAITS_PER_ROUND));
  for (let i = 0; i < proposals.length && waits.size < WAITS_PER_ROUND; i += step) {
    const proposal = proposals[i];
    proposal?.entryIds.forEach((id, n) => waits.set(id, proposal.waits[n] ?? 0));
  }
  if (waits.size === 0) return [];
  return entries.flatMap(({ id, players }): PastWait[] => {
    const waitMs = waits.get(id);
    if (waitMs === undefined) return [];
    const mu = players.reduce((sum, player) => sum + player.rating.mu, 0) / players.length;
    return [[now, Math.round(mu * pointsPerUnit), waitMs]];
  });
}
