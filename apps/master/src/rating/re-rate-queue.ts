import { ratedMatches, ratings, type JsonValue, type RatingRow, type Store, type Tx } from '@ranked/store';
import type { QueueConfig } from '../config/queue-config.js';
import { auditHistory } from './audit-history.js';
import { differingRatings, type RatingDifference } from './differing-ratings.js';
import { sameRating, type Difference, type ReRating } from './re-rating.js';
import { circumstancesOf, RulesBook, type RulesOrder } from './rules-book.js';
import { SETTLED_MS, settledBefore } from './settled-before.js';

/** What is rated again, and how. */
export interface ReRatingOrder extends RulesOrder {
  /** Write what comes out. */
  apply: boolean;
  onProgress?: (done: number, total: number) => void;
}

/** What came of it. */
export interface ReRatingReport {
  /** Matches that count, that do not, and those of which something differs. */
  counted: number;
  left: number;
  differing: number;
  /** The first differences within matches. */
  differences: Difference[];
  /** Ratings that differ, those that differ most in display points first. */
  ratings: RatingDifference[];
  /** How many of `ratings` could not be settled, since matches of these players kept ending. */
  unsettled: number;
  /** Named matches that the queue does not have, or that are not finished. */
  unknown: string[];
  /** Matches that came to an end while the others were rated. */
  meanwhile: number;
  applied: boolean;
}

/** A result has come in with a time at which the history had been taken for complete. Nothing was written. */
export class LateResultError extends Error {
  override readonly name = 'LateResultError';
  readonly code = 'late_result';
}

/**
 * Rates a queue's whole history again and compares it with what is stored, bit for bit.
 *
 * With `apply`, what comes out is written in one transaction. The history but for its last minute was rated before it begins;
 * inside it nobody else writes, the rest is read and rated, and all is written. So a master may run: results that come during
 * the transaction wait, and are then rated by the new ratings.
 * @throws LateResultError with `apply`, if matches have come in between those that were rated before
 */
export async function reRateQueue(store: Store, order: ReRatingOrder): Promise<ReRatingReport> {
  const unknown = new Set([...order.without, ...order.include]);
  const rules = new RulesBook(order, (id) => unknown.delete(id));
  const { total, until } = await store.read(async (tx) => ({
    total: await ratedMatches.count(tx, order.queue.name),
    until: settledBefore(tx),
  }));
  const settled = rules.reRating();
  const progress = (done: number): void => order.onProgress?.(done, total);
  await rules.follow(settled, (read) => store.read(read), { until, progress });
  const found = order.apply
    ? { ...(await apply(store, order, settled, rules)), unsettled: 0 }
    : await auditHistory(store, order.queue.name, rules, settled);
  const { counted, left, differing, differences } = found.reRating;
  return {
    counted,
    left,
    differing,
    differences,
    ratings: found.ratings.sort((a, b) => changeOf(b) - changeOf(a)),
    unsettled: found.unsettled,
    unknown: [...unknown],
    meanwhile: Math.max(0, counted + left - total),
    applied: order.apply,
  };
}

function apply(
  store: Store,
  order: ReRatingOrder,
  settled: ReRating,
  rules: RulesBook,
): Promise<{ reRating: ReRating; ratings: RatingDifference[] }> {
  const { name: queue } = order.queue;
  const work = async (tx: Tx): Promise<{ reRating: ReRating; ratings: RatingDifference[] }> => {
    // The job may be run again from its start: it works on a copy.
    const reRating = settled.fork();
    await rules.follow(reRating, (read) => read(tx));
    await refuseLate(tx, queue, reRating);
    await ratedMatches.rewrite(tx, reRating.rewritten);
    const changed = await differingRatings(tx, queue, reRating, sameRatingAndTier);
    await ratings.upsertMany(
      tx,
      changed.flatMap(({ again }) => (again ? [again] : [])),
    );
    await ratings.remove(
      tx,
      queue,
      changed.flatMap(({ accountId, again }) => (again ? [] : [accountId])),
    );
    if (order.byPresentRules) await replaceRules(tx, order.queue);
    return { reRating, ratings: changed };
  };
  return store.write('rate again', work, { lock: 'alone' });
}

const sameRatingAndTier = (stored: RatingRow, again: RatingRow): boolean =>
  sameRating(stored, again) && stored.tier === again.tier;

/** Ratings that leave out a match would be lost for its players: every finished match must have been rated. */
async function refuseLate(tx: Tx, queue: string, { counted, left }: ReRating): Promise<void> {
  const finished = await ratedMatches.count(tx, queue);
  if (finished === counted + left) return;
  throw new LateResultError(
    `the queue ${queue} has ${finished} finished matches, and ${counted + left} were rated: a result came in with a time ` +
      `of more than ${SETTLED_MS / 1000} s ago. See to the clocks of the masters and of this machine, and run it again`,
  );
}

/** Matches keep the rules that they were rated by. Those under way will be rated by the same, as their players' ratings are. */
async function replaceRules(tx: Tx, queue: QueueConfig): Promise<void> {
  const { model, ...parameters } = queue.rating;
  const digests = new Set([
    ...(await ratedMatches.rulesInUse(tx, queue.name)),
    ...(await ratedMatches.rulesInUse(tx, queue.name, 'live')),
  ]);
  for (const digest of digests) {
    const stored = (await ratedMatches.rulesByDigest(tx, digest)) as Record<string, JsonValue>;
    const { host: _host, matchImportance: _matchImportance, ...others } = stored;
    const rules = {
      ...others,
      ...circumstancesOf(queue),
      rating: { ...(parameters as Record<string, JsonValue>), model },
    };
    await ratedMatches.replaceRules(tx, { queue: queue.name, digest, rules });
  }
}

/** In display points; one that comes or goes moves by all it has. */
function changeOf({ stored, again }: RatingDifference): number {
  return Math.abs((again?.display ?? 0) - (stored?.display ?? 0));
}
