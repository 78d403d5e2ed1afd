import { exponential } from '../numerics/exponential.js';
import { nextVolatility } from './volatility.js';

/** Points per unit of the paper's internal scale (400 / ln 10, rounded as in the paper). */
export const GLICKO_SCALE = 173.7178;
const THREE_OVER_PI_SQUARED = 0.3039635509270133;
/** Deviations and volatilities beyond this many units are taken to be this large: their squares must stay numbers. */
const LARGEST_DEVIATION = 1e50;
const SMALLEST_VOLATILITY = 1e-50;
/** Strengths beyond this many units are taken to lie there. */
const LARGEST_STRENGTH = 1e100;
/** Results that count more often than this leave no doubt anyway. */
const LARGEST_IMPORTANCE = 1e50;

/** Points to internal units, within bounds. */
export function toStrength(points: number): number {
  return Math.max(-LARGEST_STRENGTH, Math.min(LARGEST_STRENGTH, points / GLICKO_SCALE));
}

/** A rating deviation in points to internal units, within bounds. */
export function toDeviation(points: number): number {
  return Math.min(LARGEST_DEVIATION, points / GLICKO_SCALE);
}

/** What the games of a period say of one player: sums over the games, each to be weighed by how much of it counts. */
export interface Evidence {
  /** Sum of g (s - E): what was scored beyond what was expected. */
  score: number;
  /** Sum of g^2 E (1 - E): 1/v in the paper. */
  information: number;
}

/** The factor g by which the opponent's uncertainty (`variance`, internal units squared) flattens an expected score. */
export function flattening(variance: number): number {
  return 1 / Math.sqrt(1 + THREE_OVER_PI_SQUARED * variance);
}

/**
 * Adds one game: `difference` of strengths and the `variance` of all skills in it but the player's own, internal units; `outcome`
 * 1, 0.5 or 0 (or between); `part` scales the player's share in the difference, `importance` what counts of the evidence.
 */
export function addGame(
  evidence: Evidence,
  difference: number,
  variance: number,
  outcome: number,
  part: number,
  importance: number,
): void {
  const g = flattening(variance);
  const x = g * difference;
  const odds = exponential(-Math.abs(x));
  const likelier = 1 / (1 + odds);
  const unlikelier = odds * likelier;
  const expected = x >= 0 ? likelier : unlikelier;
  // Without cancellation where the result was all but certain.
  const surprise = outcome === 1 ? (x >= 0 ? unlikelier : likelier) : outcome - expected;
  const weight = part * g;
  const counted = Math.min(importance, LARGEST_IMPORTANCE) * weight;
  evidence.score += counted * surprise;
  evidence.information += counted * weight * likelier * unlikelier;
}

/** A player's new numbers, filled by {@link endPeriod}. */
export interface PlayerState {
  mu: number;
  sigma: number;
  volatility: number;
}

/**
 * Glickman 2013, steps 5 to 8, in place: volatility, deviation and rating after a period with this evidence. `cap` is the largest
 * deviation, in points; who has a larger one already keeps to that.
 *
 * @param share of the evidence that counts for the volatility: less than 1 where the games are not independent of each other
 */
export function endPeriod(
  player: PlayerState,
  evidence: Evidence,
  tau: number,
  cap: number,
  share = 1,
): void {
  const deviation = toDeviation(player.sigma);
  const variance = deviation * deviation;
  const { score, information } = evidence;
  const before = Math.max(SMALLEST_VOLATILITY, Math.min(LARGEST_DEVIATION, player.volatility));
  const played = score !== 0 || information !== 0;
  const volatility =
    played && tau > 0 ? nextVolatility(before, variance, score * share, information * share, tau) : before;
  const grown = variance + volatility * volatility;
  const after = grown / (1 + grown * information);
  const mu = player.mu + after * score * GLICKO_SCALE;
  player.mu = Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, mu));
  player.sigma = Math.min(Math.max(cap, player.sigma), Math.sqrt(after) * GLICKO_SCALE);
  player.volatility = played && tau > 0 ? volatility : player.volatility;
}
