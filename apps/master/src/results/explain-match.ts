import { explain, type Explanation, type Rating, type RatingModel } from '@ranked/rating';
import type { Match } from '@ranked/store';
import { byTeam, matchInput, type RatingCircumstances } from '../rating/match-input.js';
import { storedRating } from '../rating/stored-rating.js';

/** The chances of n teams take time as n³: some 3 ms for 16, and for 64 a tenth of a second, for which nothing else would go on. */
const MOST_TEAMS = 16;

/**
 * Why a finished match changed its players' ratings, from what is stored of it. Its players are in the order of
 * `match.players` within each team.
 *
 * @returns undefined for a match that is not rated, does not count any more, or has more teams than are explained
 */
export function explainMatch(
  match: Match,
  model: RatingModel,
  circumstances: RatingCircumstances,
): Explanation | undefined {
  if (match.state !== 'finished' || match.players.some(({ team }) => team >= MOST_TEAMS)) return undefined;
  const seats = match.players.flatMap(({ team, idleMs, playFraction, ...player }) => {
    const { muBefore, sigmaBefore, muAfter, sigmaAfter } = player;
    if (muBefore === null || sigmaBefore === null || muAfter === null || sigmaAfter === null) return [];
    const before: Rating = storedRating(muBefore, sigmaBefore, player.volatilityBefore);
    const after: Rating = storedRating(muAfter, sigmaAfter, player.volatilityAfter);
    return [{ team, idleMs, playFraction, before, after }];
  });
  if (seats.length !== match.players.length) return undefined;
  const count = Math.max(...seats.map(({ team }) => team)) + 1;
  const results = byTeam(match.players, count).map(([player]) => ({
    rank: player?.rank ?? 0,
    score: player?.score ?? null,
  }));
  const teams = byTeam(seats, count);
  return explain(
    model,
    matchInput(model, circumstances, results, seats),
    { teams: teams.map((team) => team.map(({ after }) => after)) },
    { previous: teams.map((team) => team.map(({ before }) => before)) },
  );
}
