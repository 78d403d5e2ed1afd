import { requireFinite, requireParameters, requireScale } from '../validation.js';

/** Parameters of the Gaussian model. All but the probabilities are in the unit of `mu`, one per root of a day. */
export interface GaussianParameters {
  /** Skill expected of a new player. */
  readonly mu: number;
  /** Uncertainty about a new player's skill, > 0. */
  readonly sigma: number;
  /** How much a performance varies around the skill from match to match, > 0. */
  readonly beta: number;
  /** Uncertainty that each match adds, since skills change, >= 0. */
  readonly tau: number;
  /** Uncertainty that idle time adds, per root of a day, >= 0. */
  readonly tauPerDay: number;
  /** How often two equal teams draw, 0 to below 1; 0 where the game knows no draw. */
  readonly drawProbability: number;
  /** The same for two neighbours in the ranking of a match of three or more teams. */
  readonly tieProbability: number;
  /** What playing at home adds to the performance of a team, where a match says who does. */
  readonly hostAdvantage: number;
  /**
   * What one more player of average skill adds to the performance of a team. With `mu`, teams perform at the plain sum of
   * their players; with 0, numbers make no difference.
   */
  readonly playerWorth: number;
  /**
   * Difference in performance for a difference of 1 between the doubled square roots of two scores, >= 0; with 0, scores say
   * nothing and the ranks alone count.
   */
  readonly scoreWorth: number;
  /** How much a difference of scores, taken as one in performance, varies around it, >= 0. */
  readonly scoreNoise: number;
}

const DEFAULT_MU = 25;
const DEFAULT_SIGMA = 25 / 3;
const DEFAULT_DRAW_PROBABILITY = 0.1;
/** For the reasons see docs/rating.md, Parameters. */
const BETA_PER_SIGMA = 5 / 6;
const TAU_PER_SIGMA = 1 / 25;
const TAU_PER_DAY_PER_SIGMA = 1 / 100;

/** The names by which a configuration sets the parameters. */
export const GAUSSIAN_PARAMETERS: readonly (keyof GaussianParameters)[] = [
  'mu',
  'sigma',
  'beta',
  'tau',
  'tauPerDay',
  'drawProbability',
  'tieProbability',
  'hostAdvantage',
  'playerWorth',
  'scoreWorth',
  'scoreNoise',
];
const POSITIVE = ['sigma', 'beta'] as const;
const PROBABILITIES = ['drawProbability', 'tieProbability'] as const;
const NOT_NEGATIVE = ['tau', 'tauPerDay', 'scoreWorth', 'scoreNoise'] as const;

/**
 * The parameters with their defaults filled in; `path` begins the message of an error.
 *
 * @throws TypeError for a value that is no number, RangeError for one out of range
 */
export function completeParameters(given: Partial<GaussianParameters>, path: string): GaussianParameters {
  requireParameters(given, GAUSSIAN_PARAMETERS, path);
  const number = (name: keyof GaussianParameters, fallback: number) => {
    const value = given[name];
    return value === undefined ? fallback : requireFinite(value, `${path}.${name}`);
  };
  const mu = number('mu', DEFAULT_MU);
  const sigma = number('sigma', DEFAULT_SIGMA);
  const beta = number('beta', sigma * BETA_PER_SIGMA);
  const parameters: GaussianParameters = {
    mu,
    sigma,
    beta,
    tau: number('tau', sigma * TAU_PER_SIGMA),
    tauPerDay: number('tauPerDay', sigma * TAU_PER_DAY_PER_SIGMA),
    drawProbability: number('drawProbability', DEFAULT_DRAW_PROBABILITY),
    tieProbability: number('tieProbability', given.drawProbability ?? 0),
    hostAdvantage: number('hostAdvantage', 0),
    playerWorth: number('playerWorth', given.mu === undefined ? beta : mu),
    scoreWorth: number('scoreWorth', 0),
    scoreNoise: number('scoreNoise', beta),
  };
  for (const name of POSITIVE) requireScale(parameters[name], `${path}.${name}`);
  for (const name of NOT_NEGATIVE) {
    if (parameters[name] < 0)
      throw new RangeError(`${path}.${name}: must not be negative, got ${parameters[name]}`);
  }
  for (const name of PROBABILITIES) {
    if (parameters[name] < 0 || parameters[name] >= 1)
      throw new RangeError(`${path}.${name}: must be from 0 to below 1, got ${parameters[name]}`);
  }
  return Object.freeze(parameters);
}
