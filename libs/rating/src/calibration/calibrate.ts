import type { HistoryMatch } from '../history/history-match.js';
import { MatchHistory } from '../history/match-history.js';
import { kernelOf } from '../history/model-kernel.js';
import { RatingTable } from '../history/rating-table.js';
import { ratingModel } from '../rating-model.js';
import type { RatingModel } from '../rating.js';
import { requireFinite } from '../validation.js';
import type { CalibratedParameter, Calibration, CalibrationLoss, CalibrationOptions } from './calibration.js';
import { decisiveChance, evaluatePart, partOf, surprise } from './evaluate.js';
import { fitParameters } from './fit-parameters.js';
import { historyEvidence } from './history-evidence.js';
import { ParameterSpace, type Values } from './parameter-space.js';
import { predictPairs, type PredictedPart } from './predicted-pairs.js';
import { TUNABLE_PARAMETERS, type TunableParameter } from './tunable-parameters.js';

const MAX_EVALUATIONS = 400;
/** Fewer would end before the first step. */
const FEWEST_EVALUATIONS = 50;

/**
 * Finds the parameters with which a model would have predicted a history best, each match predicted before it was rated.
 * Deterministic: no randomness, the same bits on every engine.
 *
 * A parameter is expected not too far from where the search for it starts: a wide normal prior on the search scale. Against a few
 * dozen matches that keeps it near, against thousands it is nothing. What gains too little goes back to where it was.
 *
 * @throws TypeError or RangeError for a match or an option that is wrong, and for a model whose parameters cannot be fitted
 */
export function calibrate(
  matches: MatchHistory | Iterable<HistoryMatch>,
  options: CalibrationOptions = {},
): Calibration {
  const history = matches instanceof MatchHistory ? matches : new MatchHistory(matches);
  const { keep = [], maxEvaluations = MAX_EVALUATIONS, onProgress } = options;
  const base = ratingModel(options.config);
  const tunable = tunableParameters(base, keep);
  if (requireFinite(maxEvaluations, 'options.maxEvaluations') < FEWEST_EVALUATIONS) {
    throw new RangeError(
      `options.maxEvaluations: must be ${FEWEST_EVALUATIONS} or more, got ${maxEvaluations}`,
    );
  }
  const part = partOf(history, options, 'options');
  const loss = lossOf(options.loss, tunable);
  const evidence = historyEvidence(history, part.to);
  const start = numbersOf(base);
  const searched = tunable.filter(
    ({ name, evidence: needed }) => !keep.includes(name) && evidence.present.has(needed),
  );
  const space = new ParameterSpace(searched, start, base.initial().sigma, evidence.scoreDifference);

  let evaluations = 0;
  let smallest = Infinity;
  const lossWith = (values: Values): PartLoss => {
    const found = lossOfPart(history, modelWith(base, values), part, loss);
    evaluations++;
    smallest = Math.min(smallest, found.mean);
    onProgress?.({ evaluations, maxEvaluations, loss: smallest });
    return found;
  };
  const before = lossWith(start);
  const { results } = before;
  const { values, gains, settled } =
    results === 0 || searched.length === 0
      ? { values: start, gains: new Map<string, number>(), settled: true }
      : fitParameters(
          space,
          before.mean * results,
          (tried) => lossWith(tried).mean * results,
          maxEvaluations - 1,
        );

  const parameters = tunable.map(({ name }): CalibratedParameter => {
    const gain = gains.get(name);
    const asked = searched.some((one) => one.name === name);
    return {
      name,
      before: start[name] as number,
      after: values[name] as number,
      outcome:
        gain !== undefined ? 'fitted' : keep.includes(name) ? 'kept' : asked ? 'undetermined' : 'absent',
      gain: gain === undefined ? 0 : gain / results,
    };
  });
  const model = modelWith(base, values);
  const compare = (compared: PredictedPart) => ({
    before: evaluatePart(history, base, compared),
    after: evaluatePart(history, model, compared),
  });
  return {
    model,
    config: { ...base.parameters, ...values, model: base.name },
    parameters,
    fitted: compare(part),
    heldOut: part.to < history.length ? compare({ ...part, from: part.to, to: history.length }) : undefined,
    evaluations,
    settled,
  };
}

function tunableParameters(model: RatingModel, keep: readonly string[]): readonly TunableParameter[] {
  const tunable = TUNABLE_PARAMETERS.get(model.name);
  if (tunable === undefined) {
    throw new RangeError(`options.config.model: the parameters of ${model.name} cannot be fitted`);
  }
  if (!Array.isArray(keep)) throw new TypeError('options.keep: expected an array of names');
  keep.forEach((name, i) => {
    if (!tunable.some((parameter) => parameter.name === name)) {
      throw new RangeError(
        `options.keep[${i}]: unknown parameter "${name}", known are: ${tunable.map((one) => one.name).join(', ')}`,
      );
    }
  });
  return tunable;
}

/** A model that gives ties a chance is fitted to ties as well. */
function lossOf(asked: CalibrationLoss | undefined, tunable: readonly TunableParameter[]): CalibrationLoss {
  if (asked !== undefined && asked !== 'decisive' && asked !== 'outcome' && asked !== 'both') {
    throw new RangeError(`options.loss: expected "decisive", "outcome" or "both", got ${String(asked)}`);
  }
  return asked ?? (tunable.some(({ name }) => name === 'drawProbability') ? 'both' : 'decisive');
}

function numbersOf(model: RatingModel): Values {
  const numbers: Record<string, number> = {};
  for (const [name, value] of Object.entries(model.parameters)) {
    if (typeof value === 'number') numbers[name] = value;
  }
  return numbers;
}

function modelWith(base: RatingModel, values: Values): RatingModel {
  return ratingModel({ ...base.parameters, ...values, model: base.name });
}

interface PartLoss {
  /** Per pair. */
  readonly mean: number;
  /** See `Predicted`. */
  readonly results: number;
}

/** The loss of predictions made before each match of the part. */
function lossOfPart(
  history: MatchHistory,
  model: RatingModel,
  part: PredictedPart,
  loss: CalibrationLoss,
): PartLoss {
  const table = RatingTable.initial(model, history.playerIds.length);
  let pairs = 0;
  let outcomeSum = 0;
  let decisivePairs = 0;
  let decisiveSum = 0;
  const { results } = predictPairs(
    history.columns(),
    kernelOf(model),
    table,
    part,
    (first, second, draw, outcome) => {
      if (loss !== 'decisive') {
        outcomeSum += surprise(outcome === 0 ? draw : outcome < 0 ? first : second);
        pairs++;
      }
      if (loss !== 'outcome' && outcome !== 0) {
        decisiveSum += surprise(outcome < 0 ? decisiveChance(first, second) : decisiveChance(second, first));
        decisivePairs++;
      }
    },
  );
  const outcomeLoss = pairs === 0 ? 0 : outcomeSum / pairs;
  const decisiveLoss = decisivePairs === 0 ? 0 : decisiveSum / decisivePairs;
  const mean = loss === 'both' ? (outcomeLoss + decisiveLoss) / 2 : outcomeLoss + decisiveLoss;
  return { mean, results };
}
