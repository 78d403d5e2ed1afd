import type { HistoryMatch } from '../history/history-match.js';
import { MatchHistory } from '../history/match-history.js';
import { kernelOf } from '../history/model-kernel.js';
import { RatingTable } from '../history/rating-table.js';
import { logarithm } from '../numerics/logarithm.js';
import type { RatingModel } from '../rating.js';
import { requireFinite, requireModel } from '../validation.js';
import { predictPairs, type PredictedPart } from './predicted-pairs.js';

/** Which part of a history is predicted. All that comes before it is rated, too. */
export interface EvaluationOptions {
  /** Share of the matches after which the part begins, 0 to 1; 0 where absent. */
  readonly from?: number;
  /** Share of the matches after which it ends; 1 where absent. */
  readonly to?: number;
  /** Predict only matches all of whose players have this many behind them; 0 where absent. */
  readonly minGames?: number;
}

/** Predictions of the favourite in which he was given about the same chance. */
export interface CalibrationBin {
  /** The chances in this bin lie from here … */
  readonly from: number;
  /** … to here. */
  readonly to: number;
  readonly count: number;
  /** Mean of the chances; NaN for an empty bin. */
  readonly expected: number;
  /** Share in which the favourite won; NaN for an empty bin. */
  readonly observed: number;
}

/**
 * How good predictions made before each match were. A pair is two teams of one match, every two of them in a match of more;
 * it is decisive if the two did not tie. A decisive pair is predicted by P(win) / (P(win) + P(loss)).
 */
export interface Evaluation {
  /** Matches predicted. */
  readonly matches: number;
  /** Pairs of teams in them, and those without a tie. */
  readonly pairs: number;
  readonly decisivePairs: number;
  /** Share of decisive pairs won by the favourite; a prediction of exactly one half counts half. */
  readonly accuracy: number;
  /** Mean over decisive pairs of -ln of the chance given to the winner; chances below 1e-15 count as that. ln 2 = 0.693 is guessing. */
  readonly logLoss: number;
  /** Mean over decisive pairs of the squared chance given to the loser. 0.25 is guessing. */
  readonly brier: number;
  /** Mean over all pairs of -ln of the chance given to what happened: win, draw or loss. */
  readonly outcomeLogLoss: number;
  /** Decisive pairs by the favourite's chance, ten bins from 0.5 to 1. */
  readonly bins: readonly CalibrationBin[];
}

const SMALLEST_CHANCE = 1e-15;
const BINS = 10;

/**
 * Replays a history, predicting every match before it is rated.
 *
 * @throws TypeError or RangeError for a match or an option that is wrong
 */
export function evaluate(
  matches: MatchHistory | Iterable<HistoryMatch>,
  model: RatingModel,
  options: EvaluationOptions = {},
): Evaluation {
  requireModel(model);
  const history = matches instanceof MatchHistory ? matches : new MatchHistory(matches);
  return evaluatePart(history, model, partOf(history, options, 'options'));
}

/** The positions that shares of the matches stand for. */
export function partOf(history: MatchHistory, options: EvaluationOptions, path: string): PredictedPart {
  const { from = 0, to = 1, minGames = 0 } = options;
  for (const [name, share] of Object.entries({ from, to })) {
    if (requireFinite(share, `${path}.${name}`) < 0 || share > 1) {
      throw new RangeError(`${path}.${name}: must be from 0 to 1, got ${share}`);
    }
  }
  if (from > to) throw new RangeError(`${path}.from: must not be above ${path}.to, got ${from} and ${to}`);
  if (requireFinite(minGames, `${path}.minGames`) < 0) {
    throw new RangeError(`${path}.minGames: must not be negative, got ${minGames}`);
  }
  return { from: Math.floor(from * history.length), to: Math.floor(to * history.length), minGames };
}

export function evaluatePart(history: MatchHistory, model: RatingModel, part: PredictedPart): Evaluation {
  const tally = new PredictionTally();
  const table = RatingTable.initial(model, history.playerIds.length);
  const { matches } = predictPairs(history.columns(), kernelOf(model), table, part, tally.add);
  return tally.evaluation(matches);
}

/** Sums over predictions of which is known what happened. */
class PredictionTally {
  private pairs = 0;
  private decisive = 0;
  private right = 0;
  private logLoss = 0;
  private brier = 0;
  private outcomeLogLoss = 0;
  private readonly counts = new Float64Array(BINS);
  private readonly expected = new Float64Array(BINS);
  private readonly observed = new Float64Array(BINS);

  readonly add = (first: number, second: number, draw: number, outcome: number): void => {
    this.pairs++;
    const happened = outcome === 0 ? draw : outcome < 0 ? first : second;
    this.outcomeLogLoss += surprise(happened);
    if (outcome === 0) return;
    this.decisive++;
    const chance = decisiveChance(outcome < 0 ? first : second, outcome < 0 ? second : first);
    this.right += chance > 0.5 ? 1 : chance === 0.5 ? 0.5 : 0;
    this.logLoss += surprise(chance);
    this.brier += (1 - chance) * (1 - chance);
    const favourite = Math.max(chance, 1 - chance);
    const bin = Math.min(BINS - 1, Math.floor((favourite - 0.5) * 2 * BINS));
    this.counts[bin] = (this.counts[bin] as number) + 1;
    this.expected[bin] = (this.expected[bin] as number) + favourite;
    this.observed[bin] = (this.observed[bin] as number) + (chance > 0.5 ? 1 : chance === 0.5 ? 0.5 : 0);
  };

  evaluation(matches: number): Evaluation {
    return {
      matches,
      pairs: this.pairs,
      decisivePairs: this.decisive,
      accuracy: this.right / this.decisive,
      logLoss: this.logLoss / this.decisive,
      brier: this.brier / this.decisive,
      outcomeLogLoss: this.outcomeLogLoss / this.pairs,
      bins: Array.from({ length: BINS }, (_, i) => ({
        from: 0.5 + i / (2 * BINS),
        to: 0.5 + (i + 1) / (2 * BINS),
        count: this.counts[i] as number,
        expected: (this.expected[i] as number) / (this.counts[i] as number),
        observed: (this.observed[i] as number) / (this.counts[i] as number),
      })),
    };
  }
}

/** The chance of winning, given that the two will not tie. */
export function decisiveChance(win: number, loss: number): number {
  return win + loss > 0 ? win / (win + loss) : 0.5;
}

/** -ln of a chance. */
export function surprise(chance: number): number {
  return -logarithm(Math.max(chance, SMALLEST_CHANCE));
}
