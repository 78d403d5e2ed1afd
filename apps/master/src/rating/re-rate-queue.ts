import { ratingModel } from '@ranked/rating';
import {
  ratedMatches,
  ratings,
  type JsonValue,
  type RatingRow,
  type ReadTx,
  type Store,
  type Tx,
} from '@ranked/store';
import type { QueueConfig } from '../config/queue-config.js';
import type { MatchRules } from '../matchmaking/match-rules.js';
import type { RatingCircumstances } from './match-input.js';
import { ReRating, sameRating, type Difference, type MatchRating } from './re-rating.js';
import { standingRules } from './standing.js';

/** Matches read at once. */
const PAGE = 1000;
/** Ratings read at once. */
const RATINGS_PAGE = 5000;

/** What is rated again, and how. */
export interface ReRatingOrder {
  queue: QueueConfig;
  /** Ids of matches that shall count no more. */
  without: ReadonlySet<string>;
  /** Ids of matches that were taken out and shall count again. */
  include: ReadonlySet<string>;
  /** Rate by the queue's present model and parameters instead of those that each match was rated by. */
  byPresentRules: boolean;
  /** Write what comes out. */
  apply: boolean;
  onProgress?: (done: number, total: number) => void;
}

/** A rating that is not what the matches make; null where there is none. */
export interface RatingDifference {
  accountId: string;
  stored: RatingRow | null;
  again: RatingRow | null;
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
  /** Named matches that the queue does not have, or that are not finished. */
  unknown: string[];
  /** Matches that came to an end while the others were rated. */
  meanwhile: number;
  applied: boolean;
}

/**
 * Rates a queue's whole history again and compares it with what is stored, bit for bit.
 *
 * With `apply`, what comes out is written in one transaction. The history was rated before it begins; inside it results are held
 * back, the matches finished meanwhile are read and rated, and all is written. So a master may run: results that come during the
 * transaction wait, and are then rated by the new ratings.
 */
export async function reRateQueue(store: Store, order: ReRatingOrder): Promise<ReRatingReport> {
  const unknown = new Set([...order.without, ...order.include]);
  const rules = new RulesBook(order);
  const total = await store.read((tx) => ratedMatches.count(tx, order.queue.name));
  const reRating = rules.reRating();
  await rules.follow(reRating, (read) => store.read(read), {
    seen: (id) => unknown.delete(id),
    progress: (done) => order.onProgress?.(done, total),
  });
  const before = reRating.counted + reRating.left;
  const found = order.apply
    ? await apply(store, order, reRating, rules)
    : { reRating, ratings: await compareRatings(store, order.queue.name, reRating, rules) };
  const { counted, left, differing, differences } = found.reRating;
  return {
    counted,
    left,
    differing,
    differences,
    ratings: found.ratings.sort((a, b) => changeOf(b) - changeOf(a)),
    unknown: [...unknown],
    meanwhile: counted + left - before,
    applied: order.apply,
  };
}

type Read = <T>(read: (tx: ReadTx) => Promise<T>) => Promise<T>;

/** By what the matches of an order are rated; rules are read when a match first has them. */
class RulesBook {
  readonly present: MatchRating;
  private readonly byDigest = new Map<string, MatchRating>();

  constructor(private readonly order: ReRatingOrder) {
    const { queue } = order;
    this.present = { model: ratingModel(queue.rating), circumstances: circumstancesOf(queue) };
  }

  async learn(tx: ReadTx, digests: ReadonlySet<string>): Promise<void> {
    if (this.order.byPresentRules) return;
    for (const digest of digests) {
      if (this.byDigest.has(digest)) continue;
      const stored = await ratedMatches.rulesByDigest(tx, digest);
      // The rules are the master's own: it wrote them when the match was made.
      const rules = stored as unknown as MatchRules & RatingCircumstances;
      this.byDigest.set(digest, { model: ratingModel(rules.rating), circumstances: circumstancesOf(rules) });
    }
  }

  of(digest: string): MatchRating {
    const rating = this.order.byPresentRules ? this.present : this.byDigest.get(digest);
    if (!rating) throw new Error(`a match has rules ${digest} that are not stored`);
    return rating;
  }

  reRating(): ReRating {
    const { queue, without, include } = this.order;
    const standing = standingRules(this.present.model, queue.ranks);
    return new ReRating({
      queue: queue.name,
      ratingOf: (digest) => this.of(digest),
      standing,
      without,
      include,
    });
  }

  /** Rates all matches after those that were rated already; gives their number. */
  async follow(
    reRating: ReRating,
    read: Read,
    watch: { seen?: (matchId: string) => void; progress?: (done: number) => void } = {},
  ): Promise<number> {
    let done = 0;
    for (;;) {
      const page = await read(async (tx) => {
        const matches = await ratedMatches.page(tx, this.order.queue.name, {
          after: reRating.cursor,
          limit: PAGE,
        });
        await this.learn(tx, new Set(matches.map(({ rulesDigest }) => rulesDigest)));
        return matches;
      });
      for (const match of page) {
        watch.seen?.(match.id);
        reRating.rate(match);
      }
      done += page.length;
      watch.progress?.(done);
      if (page.length < PAGE) return done;
    }
  }
}

function circumstancesOf({ host, matchImportance }: RatingCircumstances): RatingCircumstances {
  return {
    ...(host !== undefined && { host }),
    ...(matchImportance !== undefined && { matchImportance }),
  };
}

/** The ratings that differ. Matches that end while they are read are rated, too, until none comes any more. */
async function compareRatings(
  store: Store,
  queue: string,
  reRating: ReRating,
  rules: RulesBook,
): Promise<RatingDifference[]> {
  let differing = await store.read((tx) => differingRatings(tx, queue, reRating));
  while ((await rules.follow(reRating, (read) => store.read(read))) > 0) {
    differing = await store.read((tx) => differingRatings(tx, queue, reRating));
  }
  return differing;
}

async function differingRatings(
  tx: ReadTx,
  queue: string,
  reRating: ReRating,
  differs: (stored: RatingRow, again: RatingRow) => boolean = (stored, again) => !sameRating(stored, again),
): Promise<RatingDifference[]> {
  const found: RatingDifference[] = [];
  const seen = new Set<string>();
  for (let after = ''; ;) {
    const page = await ratings.page(tx, queue, { after, limit: RATINGS_PAGE });
    for (const stored of page) {
      seen.add(stored.accountId);
      const again = reRating.ratingOf(stored.accountId) ?? null;
      if (again === null || differs(stored, again))
        found.push({ accountId: stored.accountId, stored, again });
    }
    after = page.at(-1)?.accountId ?? '';
    if (page.length < RATINGS_PAGE) break;
  }
  for (const again of reRating.ratings()) {
    if (!seen.has(again.accountId)) found.push({ accountId: again.accountId, stored: null, again });
  }
  return found;
}

async function apply(
  store: Store,
  order: ReRatingOrder,
  rated: ReRating,
  rules: RulesBook,
): Promise<{ reRating: ReRating; ratings: RatingDifference[] }> {
  const { name: queue } = order.queue;
  return store.write('rate again', async (tx) => {
    await ratedMatches.holdResults(tx);
    // The job may be run again from its start: it works on a copy.
    const reRating = rated.fork();
    await rules.follow(reRating, (read) => read(tx));
    await ratedMatches.rewrite(tx, reRating.rewritten);
    const changed = await differingRatings(
      tx,
      queue,
      reRating,
      (stored, again) => !sameRating(stored, again) || stored.tier !== again.tier,
    );
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
  });
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
