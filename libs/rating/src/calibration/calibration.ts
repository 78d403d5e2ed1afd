import type { RatingModel } from '../rating.js';
import type { Evaluation } from './evaluate.js';

/** A model by name with parameters, as `ratingModel` takes it. */
export interface ModelConfig {
  readonly model?: string;
  readonly [parameter: string]: unknown;
}

/** What is fitted, to which part of the history, and how long. */
export interface CalibrationOptions {
  /** The model, and where its parameters start; what is not given starts at the model's default. `{ model: 'gaussian' }` where absent. */
  readonly config?: ModelConfig;
  /** Names of parameters that stay as they are. */
  readonly keep?: readonly string[];
  /** Share of the history after which the fitted part begins: the matches before it are rated, not predicted. 0 where absent. */
  readonly from?: number;
  /** Share of the history after which the fitted part ends, such as 0.4; 1 where absent. */
  readonly to?: number;
  /** Predict only matches all of whose players have this many behind them; 0 where absent. */
  readonly minGames?: number;
  /** What the fit makes small: {@link CalibrationLoss}. `both` where absent, if the model gives ties a chance. */
  readonly loss?: CalibrationLoss;
  /** Bound on the replays of the fitted part, 50 or more; 400 where absent. */
  readonly maxEvaluations?: number;
  /** Called after every replay. */
  readonly onProgress?: (progress: CalibrationProgress) => void;
}

/**
 * `decisive`: -ln of the chance given to the winner of each pair that did not tie, given that it would not.
 * `outcome`: -ln of the chance given to what happened, ties included.
 * `both`: half of each, which counts who won for more than whether there was a tie. All are proper scores: honest chances make them smallest.
 */
export type CalibrationLoss = 'decisive' | 'outcome' | 'both';

/** Where the search stands. */
export interface CalibrationProgress {
  /** Replays of the fitted part done, and the bound on them. */
  readonly evaluations: number;
  readonly maxEvaluations: number;
  /** The smallest mean loss per pair found so far. */
  readonly loss: number;
}

/**
 * What became of a parameter. `fitted`; `undetermined`: the history does not tell it from its start well enough, so it stays
 * there; `absent`: nothing in the fitted part depends on it; `kept`: as asked.
 */
export type ParameterOutcome = 'fitted' | 'undetermined' | 'absent' | 'kept';

/** A parameter, where the search for it started, and where it ended. */
export interface CalibratedParameter {
  readonly name: string;
  readonly before: number;
  readonly after: number;
  readonly outcome: ParameterOutcome;
  /** What the fitted part would lose, in mean loss per pair, with this one back at its start; 0 unless fitted. */
  readonly gain: number;
}

/** The model that fits best, and what that gains. */
export interface Calibration {
  readonly model: RatingModel;
  /** From which `ratingModel` makes the same model. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly parameters: readonly CalibratedParameter[];
  /** Predictions within the fitted part, with the parameters at the start and at the end. */
  readonly fitted: { readonly before: Evaluation; readonly after: Evaluation };
  /** The same for what follows the fitted part, which had no say; undefined where nothing follows. */
  readonly heldOut: { readonly before: Evaluation; readonly after: Evaluation } | undefined;
  /** Replays of the fitted part that it took. */
  readonly evaluations: number;
  /** False if the evaluations ran out before the search had settled. */
  readonly settled: boolean;
}
