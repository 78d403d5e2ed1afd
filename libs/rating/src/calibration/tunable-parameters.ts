/** What a history must have in it for a parameter to show. */
export type Evidence = 'matches' | 'rankings' | 'hosts' | 'scores' | 'unevenTeams' | 'idleTime';

/** How a parameter of a model is searched. */
export interface TunableParameter {
  readonly name: string;
  /**
   * On which scale: `log` for what is above 0 (0 itself where `low` is reached, if `zero`), `logit` for probabilities, `linear`
   * for what may have either sign.
   */
  readonly scale: 'log' | 'logit' | 'linear';
  /**
   * The unit of the numbers below and of the search. All but `beta` itself count in betas, so that they move along with it: what
   * their proportions are shows in every match, how large they all are beside `sigma` only while players are new.
   */
  readonly unit: 'none' | 'sigma' | 'beta' | 'betaPerScore';
  readonly low: number;
  readonly high: number;
  /** Whether 0 is allowed and means that the parameter has no effect. */
  readonly zero: boolean;
  /** Where the search begins if the value to start from is 0 on a `log` or `logit` scale. */
  readonly fallback: number;
  /** How far from where it started the parameter is expected to be, a standard deviation on the search scale. */
  readonly spread: number;
  readonly evidence: Evidence;
}

const BETA: TunableParameter = {
  name: 'beta',
  scale: 'log',
  unit: 'sigma',
  low: 0.02,
  high: 50,
  zero: false,
  fallback: 0.5,
  spread: 1.5,
  evidence: 'matches',
};
const TAU: TunableParameter = {
  name: 'tau',
  scale: 'log',
  unit: 'beta',
  low: 1e-4,
  high: 1,
  zero: true,
  fallback: 0.01,
  spread: 2,
  evidence: 'matches',
};
const TAU_PER_DAY: TunableParameter = {
  name: 'tauPerDay',
  scale: 'log',
  unit: 'beta',
  low: 1e-5,
  high: 1,
  zero: true,
  fallback: 0.005,
  spread: 2,
  evidence: 'idleTime',
};
const DRAW_PROBABILITY: TunableParameter = {
  name: 'drawProbability',
  scale: 'logit',
  unit: 'none',
  low: 1e-4,
  high: 0.95,
  zero: true,
  fallback: 0.1,
  spread: 2,
  evidence: 'matches',
};
const TIE_PROBABILITY: TunableParameter = {
  name: 'tieProbability',
  scale: 'logit',
  unit: 'none',
  low: 1e-5,
  high: 0.9,
  zero: true,
  fallback: 0.01,
  spread: 2,
  evidence: 'rankings',
};
const HOST_ADVANTAGE: TunableParameter = {
  name: 'hostAdvantage',
  scale: 'linear',
  unit: 'beta',
  low: -5,
  high: 5,
  zero: true,
  fallback: 0,
  spread: 0.5,
  evidence: 'hosts',
};
const PLAYER_WORTH: TunableParameter = {
  name: 'playerWorth',
  scale: 'linear',
  unit: 'beta',
  low: -20,
  high: 20,
  zero: true,
  fallback: 0,
  spread: 3,
  evidence: 'unevenTeams',
};
const SCORE_WORTH: TunableParameter = {
  name: 'scoreWorth',
  scale: 'log',
  unit: 'betaPerScore',
  low: 1e-3,
  high: 100,
  zero: true,
  fallback: 1,
  spread: 3,
  evidence: 'scores',
};
const SCORE_NOISE: TunableParameter = {
  name: 'scoreNoise',
  scale: 'log',
  unit: 'beta',
  low: 0.005,
  high: 50,
  zero: false,
  fallback: 1,
  spread: 1.5,
  evidence: 'scores',
};

/** Glicko-2 has no `beta`: how much performances vary is fixed, and a new player's `sigma` counts beside that. */
const GLICKO2_SIGMA: TunableParameter = {
  name: 'sigma',
  scale: 'log',
  unit: 'none',
  low: 10,
  high: 2000,
  zero: false,
  fallback: 350,
  spread: 1,
  evidence: 'matches',
};
const VOLATILITY: TunableParameter = {
  name: 'volatility',
  scale: 'log',
  unit: 'none',
  low: 1e-4,
  high: 3,
  zero: false,
  fallback: 0.06,
  spread: 2,
  evidence: 'matches',
};
const GLICKO2_TAU: TunableParameter = {
  name: 'tau',
  scale: 'log',
  unit: 'none',
  low: 0.01,
  high: 5,
  zero: true,
  fallback: 0.5,
  spread: 1,
  evidence: 'matches',
};
const PERIOD_DAYS: TunableParameter = {
  name: 'periodDays',
  scale: 'log',
  unit: 'none',
  low: 0.01,
  high: 1e5,
  zero: false,
  fallback: 30,
  spread: 2,
  evidence: 'idleTime',
};
/** In Glicko points; the new player's `sigma` it counts in is the one to start from. */
const inSigmas = (parameter: TunableParameter): TunableParameter => ({ ...parameter, unit: 'sigma' });
const GLICKO2_PARAMETERS: readonly TunableParameter[] = [
  GLICKO2_SIGMA,
  VOLATILITY,
  GLICKO2_TAU,
  PERIOD_DAYS,
  DRAW_PROBABILITY,
  inSigmas(HOST_ADVANTAGE),
  inSigmas(PLAYER_WORTH),
];
const SKILL_PARAMETERS: readonly TunableParameter[] = [
  BETA,
  TAU,
  TAU_PER_DAY,
  DRAW_PROBABILITY,
  HOST_ADVANTAGE,
  PLAYER_WORTH,
];

/**
 * Per model, what can be fitted. `mu` is only the origin of the scale, and `sigma` its unit: predictions are the same when all
 * else changes in proportion, so both stay (but for the `sigma` of Glicko-2, whose unit is fixed).
 */
export const TUNABLE_PARAMETERS: ReadonlyMap<string, readonly TunableParameter[]> = new Map<
  string,
  readonly TunableParameter[]
>([
  ['gaussian', [...SKILL_PARAMETERS, TIE_PROBABILITY, SCORE_WORTH, SCORE_NOISE]],
  ['plackett-luce', SKILL_PARAMETERS],
  ['bradley-terry', SKILL_PARAMETERS],
  ['bradley-terry-part', SKILL_PARAMETERS],
  ['thurstone-mosteller', SKILL_PARAMETERS],
  ['thurstone-mosteller-part', SKILL_PARAMETERS],
  ['glicko2', GLICKO2_PARAMETERS],
]);
