import { exponential } from '../numerics/exponential.js';
import type { Contest } from './contest.js';
import { bradleyTerryPair, fullPairUpdate, type ContestUpdate } from './pair-update.js';

/** Strengths this many deviations apart still have exponentials whose squares, and their inverses, are normal numbers. */
const LARGEST_SPREAD = 300;

/**
 * The Plackett-Luce model, algorithm 4 of Weng and Lin: the best team is drawn in proportion to e^(strength/c), then the next among
 * the rest, and so on. Of teams that tie, each might have been drawn first. Two teams are a pair of Bradley-Terry, which
 * knows how likely ties are.
 */
export function plackettLuceUpdate(tieWeight: number): ContestUpdate {
  const twoTeams = fullPairUpdate(bradleyTerryPair(tieWeight));
  return (contest) => {
    if (contest.count === 2) twoTeams(contest);
    else manyTeams(contest);
  };
}

function manyTeams(contest: Contest): void {
  const { count, strengths, variances, deviations, slopes, gains, betaSquared } = contest;
  let collective = 0;
  let highest = -Infinity;
  let lowest = Infinity;
  for (let k = 0; k < count; k++) {
    collective += (variances[k] as number) + betaSquared;
    const strength = strengths[k] as number;
    if (strength > highest) highest = strength;
    if (strength < lowest) lowest = strength;
  }
  const deviation = Math.sqrt(collective);
  if ((highest - lowest) / deviation < LARGEST_SPREAD) withOneOrigin(contest, deviation, highest);
  else withOriginPerDraw(contest, deviation);
  for (let k = 0; k < count; k++) {
    slopes[k] = (slopes[k] as number) / deviation;
    const damping = (deviations[k] as number) / deviation;
    gains[k] = (Math.max(gains[k] as number, 0) * damping) / deviation / deviation;
  }
}

/** All exponentials relative to the strongest team's: linear time. */
function withOneOrigin(contest: Contest, deviation: number, highest: number): void {
  const { count, ranks, strengths, slopes, gains } = contest;
  // The chance of a draw is weight / rest: rest is the sum over all teams not drawn before. slopes holds weights, gains rests.
  for (let k = 0; k < count; k++) slopes[k] = exponential(((strengths[k] as number) - highest) / deviation);
  let rest = 0;
  for (let k = count - 1; k >= 0; k--) gains[k] = rest += slopes[k] as number;
  let inverses = 0;
  let squaredInverses = 0;
  let start = 0;
  while (start < count) {
    let end = start + 1;
    while (end < count && ranks[end] === ranks[start]) end++;
    const tied = end - start;
    const inverse = 1 / (gains[start] as number);
    // Alone at its place: 1 - weight / rest, without cancellation.
    const missed = tied === 1 && end < count ? (gains[end] as number) * inverse : 0;
    const before = inverses;
    inverses += inverse;
    squaredInverses += inverse * inverse;
    for (let k = start; k < end; k++) {
      const weight = slopes[k] as number;
      slopes[k] = tied === 1 ? missed - weight * before : 1 / tied - weight * inverses;
      gains[k] = weight * inverses - weight * weight * squaredInverses;
    }
    start = end;
  }
}

/** Where one origin would let weights vanish that decide a later draw: exponentials relative to the strongest of each rest. */
function withOriginPerDraw(contest: Contest, deviation: number): void {
  const { count, ranks, strengths, slopes, gains } = contest;
  for (let k = 0; k < count; k++) slopes[k] = gains[k] = 0;
  let start = 0;
  while (start < count) {
    let end = start + 1;
    while (end < count && ranks[end] === ranks[start]) end++;
    let origin = -Infinity;
    for (let k = start; k < count; k++) origin = Math.max(origin, strengths[k] as number);
    let total = 0;
    for (let k = start; k < count; k++) total += exponential(((strengths[k] as number) - origin) / deviation);
    for (let k = start; k < count; k++) {
      const chance = exponential(((strengths[k] as number) - origin) / deviation) / total;
      slopes[k] = (slopes[k] as number) - chance + (k < end ? 1 / (end - start) : 0);
      gains[k] = (gains[k] as number) + chance * (1 - chance);
    }
    start = end;
  }
}
