import type { Rating, RatingModel } from '@ranked/rating';

/** The logistic curve with its argument stretched by this follows the normal distribution to within 0.01 (Cox 1970). */
const LOGISTIC_PER_DEVIATION = 1.702;
const POINTS_PER_DEVIATION = 200;
/** Beyond this sums would be infinite. */
const STRONGEST = 1e300;

/**
 * Probability of winning per team, then that of a draw. For two teams the model's own prediction. For more that takes 60 to 170
 * µs a match, so chances of the form exp(strength) / sum are taken (Plackett-Luce), scaled to the uncertainty of a pair of teams.
 */
export function predictedOdds(model: RatingModel, teams: readonly (readonly Rating[])[]): number[] {
  if (teams.length === 2) {
    const { win, draw } = model.predict(teams);
    return [win[0] as number, win[1] as number, draw];
  }
  const { pointsPerUnit } = model;
  const beta = POINTS_PER_DEVIATION / pointsPerUnit;
  let variance = 0;
  const strengths = teams.map((team) => {
    let sum = 0;
    for (const { mu, sigma } of team) {
      sum += Math.max(-STRONGEST, Math.min(STRONGEST, mu));
      variance += (beta * beta + sigma * sigma) / teams.length;
    }
    return sum;
  });
  const scale = LOGISTIC_PER_DEVIATION / Math.sqrt(2 * variance);
  const strongest = Math.max(...strengths);
  const weights = strengths.map((strength) => Math.exp(scale * (strength - strongest)));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return [...weights.map((weight) => weight / total), 0];
}
