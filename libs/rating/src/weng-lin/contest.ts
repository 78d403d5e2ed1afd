import type { FlatMatch } from '../kernel.js';
import type { WengLinParameters } from './parameters.js';

/** Deviations in this range are computed with as they are: squares of squares stay far from the ends of a double's range. */
const LARGE_DEVIATION = 1e20;
const SMALL_DEVIATION = 1e-20;
/** Means beyond this many units are taken to lie there: no difference between them can be told apart any more. */
const LARGEST_MEAN = 1e100;
/** In units of the largest deviation squared; with less, the inverse of a team's deviation would grow out of hand. */
const SMALLEST_VARIANCE = 1e-60;

/**
 * The teams of one match in the order of their ranks, the best first, and what the result says of each. Lengths are in computing
 * units: `unit` times as long as those of the ratings.
 */
export interface Contest {
  /** How many teams; the arrays may be longer. */
  count: number;
  unit: number;
  /** The variance of a team's performance around its strength. */
  betaSquared: number;
  /** Per place: which team of the match. Teams of equal rank stay in the order given. */
  order: Int32Array;
  ranks: Float64Array;
  /** Per place: the sum of the team's skills, each counted by the share of the match that was played. */
  strengths: Float64Array;
  /** Per place: the variance of that sum. */
  variances: Float64Array;
  /** Per place: the root of that variance. */
  deviations: Float64Array;
  /** Per place, an output: the derivative of the result's log-likelihood by the team's strength. */
  slopes: Float64Array;
  /** Per place, an output: the curvature of that likelihood, damped: what share of a variance goes, per unit of the variance. */
  gains: Float64Array;
}

/** Room for a match of up to this many teams. */
export function emptyContest(teams: number): Contest {
  return {
    count: 0,
    unit: 1,
    betaSquared: 1,
    order: new Int32Array(teams),
    ranks: new Float64Array(teams),
    strengths: new Float64Array(teams),
    variances: new Float64Array(teams),
    deviations: new Float64Array(teams),
    slopes: new Float64Array(teams),
    gains: new Float64Array(teams),
  };
}

function bounded(mean: number): number {
  return mean > LARGEST_MEAN ? LARGEST_MEAN : mean < -LARGEST_MEAN ? -LARGEST_MEAN : mean;
}

/** The unit to compute in: 1 for all sensible numbers, else the largest deviation, so that no square overflows or vanishes. */
function computingUnit(match: FlatMatch, beta: number, tau: number): number {
  const { sigma, players } = match;
  let largest = beta > tau ? beta : tau;
  for (let j = 0; j < players; j++) if ((sigma[j] as number) > largest) largest = sigma[j] as number;
  return largest < LARGE_DEVIATION && largest > SMALL_DEVIATION ? 1 : largest;
}

/** Sorts the places by rank; stable. Insertion, since there are few teams and they often come sorted. */
function sortByRank(contest: Contest, ranks: Float64Array): void {
  const { order, count } = contest;
  for (let k = 0; k < count; k++) {
    const rank = ranks[k] as number;
    let at = k;
    while (at > 0 && (ranks[order[at - 1] as number] as number) > rank) {
      order[at] = order[at - 1] as number;
      at--;
    }
    order[at] = k;
  }
}

/**
 * Fills the contest from a match. `tau` is the uncertainty that the match itself adds, 0 for a prediction. Without `ranked` the
 * teams keep the order of the match.
 */
export function loadContest(
  contest: Contest,
  match: FlatMatch,
  parameters: WengLinParameters,
  tau: number,
  ranked: boolean,
): void {
  const { beta, hostAdvantage, playerWorth } = parameters;
  const { mu, sigma, teamEnds, teams, hasPlayFraction, playFraction } = match;
  const unit = computingUnit(match, beta, tau);
  const scaledTau = tau / unit;
  const tauSquared = scaledTau * scaledTau;
  const offset = bounded((playerWorth - parameters.mu) / unit);
  contest.count = teams;
  contest.unit = unit;
  contest.betaSquared = Math.max((beta / unit) * (beta / unit), SMALLEST_VARIANCE);
  const { order, ranks, strengths, variances, deviations } = contest;
  if (ranked) sortByRank(contest, match.ranks);
  else for (let k = 0; k < teams; k++) order[k] = k;
  for (let k = 0; k < teams; k++) {
    const team = order[k] as number;
    let strength = team === match.host ? bounded(hostAdvantage / unit) : 0;
    let variance = 0;
    const end = teamEnds[team] as number;
    for (let j = team === 0 ? 0 : (teamEnds[team - 1] as number); j < end; j++) {
      const fraction = hasPlayFraction ? (playFraction[j] as number) : 1;
      const deviation = (sigma[j] as number) / unit;
      strength += fraction * (bounded((mu[j] as number) / unit) + offset);
      variance += fraction * fraction * (deviation * deviation + tauSquared);
    }
    ranks[k] = match.ranks[team] as number;
    strengths[k] = strength;
    variances[k] = variance;
    deviations[k] = Math.sqrt(variance);
  }
}
