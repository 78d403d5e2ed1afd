import { MatchBuffer } from '../gaussian/match-buffer.js';
import type { FlatMatch } from '../kernel.js';
import type { Circumstances, MatchInput, Prediction, RatedMatch, Rating, RatingModel } from '../rating.js';
import {
  requireCircumstances,
  requireDays,
  requireMatch,
  requireRating,
  requireTeams,
} from '../validation.js';
import type { Contest } from './contest.js';
import type { ContestUpdate } from './pair-update.js';
import type { WengLinParameters } from './parameters.js';
import { agedSigma, WengLinKernel, type ContestPrediction } from './weng-lin-kernel.js';

const NOTHING_SPECIAL: Circumstances = Object.freeze({});
/** A new player's display rating. */
const DISPLAY_START = 1500;
/** One performance deviation in display points, as in Elo's own model. */
const POINTS_PER_BETA = 200;

/** What tells one model of Weng and Lin from another. */
export interface WengLinVariant {
  readonly name: string;
  readonly update: ContestUpdate;
  readonly prediction: ContestPrediction;
  /** `[team][place]`, in the order of the match. */
  readonly rankProbabilities: (contest: Contest) => number[][];
}

/** A model of Weng and Lin with parameters that are known to be right. */
export class WengLinModel<P extends WengLinParameters> implements RatingModel<P> {
  readonly name: string;
  readonly pointsPerUnit: number;
  private readonly working: WengLinKernel;
  private readonly buffer = new MatchBuffer();

  constructor(
    readonly parameters: P,
    private readonly variant: WengLinVariant,
  ) {
    this.name = variant.name;
    this.pointsPerUnit = POINTS_PER_BETA / parameters.beta;
    this.working = this.kernel();
  }

  kernel(): WengLinKernel {
    return new WengLinKernel(this.parameters, this.variant.update, this.variant.prediction);
  }

  initial(): Rating {
    return { mu: this.parameters.mu, sigma: this.parameters.sigma };
  }

  aged(rating: Rating, days: number): Rating {
    requireRating(rating, 'rating');
    requireDays(days);
    const { sigma, tauPerDay } = this.parameters;
    return { mu: rating.mu, sigma: agedSigma(rating.sigma, days, sigma, tauPerDay) };
  }

  rate(match: MatchInput): RatedMatch {
    requireMatch(match);
    this.working.rate(this.buffer.loadMatch(match));
    return { teams: this.buffer.ratings() };
  }

  predict(teams: readonly (readonly Rating[])[], circumstances: Circumstances = NOTHING_SPECIAL): Prediction {
    const flat = this.load(teams, circumstances);
    const win = new Float64Array(flat.teams);
    const draw = this.working.predict(flat, win);
    return { win: Array.from(win), draw };
  }

  rankProbabilities(
    teams: readonly (readonly Rating[])[],
    circumstances: Circumstances = NOTHING_SPECIAL,
  ): number[][] {
    return this.variant.rankProbabilities(this.working.load(this.load(teams, circumstances), 0, false));
  }

  quality(teams: readonly (readonly Rating[])[], circumstances: Circumstances = NOTHING_SPECIAL): number {
    return this.working.quality(this.load(teams, circumstances));
  }

  private load(teams: readonly (readonly Rating[])[], circumstances: Circumstances): FlatMatch {
    requireTeams(teams, 'teams');
    requireCircumstances(circumstances, teams, 'circumstances');
    this.buffer.loadTeams(teams);
    return this.buffer.loadCircumstances(circumstances);
  }

  ordinal(rating: Rating): number {
    requireRating(rating, 'rating');
    return rating.mu - 3 * rating.sigma;
  }

  displayRating(rating: Rating): number {
    const { mu, sigma } = this.parameters;
    return DISPLAY_START + this.pointsPerUnit * (this.ordinal(rating) - (mu - 3 * sigma));
  }
}
