import { exponential } from '../numerics/exponential.js';
import type { Contest } from '../weng-lin/contest.js';
import { predictRace, racePlaces } from '../weng-lin/normal-race.js';
import { flattening } from './player-update.js';

/** A logistic distribution is within 0.0095 of a normal one that is this much wider. */
const LOGISTIC_SPREAD = 1.702;
const THREE_OVER_PI_SQUARED = 0.3039635509270133;

/**
 * Win, draw and loss. For two teams the expected score is that of the paper, flattened by the uncertainty of both sides; a draw
 * counts half in it and is likeliest between equal teams: d 4 E (1 - E). Three and more race, without ties.
 */
export function predictGlicko2(contest: Contest, win: Float64Array, drawProbability: number): number {
  if (contest.count > 2) return predictRace(asRace(contest), LOGISTIC_SPREAD, 0, win);
  const { strengths, variances } = contest;
  const g = flattening((variances[0] as number) + (variances[1] as number));
  const x = g * ((strengths[0] as number) - (strengths[1] as number));
  const odds = exponential(-Math.abs(x));
  const likelier = 1 / (1 + odds);
  const unlikelier = odds * likelier;
  // A draw takes half of its chance from each side, and no more than a side has.
  const draw = Math.min(4 * drawProbability * likelier * unlikelier, 2 * unlikelier);
  win[x >= 0 ? 0 : 1] = likelier - 0.5 * draw;
  win[x >= 0 ? 1 : 0] = unlikelier - 0.5 * draw;
  return draw;
}

/** The probability of every place, `[team][place]`, for three and more teams. */
export function glicko2Places(contest: Contest): number[][] {
  return racePlaces(asRace(contest), LOGISTIC_SPREAD);
}

/** Performances whose pairs agree with the expected scores: the variance of a pair is 1.702^2 / g^2. Changes the contest. */
function asRace(contest: Contest): Contest {
  const { count, variances } = contest;
  contest.betaSquared = 0.5;
  for (let i = 0; i < count; i++) variances[i] = THREE_OVER_PI_SQUARED * (variances[i] as number);
  return contest;
}
