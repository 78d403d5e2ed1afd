import type { MatchInput, Rating } from './rating.js';
import { computingUnit, movedRating, teamPerformance, type TeamPerformance } from './performance.js';
import { momentsAbove, momentsWithin } from './truncated-normal.js';

/** The parameters that an update needs, in the unit of `mu`; `marginPerDeviation` in deviations of a performance difference. */
export interface UpdateParameters {
  readonly beta: number;
  readonly tau: number;
  readonly marginPerDeviation: number;
}

/**
 * The exact posterior of every player's skill, given who won or that it was a draw, in closed form: with two teams the
 * performance difference is one normal variable, of which the result says where it lies. Formulas in docs/rating.md.
 */
export function rateTwoTeams(match: MatchInput, parameters: UpdateParameters): Rating[][] {
  const { teams, ranks, weights } = match;
  const { beta, tau, marginPerDeviation } = parameters;
  const first = teams[0] as readonly Rating[];
  const second = teams[1] as readonly Rating[];
  const unit = computingUnit(teams, beta);
  const ours = teamPerformance(first, weights?.[0], beta, tau, unit);
  const theirs = teamPerformance(second, weights?.[1], beta, tau, unit);
  const deviation = Math.sqrt(ours.variance + theirs.variance);
  // Nobody took part in a way that numbers can tell: the result says nothing.
  if (!(deviation > 1e-140)) {
    return [unchanged(first, ours, unit), unchanged(second, theirs, unit)];
  }
  const difference = (ours.mean - theirs.mean) / deviation;
  const margin = (marginPerDeviation * Math.sqrt(first.length + second.length) * (beta / unit)) / deviation;
  const order = (ranks[1] as number) - (ranks[0] as number);
  let push: number;
  let variance: number;
  if (order === 0) {
    // What is left of the difference around its mean lies within the margin.
    const moments = momentsWithin(-difference, margin);
    push = moments.mean;
    variance = moments.variance;
  } else {
    const moments = momentsAbove(order > 0 ? difference - margin : -difference - margin);
    push = order > 0 ? moments.mean : -moments.mean;
    variance = moments.variance;
  }
  return [
    updated(first, weights?.[0], ours, unit, deviation, push, variance),
    updated(second, weights?.[1], theirs, unit, deviation, -push, variance),
  ];
}

function unchanged(team: readonly Rating[], performance: TeamPerformance, unit: number): Rating[] {
  return team.map((rating, i) => movedRating(rating, 0, performance.sigmas[i] as number, unit));
}

function updated(
  team: readonly Rating[],
  weights: readonly number[] | undefined,
  performance: TeamPerformance,
  unit: number,
  deviation: number,
  push: number,
  variance: number,
): Rating[] {
  const result = new Array<Rating>(team.length);
  for (let i = 0; i < team.length; i++) {
    const inflated = performance.sigmas[i] as number;
    const sigma = inflated / unit;
    const share = ((weights === undefined ? 1 : (weights[i] as number)) * sigma) / deviation;
    // 1 - share^2 (1 - variance), written so that neither term is negative.
    const remaining = (1 - share) * (1 + share) + share * share * variance;
    result[i] = movedRating(team[i] as Rating, share * push * sigma, inflated * Math.sqrt(remaining), unit);
  }
  return result;
}
