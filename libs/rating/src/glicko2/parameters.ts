import { requireFinite, requireParameters, requireScale } from '../validation.js';

/** Parameters of Glicko-2; ratings and their deviations are in Glicko points. */
export interface Glicko2Parameters {
  /** Rating of a new player. */
  readonly mu: number;
  /** Rating deviation of a new player, > 0; idle time never raises a deviation above it. */
  readonly sigma: number;
  /** Volatility of a new player, > 0: how much his skill changes in a rating period, in units of 173.7178 points. */
  readonly volatility: number;
  /** How fast volatilities themselves change (the system constant), >= 0; Glickman suggests 0.3 to 1.2. 0 keeps them as they are. */
  readonly tau: number;
  /** Days of idle time that add as much uncertainty as one rating period, > 0. */
  readonly periodDays: number;
  /** How often two equal teams draw, 0 to below 1. Predictions use it; the update needs no such number. */
  readonly drawProbability: number;
  /** What playing at home adds to the strength of a team, in points, where a match says who does. */
  readonly hostAdvantage: number;
  /** What one more player adds to the strength of a team, in points; strength is else the mean of the team's ratings. */
  readonly playerWorth: number;
}

/** The names by which a configuration sets the parameters, with their defaults. */
const DEFAULTS: Readonly<Glicko2Parameters> = {
  mu: 1500,
  sigma: 350,
  volatility: 0.06,
  tau: 0.5,
  periodDays: 30,
  drawProbability: 0,
  hostAdvantage: 0,
  playerWorth: 100,
};
export const GLICKO2_PARAMETERS = Object.keys(DEFAULTS) as readonly (keyof Glicko2Parameters)[];

const POSITIVE = ['sigma', 'volatility', 'periodDays'] as const;

/**
 * The parameters with their defaults filled in; `path` begins the message of an error.
 *
 * @throws TypeError for a value that is no number, RangeError for one out of range
 */
export function completeGlicko2Parameters(
  given: Partial<Glicko2Parameters>,
  path: string,
): Glicko2Parameters {
  requireParameters(given, GLICKO2_PARAMETERS, path);
  const parameters = { ...DEFAULTS } as Record<keyof Glicko2Parameters, number>;
  for (const name of GLICKO2_PARAMETERS) {
    const value = given[name];
    if (value !== undefined) parameters[name] = requireFinite(value, `${path}.${name}`);
  }
  for (const name of POSITIVE) requireScale(parameters[name], `${path}.${name}`);
  if (parameters.tau < 0) throw new RangeError(`${path}.tau: must not be negative, got ${parameters.tau}`);
  const { drawProbability } = parameters;
  if (drawProbability < 0 || drawProbability >= 1) {
    throw new RangeError(`${path}.drawProbability: must be from 0 to below 1, got ${drawProbability}`);
  }
  return Object.freeze(parameters);
}
