import type { MatchResult } from '@ranked/protocol';
import type { Rating, RatingModel } from '@ranked/rating';
import { byTeam, matchInput, type RatingCircumstances } from '../rating/match-input.js';

/** A player of the match as the rating step needs him. */
export interface SeatToRate {
  /** Per-match player id. */
  id: string;
  team: number;
  /** His rating now, read in the transaction that writes the new one. */
  before: Rating;
  /** Time since his match before, ms; null if this is the first. */
  idleMs: number | null;
}

/** What the match did to one player. */
export interface SeatOutcome {
  id: string;
  rank: number;
  score?: number;
  playFraction?: number;
  stats?: Record<string, number>;
  before: Rating;
  idleMs: number | null;
  after: Rating;
}

/**
 * Rates a verified result.
 *
 * @param seats every player of the match; the teams are numbered from 0 without gaps
 * @returns one outcome per seat, in the order of `seats`
 */
export function rateMatch(
  model: RatingModel,
  circumstances: RatingCircumstances,
  result: MatchResult,
  seats: readonly SeatToRate[],
): SeatOutcome[] {
  const played = new Map(result.players.map((player) => [player.id, player]));
  const taken = seats.map((seat) => ({ ...seat, playFraction: played.get(seat.id)?.playFraction ?? null }));
  const rated = model.rate(matchInput(model, circumstances, result.teams, taken));
  const after = new Map<string, Rating>();
  byTeam(seats, result.teams.length).forEach((team, t) =>
    team.forEach((seat, s) => after.set(seat.id, rated.teams[t]?.[s] ?? seat.before)),
  );
  return seats.map(({ id, team, before, idleMs }) => {
    const { rank = 0, score } = result.teams[team] ?? {};
    const { playFraction, stats } = played.get(id) ?? {};
    return {
      id,
      rank,
      ...(score !== undefined && { score }),
      ...(playFraction !== undefined && { playFraction }),
      ...(stats !== undefined && { stats }),
      before,
      idleMs,
      after: after.get(id) ?? before,
    };
  });
}
