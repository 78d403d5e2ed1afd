import type { MatchInput, Rating } from './rating.js';
import { computingUnit, movedRating, teamPerformance, type TeamPerformance } from './performance.js';
import { momentsAbove, momentsWithin } from './truncated-normal.js';
import type { UpdateParameters } from './two-teams.js';

/** In units of the largest team deviation: means farther apart, and deviations smaller, make no difference to the result. */
const LARGEST_MEAN = 1e50;
const SMALLEST_VARIANCE = 1e-50;
/** What a result leaves of a difference's variance, at least: a draw without a margin would leave nothing. */
const SMALLEST_REMAINDER = 1e-100;
/** Relative change of every approximated difference below which the fixed point counts as reached. */
const TOLERANCE = 1e-13;
/** Three to ten sweeps were enough in every case measured, up to 100 teams; this is a bound, not a setting. */
const MAX_SWEEPS = 200;

/** What all other results say of one team's performance: a Gaussian factor in natural parameters. */
interface Messages {
  readonly precision: Float64Array;
  readonly weightedMean: Float64Array;
}

function noMessages(length: number): Messages {
  return { precision: new Float64Array(length), weightedMean: new Float64Array(length) };
}

/** Teams in the order of their ranks, with the performances that result before the match. */
interface Chain {
  readonly means: Float64Array;
  readonly variances: Float64Array;
  /** Per pair of neighbours: the draw margin. */
  readonly margins: Float64Array;
  readonly tied: readonly boolean[];
}

/** Per team: how far the mean of its performance moved, and the share of its variance that the result took away. */
interface Update {
  readonly shifts: Float64Array;
  readonly gains: Float64Array;
}

/**
 * The skills after a match of three or more teams: expectation propagation (Minka 2001; Herbrich, Minka and Graepel 2006) over
 * the differences between neighbours in the ranking, repeated until nothing changes any more. Teams of equal rank are compared
 * in the order in which they are given.
 */
export function rateManyTeams(match: MatchInput, parameters: UpdateParameters): Rating[][] {
  const { teams, ranks, weights } = match;
  const { beta, tau } = parameters;
  const unit = computingUnit(teams, beta);
  const performances = teams.map((team) => teamPerformance(team, undefined, beta, tau, unit));
  const order = teams.map((_, i) => i).sort((a, b) => (ranks[a] as number) - (ranks[b] as number) || a - b);

  let largest = 0;
  for (const { variance } of performances) largest = Math.max(largest, variance);
  const scale = Math.sqrt(largest);
  const chain = chainOf(order, performances, match, parameters, unit, scale);
  const { shifts, gains } = propagate(chain);

  const result = new Array<Rating[]>(teams.length);
  order.forEach((index, position) => {
    const team = teams[index] as readonly Rating[];
    const performance = performances[index] as TeamPerformance;
    // The variance of a team may vanish beside another's.
    const deviation = Math.sqrt(Math.max(performance.variance, scale * scale * SMALLEST_VARIANCE));
    const push = ((shifts[position] as number) * scale) / deviation;
    const gain = gains[position] as number;
    result[index] = team.map((rating, i) => {
      const inflated = performance.sigmas[i] as number;
      const sigma = inflated / unit;
      const share = sigma / deviation;
      const remaining = Math.max((1 - share) * (1 + share) + share * share * (1 - gain), SMALLEST_REMAINDER);
      // Who took part in a fraction of the match gets that fraction of the evidence: precisions add up.
      const weight = weights?.[index]?.[i] ?? 1;
      const part = remaining + weight * (1 - remaining);
      const shift = (weight * share * push * sigma) / part;
      return movedRating(rating, shift, inflated * Math.sqrt(remaining / part), unit);
    });
  });
  return result;
}

function chainOf(
  order: readonly number[],
  performances: readonly TeamPerformance[],
  match: MatchInput,
  parameters: UpdateParameters,
  unit: number,
  scale: number,
): Chain {
  const length = order.length;
  const means = new Float64Array(length);
  const variances = new Float64Array(length);
  const margins = new Float64Array(length - 1);
  const tied: boolean[] = [];
  // Means count from the first team's, so that large numbers with small differences lose no digits.
  const origin = (performances[order[0] as number] as TeamPerformance).mean;
  order.forEach((index, position) => {
    const { mean, variance } = performances[index] as TeamPerformance;
    means[position] = Math.max(-LARGEST_MEAN, Math.min(LARGEST_MEAN, (mean - origin) / scale));
    variances[position] = Math.max(SMALLEST_VARIANCE, variance / (scale * scale));
    const next = order[position + 1];
    if (next === undefined) return;
    const players = (match.teams[index]?.length ?? 0) + (match.teams[next]?.length ?? 0);
    margins[position] =
      (parameters.marginPerDeviation * Math.sqrt(players) * (parameters.beta / unit)) / scale;
    tied.push(match.ranks[index] === match.ranks[next]);
  });
  return { means, variances, margins, tied };
}

function propagate(chain: Chain): Update {
  const length = chain.means.length;
  const fromBetter = noMessages(length);
  const fromWorse = noMessages(length);
  for (let sweep = 0; sweep < MAX_SWEEPS; sweep++) {
    let change = 0;
    for (let i = 0; i < length - 1; i++) change = Math.max(change, refine(chain, fromBetter, fromWorse, i));
    for (let i = length - 3; i >= 0; i--) change = Math.max(change, refine(chain, fromBetter, fromWorse, i));
    if (change < TOLERANCE) break;
  }
  const shifts = new Float64Array(length);
  const gains = new Float64Array(length);
  for (let i = 0; i < length; i++) {
    const added = at(fromBetter.precision, i) + at(fromWorse.precision, i);
    const precision = 1 / at(chain.variances, i) + added;
    const pull = at(fromBetter.weightedMean, i) + at(fromWorse.weightedMean, i);
    shifts[i] = (pull - at(chain.means, i) * added) / precision;
    gains[i] = added / precision;
  }
  return { shifts, gains };
}

function at(values: Float64Array, index: number): number {
  return values[index] as number;
}

/**
 * Takes the result between teams `i` and `i + 1` once more, given all that the other results say of the two; returns the
 * relative change.
 */
function refine(chain: Chain, fromBetter: Messages, fromWorse: Messages, i: number): number {
  const { means, variances } = chain;
  const betterPrecision = 1 / at(variances, i) + at(fromBetter.precision, i);
  const betterMean = (at(means, i) / at(variances, i) + at(fromBetter.weightedMean, i)) / betterPrecision;
  const worsePrecision = 1 / at(variances, i + 1) + at(fromWorse.precision, i + 1);
  const worseMean =
    (at(means, i + 1) / at(variances, i + 1) + at(fromWorse.weightedMean, i + 1)) / worsePrecision;

  const variance = 1 / betterPrecision + 1 / worsePrecision;
  const deviation = Math.sqrt(variance);
  const mean = betterMean - worseMean;
  const margin = at(chain.margins, i);
  const known =
    chain.tied[i] === true
      ? momentsWithin(-mean / deviation, margin / deviation)
      : momentsAbove((mean - margin) / deviation);

  // The factor that turns N(mean, variance) into the moments just found, in natural parameters.
  const remaining = Math.max(known.variance, SMALLEST_REMAINDER);
  const precision = (1 - remaining) / (variance * remaining);
  const weightedMean = (deviation * known.mean) / (variance * remaining) + mean * precision;

  const toWorse = 1 + precision / betterPrecision;
  const toBetter = 1 + precision / worsePrecision;
  return Math.max(
    store(
      fromBetter,
      i + 1,
      precision / toWorse,
      (precision * betterMean - weightedMean) / toWorse,
      variance,
    ),
    store(fromWorse, i, precision / toBetter, (precision * worseMean + weightedMean) / toBetter, variance),
  );
}

function store(
  messages: Messages,
  index: number,
  precision: number,
  weightedMean: number,
  variance: number,
): number {
  const scale = 1 / variance + precision;
  const change =
    Math.abs(precision - at(messages.precision, index)) / scale +
    Math.abs(weightedMean - at(messages.weightedMean, index)) / (scale + Math.abs(weightedMean));
  messages.precision[index] = precision;
  messages.weightedMean[index] = weightedMean;
  return change;
}
