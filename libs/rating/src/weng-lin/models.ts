import { standardDrawMargin } from '../numerics/draw-margin.js';
import type { RatingModel } from '../rating.js';
import type { Contest } from './contest.js';
import { predictRace, racePlaces } from './normal-race.js';
import { bradleyTerryPair, fullPairUpdate, partPairUpdate, thurstoneMostellerPair } from './pair-update.js';
import {
  completePartPairParameters,
  completeWengLinParameters,
  type PartPairParameters,
  type WengLinParameters,
} from './parameters.js';
import { plackettLucePlaces, predictFirst } from './plackett-luce-prediction.js';
import { plackettLuceUpdate } from './plackett-luce-update.js';
import { predictLogisticPair, predictNormalPair, twoTeamRankProbabilities } from './two-team-prediction.js';
import { WengLinModel, type WengLinVariant } from './weng-lin-model.js';
import type { ContestPrediction } from './weng-lin-kernel.js';

/** A draw margin of 0.024 beta, 0.1 for the usual beta of 25/6, as a probability: what other implementations take unless told. */
const THURSTONE_MOSTELLER_DRAWS = 0.013539900086822626;
/** A logistic distribution is within 0.0095 of a normal one that is this much wider. */
const LOGISTIC_SPREAD = 1.702;
/** In the part-pair form of Thurstone-Mosteller the deviation of a pair counts double. */
const PART_PAIR_WIDENING = 2;

/** The weight of a tie beside those of win and loss that makes equal teams draw this often. */
function tieWeight(drawProbability: number): number {
  return (2 * drawProbability) / (1 - drawProbability);
}

function rankProbabilities(prediction: ContestPrediction, places: (contest: Contest) => number[][]) {
  return (contest: Contest) => {
    if (contest.count > 2) return places(contest);
    const win = new Float64Array(2);
    return twoTeamRankProbabilities(win, prediction(contest, win));
  };
}

function plackettLuceVariant({ drawProbability }: WengLinParameters): WengLinVariant {
  const weight = tieWeight(drawProbability);
  const prediction: ContestPrediction = (contest, win) =>
    contest.count === 2 ? predictLogisticPair(contest, win, weight) : predictFirst(contest, win);
  return {
    name: 'plackett-luce',
    update: plackettLuceUpdate(weight),
    prediction,
    rankProbabilities: rankProbabilities(prediction, plackettLucePlaces),
  };
}

function bradleyTerryVariant(name: string, parameters: WengLinParameters, window?: number): WengLinVariant {
  const weight = tieWeight(parameters.drawProbability);
  const pair = bradleyTerryPair(weight);
  const prediction: ContestPrediction = (contest, win) =>
    contest.count === 2
      ? predictLogisticPair(contest, win, weight)
      : predictRace(contest, LOGISTIC_SPREAD, 0, win);
  return {
    name,
    update: window === undefined ? fullPairUpdate(pair) : partPairUpdate(pair, window),
    prediction,
    rankProbabilities: rankProbabilities(prediction, (contest) => racePlaces(contest, LOGISTIC_SPREAD)),
  };
}

function thurstoneMostellerVariant(
  name: string,
  parameters: WengLinParameters,
  window?: number,
): WengLinVariant {
  const standardMargin = standardDrawMargin(parameters.drawProbability);
  // Of a pair of teams, each of which varies by beta.
  const margin = Math.SQRT2 * standardMargin;
  const widening = window === undefined ? 1 : PART_PAIR_WIDENING;
  const pair = thurstoneMostellerPair(margin, widening);
  const prediction: ContestPrediction = (contest, win) =>
    contest.count === 2
      ? predictNormalPair(contest, win, margin, widening)
      : predictRace(contest, widening, standardMargin, win);
  return {
    name,
    update: window === undefined ? fullPairUpdate(pair) : partPairUpdate(pair, window),
    prediction,
    rankProbabilities: rankProbabilities(prediction, (contest) => racePlaces(contest, widening)),
  };
}

/**
 * The Plackett-Luce model (Weng and Lin, "A Bayesian Approximation Method for Online Ranking", JMLR 12, 2011, algorithm 4): the
 * update for free-for-alls and many teams that takes linear time.
 *
 * @throws TypeError or RangeError that names the parameter; so do the four models below
 */
export function plackettLuce(parameters: Partial<WengLinParameters> = {}): RatingModel<WengLinParameters> {
  return plackettLuceFrom(parameters, 'parameters');
}

/** The Bradley-Terry model, every team against every other (Weng and Lin 2011, algorithm 1). */
export function bradleyTerry(parameters: Partial<WengLinParameters> = {}): RatingModel<WengLinParameters> {
  return bradleyTerryFrom(parameters, 'parameters');
}

/** The Bradley-Terry model over neighbours in the ranking (algorithm 2), the comparisons averaged. */
export function bradleyTerryPart(
  parameters: Partial<PartPairParameters> = {},
): RatingModel<PartPairParameters> {
  return bradleyTerryPartFrom(parameters, 'parameters');
}

/** The Thurstone-Mosteller model, every team against every other (Weng and Lin 2011, algorithm 3). */
export function thurstoneMosteller(
  parameters: Partial<WengLinParameters> = {},
): RatingModel<WengLinParameters> {
  return thurstoneMostellerFrom(parameters, 'parameters');
}

/** The Thurstone-Mosteller model over neighbours in the ranking, the comparisons averaged. */
export function thurstoneMostellerPart(
  parameters: Partial<PartPairParameters> = {},
): RatingModel<PartPairParameters> {
  return thurstoneMostellerPartFrom(parameters, 'parameters');
}

/** The makers below take values of any type; `path` begins the message of an error. */
export function plackettLuceFrom(given: Partial<WengLinParameters>, path: string) {
  const parameters = completeWengLinParameters(given, path, 0);
  return new WengLinModel(parameters, plackettLuceVariant(parameters));
}

export function bradleyTerryFrom(given: Partial<WengLinParameters>, path: string) {
  const parameters = completeWengLinParameters(given, path, 0);
  return new WengLinModel(parameters, bradleyTerryVariant('bradley-terry', parameters));
}

export function bradleyTerryPartFrom(given: Partial<PartPairParameters>, path: string) {
  const parameters = completePartPairParameters(given, path, 0);
  const variant = bradleyTerryVariant('bradley-terry-part', parameters, parameters.window);
  return new WengLinModel(parameters, variant);
}

export function thurstoneMostellerFrom(given: Partial<WengLinParameters>, path: string) {
  const parameters = completeWengLinParameters(given, path, THURSTONE_MOSTELLER_DRAWS);
  return new WengLinModel(parameters, thurstoneMostellerVariant('thurstone-mosteller', parameters));
}

export function thurstoneMostellerPartFrom(given: Partial<PartPairParameters>, path: string) {
  const parameters = completePartPairParameters(given, path, THURSTONE_MOSTELLER_DRAWS);
  const variant = thurstoneMostellerVariant('thurstone-mosteller-part', parameters, parameters.window);
  return new WengLinModel(parameters, variant);
}
