import type { RatingModel } from '@ranked/rating';
import type { Match, MatchPlayer } from '@ranked/store';
import type { HistoryItemDto } from './player.dto.js';

/**
 * A match as one of its players sees it afterwards.
 * @param model of the match's queue; undefined if that queue is configured no longer: then no rating points are shown
 */
export function toHistoryItem(
  match: Match,
  self: MatchPlayer,
  model: RatingModel | undefined,
): HistoryItemDto {
  const points = (mu: number | null, sigma: number | null): number | null =>
    model === undefined || mu === null || sigma === null
      ? null
      : Math.round(model.displayRating({ mu, sigma }));
  const teamCount = Math.max(0, ...match.players.map(({ team }) => team + 1));
  const teams = Array.from({ length: teamCount }, (_, index) => {
    const players = match.players.filter(({ team }) => team === index);
    return {
      rank: players[0]?.rank ?? null,
      score: players[0]?.score ?? null,
      players: players.map((player) => ({
        id: player.accountId,
        displayName: player.name,
        ratingBefore: points(player.muBefore, player.sigmaBefore),
        ratingAfter: points(player.muAfter, player.sigmaAfter),
      })),
    };
  });
  return {
    matchId: match.id,
    queue: match.queue,
    outcome: outcomeOf(
      teams.map(({ rank }) => rank),
      self.team,
    ),
    startedAt: match.startedAt,
    endedAt: match.endedAt,
    team: self.team,
    teams,
  };
}

/** The best rank alone wins; shared, it is a draw for those who share it. Without ranks the match did not count. */
function outcomeOf(ranks: (number | null)[], team: number): HistoryItemDto['outcome'] {
  const own = ranks[team];
  const known = ranks.filter((rank) => rank !== null);
  if (own === null || own === undefined || known.length !== ranks.length) return 'void';
  const best = Math.min(...known);
  if (own !== best) return 'loss';
  return known.filter((rank) => rank === best).length > 1 ? 'draw' : 'win';
}
