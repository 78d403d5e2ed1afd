import { standardDrawMargin } from './draw-margin.js';
import { rateManyTeams } from './many-teams.js';
import { matchQuality } from './match-quality.js';
import { predictTwoTeams } from './predict-two-teams.js';
import type { Rating, RatingModel } from './rating.js';
import { rateTwoTeams } from './two-teams.js';
import { requireFinite, requireMatch, requireRating, requireTeams } from './validation.js';

/** Parameters of the Gaussian model. All but `drawProbability` are in the unit of `mu`. */
export interface GaussianParameters {
  /** Skill expected of a new player. */
  readonly mu: number;
  /** Uncertainty about a new player's skill, > 0. */
  readonly sigma: number;
  /** How much a performance varies around the skill from match to match, > 0. */
  readonly beta: number;
  /** Uncertainty that each match adds, since skills change, >= 0. */
  readonly tau: number;
  /** How often two equal teams draw, 0 to below 1; 0 where the game knows no draw. */
  readonly drawProbability: number;
}

const DEFAULT_MU = 25;
const DEFAULT_SIGMA = 25 / 3;
const DEFAULT_DRAW_PROBABILITY = 0.1;
/** A new player's display rating. */
const DISPLAY_START = 1500;
/** One performance deviation in display points, as in Elo's own model. */
const POINTS_PER_BETA = 200;

/**
 * The Gaussian model of skill (Herbrich, Minka and Graepel 2006): exact for two teams, expectation propagation run to
 * convergence for more. `beta` is half of `sigma` and `tau` a hundredth unless given.
 */
export function gaussian(parameters: Partial<GaussianParameters> = {}): RatingModel<GaussianParameters> {
  return new Gaussian(completeParameters(parameters, 'parameters'));
}

/**
 * The parameters with their defaults filled in; `path` begins the message of an error.
 *
 * @throws TypeError for a value that is no number, RangeError for one out of range
 */
export function completeParameters(given: Partial<GaussianParameters>, path: string): GaussianParameters {
  const number = (name: keyof GaussianParameters, fallback: number) => {
    const value = given[name];
    return value === undefined ? fallback : requireFinite(value, `${path}.${name}`);
  };
  const sigma = number('sigma', DEFAULT_SIGMA);
  const parameters = {
    mu: number('mu', DEFAULT_MU),
    sigma,
    beta: number('beta', sigma / 2),
    tau: number('tau', sigma / 100),
    drawProbability: number('drawProbability', DEFAULT_DRAW_PROBABILITY),
  };
  for (const name of ['sigma', 'beta'] as const) {
    if (parameters[name] <= 0)
      throw new RangeError(`${path}.${name}: must be above 0, got ${parameters[name]}`);
  }
  if (parameters.tau < 0) throw new RangeError(`${path}.tau: must not be negative, got ${parameters.tau}`);
  if (parameters.drawProbability < 0 || parameters.drawProbability >= 1) {
    throw new RangeError(
      `${path}.drawProbability: must be from 0 to below 1, got ${parameters.drawProbability}`,
    );
  }
  return Object.freeze(parameters);
}

/** The model with parameters that are known to be right. */
export class Gaussian implements RatingModel<GaussianParameters> {
  readonly name = 'gaussian';
  readonly pointsPerUnit: number;
  private readonly update: { beta: number; tau: number; marginPerDeviation: number };

  constructor(readonly parameters: GaussianParameters) {
    const { beta, tau, drawProbability } = parameters;
    this.pointsPerUnit = POINTS_PER_BETA / beta;
    this.update = { beta, tau, marginPerDeviation: standardDrawMargin(drawProbability) };
  }

  initial(): Rating {
    return { mu: this.parameters.mu, sigma: this.parameters.sigma };
  }

  rate(match: Parameters<RatingModel['rate']>[0]) {
    requireMatch(match);
    return {
      teams: match.teams.length === 2 ? rateTwoTeams(match, this.update) : rateManyTeams(match, this.update),
    };
  }

  predict(teams: readonly (readonly Rating[])[]) {
    requireTeams(teams, 'teams');
    if (teams.length > 2) {
      throw new RangeError(`teams: the result can be predicted for two teams only, got ${teams.length}`);
    }
    return predictTwoTeams(teams, this.update);
  }

  quality(teams: readonly (readonly Rating[])[]): number {
    requireTeams(teams, 'teams');
    return matchQuality(teams, this.parameters.beta);
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
