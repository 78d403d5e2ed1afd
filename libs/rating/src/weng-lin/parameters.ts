import { requireFinite, requireParameters, requireScale } from '../validation.js';

/** Parameters of the models of Weng and Lin, in the unit of `mu` unless another is named. */
export interface WengLinParameters {
  /** Skill expected of a new player. */
  readonly mu: number;
  /** Uncertainty about a new player's skill, > 0. */
  readonly sigma: number;
  /** How much the performance of a team (not of a player) varies from match to match, > 0. */
  readonly beta: number;
  /** Uncertainty that each match adds, since skills change, >= 0. */
  readonly tau: number;
  /** Uncertainty that idle time adds, per root of a day, >= 0. */
  readonly tauPerDay: number;
  /** How often two equal teams whose skills are known draw, 0 to below 1; 0 where the game knows no draw. */
  readonly drawProbability: number;
  /** What playing at home adds to the strength of a team, where a match says who does. */
  readonly hostAdvantage: number;
  /** What one more player of average skill adds to the strength of a team. With `mu`, strength is the plain sum of skills. */
  readonly playerWorth: number;
}

/** Parameters of the models that compare neighbours in the ranking only. */
export interface PartPairParameters extends WengLinParameters {
  /** With how many teams above and how many below itself a team is compared; a whole number >= 1. */
  readonly window: number;
}

/** The names by which a configuration sets the parameters. */
export const WENG_LIN_PARAMETERS: readonly (keyof WengLinParameters)[] = [
  'mu',
  'sigma',
  'beta',
  'tau',
  'tauPerDay',
  'drawProbability',
  'hostAdvantage',
  'playerWorth',
];
export const PART_PAIR_PARAMETERS: readonly (keyof PartPairParameters)[] = [...WENG_LIN_PARAMETERS, 'window'];

const DEFAULT_MU = 25;
const DEFAULT_SIGMA = 25 / 3;
const DEFAULT_WINDOW = 4;
const POSITIVE = ['sigma', 'beta'] as const;
const NOT_NEGATIVE = ['tau', 'tauPerDay'] as const;

function complete(
  given: Partial<WengLinParameters>,
  path: string,
  defaultDrawProbability: number,
): WengLinParameters {
  const number = (name: keyof WengLinParameters, fallback: number) => {
    const value = given[name];
    return value === undefined ? fallback : requireFinite(value, `${path}.${name}`);
  };
  const mu = number('mu', DEFAULT_MU);
  const sigma = number('sigma', DEFAULT_SIGMA);
  const parameters: WengLinParameters = {
    mu,
    sigma,
    beta: number('beta', sigma / 2),
    tau: number('tau', sigma / 100),
    tauPerDay: number('tauPerDay', 0),
    drawProbability: number('drawProbability', defaultDrawProbability),
    hostAdvantage: number('hostAdvantage', 0),
    playerWorth: number('playerWorth', mu),
  };
  for (const name of POSITIVE) requireScale(parameters[name], `${path}.${name}`);
  for (const name of NOT_NEGATIVE) {
    if (parameters[name] < 0)
      throw new RangeError(`${path}.${name}: must not be negative, got ${parameters[name]}`);
  }
  const { drawProbability } = parameters;
  if (drawProbability < 0 || drawProbability >= 1) {
    throw new RangeError(`${path}.drawProbability: must be from 0 to below 1, got ${drawProbability}`);
  }
  return parameters;
}

/**
 * The parameters with their defaults filled in; `path` begins the message of an error.
 *
 * @throws TypeError for a value that is no number, RangeError for one out of range
 */
export function completeWengLinParameters(
  given: Partial<WengLinParameters>,
  path: string,
  defaultDrawProbability: number,
): WengLinParameters {
  requireParameters(given, WENG_LIN_PARAMETERS, path);
  return Object.freeze(complete(given, path, defaultDrawProbability));
}

/** The same for the models that have a window. */
export function completePartPairParameters(
  given: Partial<PartPairParameters>,
  path: string,
  defaultDrawProbability: number,
): PartPairParameters {
  requireParameters(given, PART_PAIR_PARAMETERS, path);
  const window = given.window === undefined ? DEFAULT_WINDOW : requireFinite(given.window, `${path}.window`);
  if (!Number.isInteger(window) || window < 1) {
    throw new RangeError(`${path}.window: must be a whole number above 0, got ${window}`);
  }
  return Object.freeze({ ...complete(given, path, defaultDrawProbability), window });
}
