import type { Contestant } from './contestant.js';
import type { RecordedMatch } from './recorded-match.js';

/** How good predictions were. Every pair of teams of a match counts once, unless the two tied. */
export interface Verdict {
  pairs: number;
  /** The share of pairs in which the favourite won; where there is no favourite, half a pair. */
  accuracy: number;
  /** The mean of -ln(probability that was given to what happened). Guessing makes ln 2 = 0.693. */
  logLoss: number;
  /** How often the favourite won, by how likely he was said to win: {@link RELIABILITY_BINS} equal steps from 0.5 to 1. */
  reliability: ReliabilityBin[];
}

export interface ReliabilityBin {
  pairs: number;
  /** The mean of the probabilities that were predicted, and the share of favourites that won. */
  predicted: number;
  observed: number;
}

export const RELIABILITY_BINS = 10;

/** Less counts as this: one prediction that was sure of the contrary does not decide a whole history. */
const LEAST_PROBABILITY = 1e-9;

/** Nearer to one half than this there is no favourite: ts-trueskill gives one of two equal players 0.500000015. */
const EVEN = 1e-6;

/**
 * Runs a contestant through the matches: every match is first predicted, then rated. Counts the matches from `from` on to
 * before `to`; those before are rated all the same.
 *
 * @throws Error if a prediction is not a probability
 */
export function judge(
  contestant: Contestant,
  matches: readonly RecordedMatch[],
  { from = 0, to = matches.length }: { from?: number; to?: number } = {},
): Verdict {
  const run = contestant.start();
  let pairs = 0;
  let right = 0;
  let loss = 0;
  const bins = Array.from({ length: RELIABILITY_BINS }, () => ({ pairs: 0, predicted: 0, won: 0 }));
  for (const [index, match] of matches.slice(0, to).entries()) {
    for (const [first, second] of index < from ? [] : decisivePairs(match.ranks)) {
      const predicted = run.predict(match, first, second);
      if (!(predicted >= 0 && predicted <= 1)) throw new Error(`${contestant.name} predicted ${predicted}`);
      const firstWon = (match.ranks[first] ?? NaN) < (match.ranks[second] ?? NaN);
      const given = firstWon ? predicted : 1 - predicted;
      pairs += 1;
      const favouriteWon = given > 0.5 + EVEN ? 1 : given < 0.5 - EVEN ? 0 : 0.5;
      right += favouriteWon;
      loss -= Math.log(Math.max(given, LEAST_PROBABILITY));
      const favourite = Math.max(predicted, 1 - predicted);
      const bin = bins[Math.min(RELIABILITY_BINS - 1, Math.floor((favourite - 0.5) * 2 * RELIABILITY_BINS))];
      if (bin === undefined) continue;
      bin.pairs += 1;
      bin.predicted += favourite;
      bin.won += favouriteWon;
    }
    run.rate(match);
  }
  return {
    pairs,
    accuracy: right / pairs,
    logLoss: loss / pairs,
    reliability: bins
      .filter((bin) => bin.pairs > 0)
      .map((bin) => ({
        pairs: bin.pairs,
        predicted: bin.predicted / bin.pairs,
        observed: bin.won / bin.pairs,
      })),
  };
}

function* decisivePairs(ranks: readonly number[]): Generator<[number, number]> {
  for (let first = 0; first < ranks.length; first++) {
    for (let second = first + 1; second < ranks.length; second++) {
      if (ranks[first] !== ranks[second]) yield [first, second];
    }
  }
}
