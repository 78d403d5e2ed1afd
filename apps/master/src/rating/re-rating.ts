import type { Rating, RatingModel } from '@ranked/rating';
import type { RatedCursor, RatedMatchRow, RatedPlayer, RatingRow, RewrittenPlayer } from '@ranked/store';
import { outcomeOf } from '../results/outcome.js';
import { matchInput, type RatingCircumstances } from './match-input.js';
import { tierAfter, type StandingRules } from './standing.js';
import { counts, stored } from './stored-match.js';
import { storedRating } from './stored-rating.js';

/** By what a match is rated. */
export interface MatchRating {
  model: RatingModel;
  circumstances: RatingCircumstances;
  /** False for rules from before idle time was noted: a match that has none then keeps none. */
  notesIdleTime: boolean;
}

/** What a history is rated again by. */
export interface ReRatingRules {
  queue: string;
  /** By the digest of the rules that a match has. */
  ratingOf(rulesDigest: string): MatchRating;
  standing: StandingRules;
  /** Matches that count no more, and such that count again. */
  without: ReadonlySet<string>;
  include: ReadonlySet<string>;
}

/** A number that is stored and another that comes out. */
export interface Difference {
  matchId: string;
  ratedAt: number;
  accountId: string;
  field: (typeof COMPARED)[number];
  stored: number | null;
  again: number | null;
}

/** What a match made of a player: the numbers that must come out again to the last bit. */
const COMPARED = [
  'muBefore',
  'sigmaBefore',
  'volatilityBefore',
  'idleMs',
  'muAfter',
  'sigmaAfter',
  'volatilityAfter',
] as const;
/** The members of a rating that follow from the matches. */
const COMPARED_RATING = ['mu', 'sigma', 'volatility', 'games', 'wins', 'display', 'lastMatchAt'] as const;

/** Differences that are kept to be shown. */
const DIFFERENCES_KEPT = 20;

const NOT_RATED = {
  muBefore: null,
  sigmaBefore: null,
  volatilityBefore: null,
  idleMs: null,
  muAfter: null,
  sigmaAfter: null,
  volatilityAfter: null,
  tierBefore: null,
  tierAfter: null,
} as const;

/**
 * Rates a queue's stored matches again, one after another, and notes what differs from what is stored. Nothing is
 * written.
 */
export class ReRating {
  /** Rows of matches that would be stored differently. */
  readonly rewritten: RewrittenPlayer[] = [];
  /** The first of the differences. */
  readonly differences: Difference[] = [];
  /** Matches that were rated, that do not count, and that differ. */
  counted = 0;
  left = 0;
  differing = 0;
  /** The last match. */
  cursor: RatedCursor | undefined;
  private readonly present = new Map<string, RatingRow>();

  constructor(private readonly rules: ReRatingRules) {}

  /** A copy that goes its own way from here. */
  fork(): ReRating {
    const copy = new ReRating(this.rules);
    for (const row of this.rewritten) copy.rewritten.push(row);
    copy.differences.push(...this.differences);
    copy.counted = this.counted;
    copy.left = this.left;
    copy.differing = this.differing;
    copy.cursor = this.cursor;
    for (const [accountId, row] of this.present) copy.present.set(accountId, row);
    return copy;
  }

  /** The next match. */
  rate(match: RatedMatchRow): void {
    this.cursor = match;
    const { without, include } = this.rules;
    if (without.has(match.id) || (!counts(match) && !include.has(match.id))) {
      this.left += 1;
      this.compare(
        match,
        match.players.map((player) => ({ ...NOT_RATED, matchId: player.matchId, id: player.id })),
      );
      return;
    }
    this.counted += 1;
    this.compare(match, this.rated(match));
  }

  /** The rating that an account has after all matches; undefined if none of them counts. */
  ratingOf(accountId: string): RatingRow | undefined {
    return this.present.get(accountId);
  }

  /** All ratings. */
  ratings(): IterableIterator<RatingRow> {
    return this.present.values();
  }

  private rated(match: RatedMatchRow): RewrittenPlayer[] {
    const { model, circumstances, notesIdleTime } = this.rules.ratingOf(match.rulesDigest);
    const { teams, results } = stored(match);
    const seats = match.players.map((player) => {
      const known = this.present.get(player.accountId);
      return {
        team: player.team,
        playFraction: player.playFraction,
        before: known ? storedRating(known.mu, known.sigma, known.volatility) : model.initial(),
        idleMs:
          known && (notesIdleTime || player.idleMs !== null)
            ? Math.max(0, match.ratedAt - (known.lastMatchAt ?? match.ratedAt))
            : null,
        player,
      };
    });
    const after = model.rate(matchInput(model, circumstances, results, seats)).teams;
    const ranks = results.map(({ rank }) => rank);
    return seats.map(({ player, before, idleMs }) => {
      const place = teams[player.team]?.indexOf(player) ?? -1;
      const rating = after[player.team]?.[place];
      if (!rating) throw new Error('the model gave back another shape');
      const known = this.present.get(player.accountId);
      const tier = tierAfter(model, this.rules.standing, rating, known?.tier ?? null);
      this.present.set(player.accountId, {
        accountId: player.accountId,
        queue: this.rules.queue,
        mu: rating.mu,
        sigma: rating.sigma,
        volatility: rating.volatility ?? null,
        games: (known?.games ?? 0) + 1,
        wins: (known?.wins ?? 0) + (outcomeOf(player.rank ?? 0, ranks) === 'win' ? 1 : 0),
        display: model.displayRating(rating),
        lastMatchAt: match.ratedAt,
        tier,
      });
      return {
        matchId: player.matchId,
        id: player.id,
        ...columns('Before', before),
        idleMs,
        ...columns('After', rating),
        tierBefore: known?.tier ?? null,
        tierAfter: tier,
      };
    });
  }

  private compare(match: RatedMatchRow, again: readonly RewrittenPlayer[]): void {
    let differs = false;
    match.players.forEach((player, index) => {
      const row = again[index];
      if (!row || !this.notes(match, player, row)) return;
      differs = true;
      this.rewritten.push(row);
    });
    if (differs) this.differing += 1;
  }

  /** True if the row is not what is stored. */
  private notes(match: RatedMatchRow, player: RatedPlayer, row: RewrittenPlayer): boolean {
    const fields = COMPARED.filter((field) => player[field] !== row[field]);
    for (const field of fields) {
      if (this.differences.length >= DIFFERENCES_KEPT) break;
      const { id: matchId, ratedAt } = match;
      const { accountId } = player;
      this.differences.push({ matchId, ratedAt, accountId, field, stored: player[field], again: row[field] });
    }
    return fields.length > 0;
  }
}

/** Whether a stored rating is what the matches make, its tier apart. */
export function sameRating(row: RatingRow, again: RatingRow): boolean {
  return COMPARED_RATING.every((field) => row[field] === again[field]);
}

function columns<When extends 'Before' | 'After'>(
  when: When,
  { mu, sigma, volatility }: Rating,
): Record<`mu${When}` | `sigma${When}`, number> & Record<`volatility${When}`, number | null> {
  return {
    [`mu${when}`]: mu,
    [`sigma${when}`]: sigma,
    [`volatility${when}`]: volatility ?? null,
  } as Record<`mu${When}` | `sigma${When}`, number> & Record<`volatility${When}`, number | null>;
}
