export type { Circumstances, MatchInput, Prediction, RatedMatch, Rating, RatingModel } from './rating.js';
export { gaussian } from './gaussian/gaussian.js';
export type { GaussianParameters } from './gaussian/parameters.js';
export { glicko2, type Glicko2Model } from './glicko2/glicko2-model.js';
export type { Glicko2Parameters } from './glicko2/parameters.js';
export type { Glicko2Game, PeriodGame } from './glicko2/rating-period.js';
export {
  bradleyTerry,
  bradleyTerryPart,
  plackettLuce,
  thurstoneMosteller,
  thurstoneMostellerPart,
} from './weng-lin/models.js';
export type { PartPairParameters, WengLinParameters } from './weng-lin/parameters.js';
export type { FlatMatch, RatingKernel } from './kernel.js';
export { ratingModel } from './rating-model.js';
export { newSeason, type SeasonReset } from './season.js';
export { displayScale, type DisplayOptions, type DisplayScale } from './people/display-scale.js';
export {
  explain,
  type Change,
  type DisplayChange,
  type Explanation,
  type ExplanationOptions,
  type PlayerChange,
} from './people/explanation.js';
export { isProvisional } from './people/provisional.js';
export { defaultTiers, tierLadder, type Tier, type TierLadder } from './people/tiers.js';
export { smooth, type SmoothingOptions, type SmoothingProgress } from './smoothing/smooth.js';
export type { SmoothedHistory, SmoothingOutcome } from './smoothing/smoothed-history.js';
export type { HistoryMatch } from './history/history-match.js';
export { MatchHistory, type HistoryColumns } from './history/match-history.js';
export {
  replay,
  type CurvePoint,
  type MatchReference,
  type RatingChange,
  type Replay,
  type ReplayOptions,
} from './history/replay.js';
export { calibrate } from './calibration/calibrate.js';
export type {
  CalibratedParameter,
  Calibration,
  CalibrationLoss,
  CalibrationOptions,
  CalibrationProgress,
  ModelConfig,
  ParameterOutcome,
} from './calibration/calibration.js';
export {
  evaluate,
  type CalibrationBin,
  type Evaluation,
  type EvaluationOptions,
} from './calibration/evaluate.js';
