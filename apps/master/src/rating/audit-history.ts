import type { Store } from '@ranked/store';
import { differingAmong, differingRatings, isSame, type RatingDifference } from './differing-ratings.js';
import { sameRating, type ReRating } from './re-rating.js';
import type { RulesBook } from './rules-book.js';
import { settledBefore } from './settled-before.js';

/** Times that what came in meanwhile is rated and compared. */
const ROUNDS = 5;

/** What an audit found. */
export interface Audit {
  reRating: ReRating;
  ratings: RatingDifference[];
  /** How many of `ratings` belong to players whose matches kept ending while they were compared. */
  unsettled: number;
}

/**
 * Compares the ratings with what the matches make, beside masters that go on. All are read once. One that differs may have
 * got a match since: the last matches are rated anew, so that none which came in out of order is missed, and what follows for
 * these accounts alone is read again. A difference that no match explains is one; this ends after a few rounds.
 * @param settled rated up to matches before which none comes in any more
 */
export async function auditHistory(
  store: Store,
  queue: string,
  rules: RulesBook,
  settled: ReRating,
): Promise<Audit> {
  let latest = await withTheLast(store, rules, settled);
  let suspects = await store.read((tx) => differingRatings(tx, queue, latest, sameRating));
  const certain: RatingDifference[] = [];
  for (let round = 0; round < ROUNDS && suspects.length > 0; round++) {
    const next = await withTheLast(store, rules, settled);
    const moved: string[] = [];
    for (const { accountId, stored, again: before } of suspects) {
      const again = next.ratingOf(accountId) ?? null;
      if (isSame(stored, again, sameRating)) continue;
      if (isSame(before, again, sameRating)) certain.push({ accountId, stored, again });
      else moved.push(accountId);
    }
    latest = next;
    suspects =
      moved.length === 0 ? [] : await store.read((tx) => differingAmong(tx, queue, next, sameRating, moved));
  }
  return { reRating: latest, ratings: [...certain, ...suspects], unsettled: suspects.length };
}

async function withTheLast(store: Store, rules: RulesBook, settled: ReRating): Promise<ReRating> {
  const until = await store.read((tx) => Promise.resolve(settledBefore(tx)));
  await rules.follow(settled, (read) => store.read(read), { until });
  const reRating = settled.fork();
  await rules.follow(reRating, (read) => store.read(read));
  return reRating;
}
