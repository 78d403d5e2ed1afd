import { ratingModel } from '@ranked/rating';
import { ratedMatches, type ReadTx } from '@ranked/store';
import type { QueueConfig } from '../config/queue-config.js';
import type { MatchRules } from '../matchmaking/match-rules.js';
import type { RatingCircumstances } from './match-input.js';
import { modelOf, notesIdleTime } from './model-of.js';
import { ReRating, type MatchRating } from './re-rating.js';
import { standingRules } from './standing.js';

/** Matches read at once. */
const PAGE = 1000;

/** Which matches of a queue count, and by what they are rated. */
export interface RulesOrder {
  queue: QueueConfig;
  /** Ids of matches that shall count no more. */
  without: ReadonlySet<string>;
  /** Ids of matches that were taken out and shall count again. */
  include: ReadonlySet<string>;
  /** Rate by the queue's present model and parameters instead of those that each match was rated by. */
  byPresentRules: boolean;
}

/** Reads on a connection of its own, or in a transaction that is open. */
export type Read = <T>(read: (tx: ReadTx) => Promise<T>) => Promise<T>;

/** By what the matches of an order are rated; rules are read when a match first has them. */
export class RulesBook {
  private readonly present: MatchRating;
  private readonly byDigest = new Map<string, MatchRating>();

  /** @param seen hears the id of every match that is rated */
  constructor(
    private readonly order: RulesOrder,
    private readonly seen: (matchId: string) => void,
  ) {
    const { queue } = order;
    this.present = {
      model: ratingModel(queue.rating),
      circumstances: circumstancesOf(queue),
      notesIdleTime: true,
    };
  }

  /** A history of which nothing has been rated yet. */
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

  /**
   * Rates all matches after those that were rated already.
   * @param span `until`: only matches rated before, ms
   */
  async follow(
    reRating: ReRating,
    read: Read,
    { until, progress }: { until?: number; progress?: ((done: number) => void) | undefined } = {},
  ): Promise<void> {
    for (let done = 0; ;) {
      const page = await read(async (tx) => {
        const { cursor: after } = reRating;
        const matches = await ratedMatches.page(tx, this.order.queue.name, { after, until, limit: PAGE });
        await this.learn(tx, new Set(matches.map(({ rulesDigest }) => rulesDigest)));
        return matches;
      });
      for (const match of page) {
        this.seen(match.id);
        reRating.rate(match);
      }
      done += page.length;
      progress?.(done);
      if (page.length < PAGE) return;
    }
  }

  private async learn(tx: ReadTx, digests: ReadonlySet<string>): Promise<void> {
    if (this.order.byPresentRules) return;
    for (const digest of digests) {
      if (this.byDigest.has(digest)) continue;
      const stored = await ratedMatches.rulesByDigest(tx, digest);
      // The rules are the master's own: it wrote them when the match was made.
      const rules = stored as unknown as MatchRules & RatingCircumstances;
      this.byDigest.set(digest, {
        model: modelOf(rules),
        circumstances: circumstancesOf(rules),
        notesIdleTime: notesIdleTime(rules),
      });
    }
  }

  private of(digest: string): MatchRating {
    const rating = this.order.byPresentRules ? this.present : this.byDigest.get(digest);
    if (!rating) throw new Error(`a match has rules ${digest} that are not stored`);
    return rating;
  }
}

/** What of a queue or of stored rules is circumstance. */
export function circumstancesOf({ host, matchImportance }: RatingCircumstances): RatingCircumstances {
  return {
    ...(host !== undefined && { host }),
    ...(matchImportance !== undefined && { matchImportance }),
  };
}
