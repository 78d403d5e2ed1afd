import type { FlatMatch } from '../kernel.js';
import type { GaussianConstants } from './constants.js';
import type { Evidence } from './evidence.js';
import { bounded, type TeamPerformances } from './team-performances.js';

/** Makes the root of a count nearly normal also for small counts (Anscombe, Biometrika 35, 1948). */
const ANSCOMBE = 0.375;
/** 2 sqrt(3/8), the value of no score. */
const ROOT_OF_NOTHING = 1.224744871391589;
/** A score counts as at most so many deviations off what was expected: beyond, it is a mistake or a lie, not skill. */
const LARGEST_SURPRISE = 5;
/** Teams in which nobody takes part in a way that numbers can tell have this, in computing units. */
const SMALLEST_VARIANCE = 1e-100;

/**
 * A score on the scale where every unit won adds the same noise wherever it is won: twice the root, whose deviation is 1 for a
 * count. Below 0, as games with own goals have it, the curve is mirrored.
 */
export function rootOfScore(score: number): number {
  const root = 2 * Math.sqrt(Math.abs(score) + ANSCOMBE);
  return score < 0 ? 2 * ROOT_OF_NOTHING - root : root;
}

/**
 * The exact evidence of the scores of any number of teams: each is an observation of the team's performance with a noise of its
 * own, plus a level common to all, which is unknown. All is normal, so that there is a closed form: with w_i the variance of
 * performance and noise, the common level is the mean of the residuals weighted by 1/w_i (the linear model of Kalman's filter).
 */
export function evidenceOfScores(
  match: FlatMatch,
  performances: TeamPerformances,
  constants: GaussianConstants,
  evidence: Evidence,
): void {
  const { teams, scores } = match;
  const { means, variances, unit } = performances;
  const { push, inverse, remaining } = evidence;
  const worth = constants.scoreWorth / unit;
  const noise = constants.scoreNoise / unit;
  // Half of it on either side of a difference.
  const noiseVariance = (noise * noise) / 2;
  let precision = 0;
  let level = 0;
  for (let team = 0; team < teams; team++) {
    const variance = Math.max((variances[team] as number) + noiseVariance, SMALLEST_VARIANCE);
    const residual = bounded(worth * rootOfScore(scores[team] as number)) - (means[team] as number);
    inverse[team] = 1 / variance;
    push[team] = residual;
    precision += 1 / variance;
    level += (residual - level) / variance / precision;
  }
  for (let team = 0; team < teams; team++) {
    const own = inverse[team] as number;
    const limit = LARGEST_SURPRISE * Math.sqrt(1 / own);
    const surprise = (push[team] as number) - level;
    push[team] = Math.max(-limit, Math.min(limit, surprise)) * own;
    inverse[team] = own;
    // Only what the others do not need to find the level with is known of a team.
    remaining[team] = Math.min(1, own / precision);
  }
  evidence.fractionsCounted = true;
}
