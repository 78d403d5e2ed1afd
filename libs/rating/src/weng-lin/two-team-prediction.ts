import { exponential } from '../numerics/exponential.js';
import { normalCdf } from '../numerics/truncated-normal.js';
import type { Contest } from './contest.js';

/** The deviation of the difference between two teams' performances. */
function pairDeviation(contest: Contest): number {
  const { variances, betaSquared } = contest;
  return Math.sqrt((variances[0] as number) + (variances[1] as number) + 2 * betaSquared);
}

function pairDifference(contest: Contest): number {
  return ((contest.strengths[0] as number) - (contest.strengths[1] as number)) / pairDeviation(contest);
}

/** Win, draw and loss as e^(x/2) : tieWeight : e^(-x/2) (Davidson 1970). */
export function predictLogisticPair(contest: Contest, win: Float64Array, tieWeight: number): number {
  const difference = pairDifference(contest);
  const root = exponential(-0.5 * Math.abs(difference));
  const total = 1 + root * root + tieWeight * root;
  win[0] = (difference >= 0 ? 1 : root * root) / total;
  win[1] = (difference >= 0 ? root * root : 1) / total;
  return (tieWeight * root) / total;
}

/**
 * Win, draw and loss as what lies above, within and below the margin of a normal difference, whose deviation counts `widening`
 * times.
 */
export function predictNormalPair(
  contest: Contest,
  win: Float64Array,
  marginPerBeta: number,
  widening: number,
): number {
  const difference = pairDifference(contest) / widening;
  const margin = (marginPerBeta * Math.sqrt(contest.betaSquared)) / (widening * pairDeviation(contest));
  const first = normalCdf(difference - margin);
  const second = normalCdf(-difference - margin);
  win[0] = first;
  win[1] = second;
  if (margin === 0) return 0;
  const distance = Math.abs(difference);
  // Far out both sides' complement would cancel: the difference of two tails.
  return distance <= margin
    ? Math.max(0, 1 - (first + second))
    : Math.max(0, normalCdf(margin - distance) - normalCdf(-margin - distance));
}

/** `[team][place]` for two teams; a draw shares both places evenly. */
export function twoTeamRankProbabilities(win: Float64Array, draw: number): number[][] {
  const first = (win[0] as number) + 0.5 * draw;
  const second = (win[1] as number) + 0.5 * draw;
  return [
    [first, second],
    [second, first],
  ];
}
