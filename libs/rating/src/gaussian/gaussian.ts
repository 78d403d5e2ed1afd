import type { FlatMatch } from '../kernel.js';
import type { Circumstances, MatchInput, Prediction, RatedMatch, Rating, RatingModel } from '../rating.js';
import {
  requireCircumstances,
  requireDays,
  requireMatch,
  requireRating,
  requireTeams,
} from '../validation.js';
import { constantsOf, type GaussianConstants } from './constants.js';
import { agedSigma, GaussianKernel } from './gaussian-kernel.js';
import { MatchBuffer } from './match-buffer.js';
import { completeParameters, type GaussianParameters } from './parameters.js';

const NOTHING_SPECIAL: Circumstances = Object.freeze({});
/** A new player's display rating. */
const DISPLAY_START = 1500;
/** One performance deviation in display points, as in Elo's own model. */
const POINTS_PER_BETA = 200;

/**
 * The Gaussian model of skill (Herbrich, Minka and Graepel, "A Bayesian Skill Rating System", NIPS 19, 2006, published 2007):
 * exact for two teams, expectation propagation run to convergence for more. Defaults and their reasons: docs/rating.md.
 *
 * @throws TypeError or RangeError that names the parameter
 */
export function gaussian(parameters: Partial<GaussianParameters> = {}): RatingModel<GaussianParameters> {
  return new Gaussian(completeParameters(parameters, 'parameters'));
}

/** The model with parameters that are known to be right. */
export class Gaussian implements RatingModel<GaussianParameters> {
  readonly name = 'gaussian';
  readonly pointsPerUnit: number;
  private readonly constants: GaussianConstants;
  private readonly arithmetic: GaussianKernel;
  private readonly buffer = new MatchBuffer();

  constructor(readonly parameters: GaussianParameters) {
    this.pointsPerUnit = POINTS_PER_BETA / parameters.beta;
    this.constants = constantsOf(parameters);
    this.arithmetic = new GaussianKernel(this.constants);
  }

  initial(): Rating {
    return { mu: this.parameters.mu, sigma: this.parameters.sigma };
  }

  aged(rating: Rating, days: number): Rating {
    requireRating(rating, 'rating');
    requireDays(days);
    return { mu: rating.mu, sigma: agedSigma(rating.sigma, days, this.constants) };
  }

  rate(match: MatchInput): RatedMatch {
    requireMatch(match);
    this.arithmetic.rate(this.buffer.loadMatch(match));
    return { teams: this.buffer.ratings() };
  }

  kernel(): GaussianKernel {
    return new GaussianKernel(this.constants);
  }

  predict(teams: readonly (readonly Rating[])[], circumstances: Circumstances = NOTHING_SPECIAL): Prediction {
    const win = new Float64Array(this.load(teams, circumstances).teams);
    const draw = this.arithmetic.predict(this.buffer.flat, win);
    return { win: Array.from(win), draw };
  }

  rankProbabilities(
    teams: readonly (readonly Rating[])[],
    circumstances: Circumstances = NOTHING_SPECIAL,
  ): number[][] {
    return this.arithmetic.rankProbabilities(this.load(teams, circumstances));
  }

  quality(teams: readonly (readonly Rating[])[], circumstances: Circumstances = NOTHING_SPECIAL): number {
    return this.arithmetic.quality(this.load(teams, circumstances));
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
