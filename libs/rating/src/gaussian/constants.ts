import { standardDrawMargin } from '../numerics/draw-margin.js';
import type { GaussianParameters } from './parameters.js';

/** What follows from the parameters and is needed for every match; all in the unit of `mu` but the margins. */
export interface GaussianConstants {
  readonly beta: number;
  readonly tau: number;
  /** Variance that one idle day adds. */
  readonly variancePerDay: number;
  /** A new player's deviation: idle time does not lead beyond it. */
  readonly initialSigma: number;
  /** The deviation beyond which matches add nothing: that of a new player who has gone into a match. */
  readonly largestSigma: number;
  /** Draw margin between two teams, and between neighbours among more, in deviations of a performance difference. */
  readonly drawMargin: number;
  readonly tieMargin: number;
  readonly hostAdvantage: number;
  /** What a player adds to the performance of his team apart from his `mu`. */
  readonly playerOffset: number;
  readonly scoreWorth: number;
  readonly scoreNoise: number;
}

export function constantsOf(parameters: GaussianParameters): GaussianConstants {
  const { sigma, beta, tau, tauPerDay, drawProbability, tieProbability } = parameters;
  return {
    beta,
    tau,
    variancePerDay: tauPerDay * tauPerDay,
    initialSigma: sigma,
    largestSigma: Math.sqrt(sigma * sigma + tau * tau),
    drawMargin: standardDrawMargin(drawProbability),
    tieMargin: standardDrawMargin(tieProbability),
    hostAdvantage: parameters.hostAdvantage,
    playerOffset: parameters.playerWorth - parameters.mu,
    scoreWorth: parameters.scoreWorth,
    scoreNoise: parameters.scoreNoise,
  };
}
