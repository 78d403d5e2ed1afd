import type { HistoryMatch } from '@ranked/rating';
import type { RatedMatchRow, RatedPlayer } from '@ranked/store';
import { byTeam, hostOf, usableScores, type RatingCircumstances, type TeamResult } from './match-input.js';

/** Whether a finished match counts. One that an operator took out has no ratings in it. */
export function counts(match: RatedMatchRow): boolean {
  return match.players.some(({ muAfter }) => muAfter !== null);
}

/** The players of a match by team, and each team's result, which every one of its players has. */
export function stored(match: RatedMatchRow): { teams: RatedPlayer[][]; results: TeamResult[] } {
  const teams = byTeam(match.players, Math.max(...match.players.map(({ team }) => team)) + 1);
  return {
    teams,
    results: teams.map(([player]) => ({ rank: player?.rank ?? 0, score: player?.score ?? null })),
  };
}

/** A stored match for a history of @ranked/rating: players are accounts. Scores are given where they can be used. */
export function historyMatch(
  match: RatedMatchRow,
  { host, matchImportance }: RatingCircumstances,
): HistoryMatch {
  const { teams, results } = stored(match);
  const scores = usableScores(results);
  const playFraction = teams.map((team) => team.map((player) => player.playFraction ?? 1));
  return {
    id: match.id,
    at: match.ratedAt,
    teams: teams.map((team) => team.map(({ accountId }) => accountId)),
    ranks: results.map(({ rank }) => rank),
    ...(scores && { scores }),
    ...hostOf(host, teams.length),
    ...(playFraction.flat().some((fraction) => fraction !== 1) && { playFraction }),
    ...(matchImportance !== undefined && { matchImportance }),
  };
}
