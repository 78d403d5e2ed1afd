import type { FlatMatch } from '../kernel.js';
import type { Glicko2Parameters } from './parameters.js';
import { addGame, toDeviation, toStrength, type Evidence } from './player-update.js';

/** Strength and uncertainty of the teams of a match, in internal units. */
export interface TeamSums {
  /**
   * Per team: the mean of what its players are above a new player, each counted by the share of the match he played, and what
   * their number is worth.
   */
  strengths: Float64Array;
  /** Per team: the variance of that mean. */
  variances: Float64Array;
}

/** Room for this many teams. */
export function emptyTeamSums(teams: number): TeamSums {
  return { strengths: new Float64Array(teams), variances: new Float64Array(teams) };
}

/** Fills the sums from a match. */
export function loadTeamSums(sums: TeamSums, match: FlatMatch, parameters: Glicko2Parameters): void {
  const { mu, sigma, teamEnds, hasPlayFraction, playFraction } = match;
  const worth = toStrength(parameters.playerWorth);
  const advantage = toStrength(parameters.hostAdvantage);
  let j = 0;
  for (let i = 0; i < match.teams; i++) {
    let strength = i === match.host ? advantage : 0;
    let variance = 0;
    const end = teamEnds[i] as number;
    const players = end - j;
    for (; j < end; j++) {
      const part = hasPlayFraction ? (playFraction[j] as number) : 1;
      const deviation = (part / players) * toDeviation(sigma[j] as number);
      strength += (part / players) * toStrength((mu[j] as number) - parameters.mu) + part * worth;
      variance += deviation * deviation;
    }
    sums.strengths[i] = strength;
    sums.variances[i] = variance;
  }
}

/**
 * What a match says of one player: a game against each of the other teams. The team with the better mean wins; all skills but the
 * player's own count together as one composite opponent, whose uncertainty flattens the expectation.
 */
export function addMatch(
  evidence: Evidence,
  match: FlatMatch,
  sums: TeamSums,
  team: number,
  player: number,
): void {
  const { teamEnds, ranks, importance, sigma, hasPlayFraction, playFraction } = match;
  const players = (teamEnds[team] as number) - (team === 0 ? 0 : (teamEnds[team - 1] as number));
  const part = (hasPlayFraction ? (playFraction[player] as number) : 1) / players;
  let mates = 0;
  if (players > 1) {
    const own = part * toDeviation(sigma[player] as number);
    mates = Math.max(0, (sums.variances[team] as number) - own * own);
  }
  for (let other = 0; other < match.teams; other++) {
    if (other === team) continue;
    const ahead = (ranks[other] as number) - (ranks[team] as number);
    addGame(
      evidence,
      (sums.strengths[team] as number) - (sums.strengths[other] as number),
      mates + (sums.variances[other] as number),
      ahead > 0 ? 1 : ahead === 0 ? 0.5 : 0,
      part,
      importance,
    );
  }
}
