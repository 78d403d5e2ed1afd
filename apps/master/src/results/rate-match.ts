import type { MatchResult } from '@ranked/protocol';
import type { Rating, RatingModel } from '@ranked/rating';

/** A player of the match as the rating step needs him. */
export interface RatedSeat {
  /** Per-match player id. */
  id: string;
  team: number;
  /** His rating now, read in the transaction that writes the new one. */
  before: Rating;
}

/** What the match did to one player. */
export interface SeatOutcome {
  id: string;
  rank: number;
  score?: number;
  playFraction?: number;
  stats?: Record<string, number>;
  before: Rating;
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
  result: MatchResult,
  seats: readonly RatedSeat[],
): SeatOutcome[] {
  const played = new Map(result.players.map((player) => [player.id, player]));
  const teams = result.teams.map((_, team) => seats.filter((seat) => seat.team === team));
  const rated = model.rate({
    teams: teams.map((team) => team.map((seat) => seat.before)),
    ranks: result.teams.map((team) => team.rank),
    weights: teams.map((team) => team.map((seat) => played.get(seat.id)?.playFraction ?? 1)),
  });
  const after = new Map<string, Rating>();
  teams.forEach((team, t) =>
    team.forEach((seat, s) => after.set(seat.id, rated.teams[t]?.[s] ?? seat.before)),
  );
  return seats.map((seat) => {
    const { rank = 0, score } = result.teams[seat.team] ?? {};
    const { playFraction, stats } = played.get(seat.id) ?? {};
    return {
      id: seat.id,
      rank,
      ...(score !== undefined && { score }),
      ...(playFraction !== undefined && { playFraction }),
      ...(stats !== undefined && { stats }),
      before: seat.before,
      after: after.get(seat.id) ?? seat.before,
    };
  });
}
