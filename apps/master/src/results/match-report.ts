import type { MatchReport } from '@ranked/protocol';
import type { RatingModel } from '@ranked/rating';
import type { Match, MatchPlayer } from '@ranked/store';
import { teamsOf } from '../matchmaking/allow-message.js';
import { outcomeOf } from './outcome.js';

/** What one player is told of a match that ended: finished and rated, or abandoned (`void`). */
export function matchReport(match: Match, player: MatchPlayer, model: RatingModel): MatchReport {
  const teams = teamsOf(match);
  const ranks = teams.map((team) => team[0]?.rank ?? 0);
  const rated = match.state === 'finished';
  const own = rated ? ratingOf(player, model) : undefined;
  return {
    matchId: match.id,
    queue: match.queue,
    team: player.team,
    outcome: rated ? outcomeOf(player.rank ?? 0, ranks) : 'void',
    teams: teams.map((team, index) => {
      const score = team[0]?.score ?? undefined;
      return {
        rank: ranks[index] ?? 0,
        ...(score !== undefined && { score }),
        players: team.map((member) => {
          const rating = rated ? ratingOf(member, model) : undefined;
          return {
            name: member.name,
            ...(rating && { ratingBefore: rating.before, ratingAfter: rating.after }),
          };
        }),
      };
    }),
    ...(own && { rating: own }),
  };
}

function ratingOf(player: MatchPlayer, model: RatingModel): MatchReport['rating'] {
  const { muBefore, sigmaBefore, muAfter, sigmaAfter } = player;
  if (muBefore === null || sigmaBefore === null || muAfter === null || sigmaAfter === null) return undefined;
  return {
    before: model.displayRating({ mu: muBefore, sigma: sigmaBefore }),
    after: model.displayRating({ mu: muAfter, sigma: sigmaAfter }),
    mu: muAfter,
    sigma: sigmaAfter,
  };
}
