import { ratings, type RatingRow, type ReadTx } from '@ranked/store';
import type { ReRating } from './re-rating.js';

/** Ratings read at once. */
const PAGE = 5000;

/** A rating that is not what the matches make; null where there is none. */
export interface RatingDifference {
  accountId: string;
  stored: RatingRow | null;
  again: RatingRow | null;
}

/** Whether a stored rating and another one that comes out count as the same. */
export type Same = (stored: RatingRow, again: RatingRow) => boolean;

/** Compares all ratings of a queue. */
export async function differingRatings(
  tx: ReadTx,
  queue: string,
  reRating: ReRating,
  same: Same,
): Promise<RatingDifference[]> {
  const found: RatingDifference[] = [];
  const seen = new Set<string>();
  for (let after = ''; ;) {
    const page = await ratings.page(tx, queue, { after, limit: PAGE });
    for (const stored of page) {
      seen.add(stored.accountId);
      const again = reRating.ratingOf(stored.accountId) ?? null;
      if (again === null || !same(stored, again)) found.push({ accountId: stored.accountId, stored, again });
    }
    after = page.at(-1)?.accountId ?? '';
    if (page.length < PAGE) break;
  }
  for (const again of reRating.ratings()) {
    if (!seen.has(again.accountId)) found.push({ accountId: again.accountId, stored: null, again });
  }
  return found;
}

/** Compares the ratings of these accounts. */
export async function differingAmong(
  tx: ReadTx,
  queue: string,
  reRating: ReRating,
  same: Same,
  accountIds: readonly string[],
): Promise<RatingDifference[]> {
  const found: RatingDifference[] = [];
  for (let start = 0; start < accountIds.length; start += PAGE) {
    const part = accountIds.slice(start, start + PAGE);
    for (const row of await ratings.forAccounts(tx, queue, part, { mu: 0, sigma: 0 })) {
      const again = reRating.ratingOf(row.accountId) ?? null;
      // A rating without games stands for none.
      const stored = row.games > 0 ? row : null;
      if (!isSame(stored, again, same)) found.push({ accountId: row.accountId, stored, again });
    }
  }
  return found;
}

/** The same, or none on either side. */
export function isSame(stored: RatingRow | null, again: RatingRow | null, same: Same): boolean {
  return stored === null || again === null ? stored === again : same(stored, again);
}
