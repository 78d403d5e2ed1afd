import { exponential } from '../numerics/exponential.js';
import { momentsWithin } from '../numerics/truncated-normal.js';
import type { Contest } from './contest.js';
import { winGain, winMean } from './win-moments.js';

/**
 * Writes a contest's `slopes` and `gains` from its other members (see {@link Contest}): what one model makes of a result.
 */
export type ContestUpdate = (contest: Contest) => void;

/** Adds to the slopes and gains of two places what the result between them says; `first` ranks no worse than `second`. */
type PairUpdate = (contest: Contest, first: number, second: number) => void;

/**
 * A pair of the Bradley-Terry model with ties (Davidson 1970): win, draw and loss stand as e^(x/2) : tieWeight : e^(-x/2), where x
 * is the difference of strengths in deviations. With `tieWeight` 0 it is algorithm 1 of Weng and Lin, a tie counting half.
 */
export function bradleyTerryPair(tieWeight: number): PairUpdate {
  return (contest, first, second) => {
    const { strengths, ranks } = contest;
    const inverse = 1 / pairDeviation(contest, first, second);
    const difference = ((strengths[first] as number) - (strengths[second] as number)) * inverse;
    const root = exponential(-0.5 * Math.abs(difference));
    const tie = tieWeight * root;
    const likelier = 1 / (1 + root * root + tie);
    const unlikelier = root * root * likelier;
    const draw = tie * likelier;
    const win = difference >= 0 ? likelier : unlikelier;
    const loss = difference >= 0 ? unlikelier : likelier;
    // What was scored beyond what was expected, each term without cancellation.
    const surprise = ranks[first] === ranks[second] ? 0.5 * (loss - win) : loss + 0.5 * draw;
    const spread = win * loss + 0.25 * draw * (win + loss);
    addToBoth(contest, first, second, surprise * inverse, spread * inverse * inverse * inverse);
  };
}

/**
 * A pair of the Thurstone-Mosteller model, algorithm 3 of Weng and Lin. `marginPerBeta` is the margin within which a difference
 * of performances is a draw; `widening` multiplies the deviation.
 */
export function thurstoneMostellerPair(marginPerBeta: number, widening: number): PairUpdate {
  return (contest, first, second) => {
    const { strengths, ranks, betaSquared } = contest;
    const inverse = 1 / (widening * pairDeviation(contest, first, second));
    const difference = ((strengths[first] as number) - (strengths[second] as number)) * inverse;
    const margin = marginPerBeta * Math.sqrt(betaSquared) * inverse;
    let mean: number;
    let gain: number;
    if (ranks[first] === ranks[second]) {
      const moments = momentsWithin(-difference, margin);
      mean = moments.mean;
      gain = 1 - moments.variance;
    } else {
      mean = winMean(difference - margin);
      gain = winGain(difference - margin, mean);
    }
    addToBoth(contest, first, second, mean * inverse, gain * inverse * inverse * inverse);
  };
}

/** The deviation of the difference between two teams' performances. */
function pairDeviation(contest: Contest, first: number, second: number): number {
  const { variances, betaSquared } = contest;
  return Math.sqrt((variances[first] as number) + (variances[second] as number) + 2 * betaSquared);
}

/** What a comparison gains is damped by the share that a team's uncertainty has in the deviation (gamma in the paper). */
function addToBoth(contest: Contest, first: number, second: number, slope: number, gain: number): void {
  const { slopes, gains, deviations } = contest;
  slopes[first] = (slopes[first] as number) + slope;
  slopes[second] = (slopes[second] as number) - slope;
  gains[first] = (gains[first] as number) + (deviations[first] as number) * gain;
  gains[second] = (gains[second] as number) + (deviations[second] as number) * gain;
}

function clear(contest: Contest): void {
  for (let k = 0; k < contest.count; k++) contest.slopes[k] = contest.gains[k] = 0;
}

/** Every team is compared with every other. */
export function fullPairUpdate(pair: PairUpdate): ContestUpdate {
  return (contest) => {
    clear(contest);
    const { count } = contest;
    for (let first = 0; first < count; first++) {
      for (let second = first + 1; second < count; second++) pair(contest, first, second);
    }
  };
}

/** Every team is compared with up to `window` teams before it and after it in the ranking; the comparisons are averaged. */
export function partPairUpdate(pair: PairUpdate, window: number): ContestUpdate {
  return (contest) => {
    clear(contest);
    const { count, slopes, gains } = contest;
    for (let first = 0; first < count; first++) {
      const end = Math.min(count, first + window + 1);
      for (let second = first + 1; second < end; second++) pair(contest, first, second);
    }
    for (let k = 0; k < count; k++) {
      const compared = Math.min(k, window) + Math.min(count - 1 - k, window);
      slopes[k] = (slopes[k] as number) / compared;
      gains[k] = (gains[k] as number) / compared;
    }
  };
}
