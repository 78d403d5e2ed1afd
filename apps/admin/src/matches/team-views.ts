import { ratingModel, type Rating, type RatingModel } from '@ranked/rating';
import type { JsonValue, Match, MatchPlayer } from '@ranked/store';
import type { MatchTeam } from '../api/contract.js';
import type { QueueBook } from '../queues/queue-book.js';

/** The teams of a match, with the odds that they had by the ratings before it and the rules it was rated by. */
export function teamViews(match: Match, rules: JsonValue, book: QueueBook): MatchTeam[] {
  const teams = byTeam(match.players);
  const odds = oddsOf(teams, modelOf(rules));
  return teams.map((players, team) => ({
    rank: players[0]?.rank ?? null,
    score: players[0]?.score ?? null,
    odds: odds?.[team] ?? null,
    players: players.map((player) => ({
      accountId: player.accountId,
      displayName: player.name,
      playerId: player.id,
      queuedAt: player.queuedAt,
      waitMs: Math.max(0, match.createdAt - player.queuedAt),
      toldAt: player.foundSentAt,
      reportedAt: player.reportedAt,
      requeued: player.requeued,
      before: book.display(match.queue, player.muBefore, player.sigmaBefore),
      after: book.display(match.queue, player.muAfter, player.sigmaAfter),
      playFraction: player.playFraction,
      stats: player.stats,
    })),
  }));
}

function byTeam(players: readonly MatchPlayer[]): MatchPlayer[][] {
  const count = Math.max(0, ...players.map(({ team }) => team + 1));
  return Array.from({ length: count }, (_, team) => players.filter((player) => player.team === team));
}

function modelOf(rules: JsonValue): RatingModel | undefined {
  if (typeof rules !== 'object' || rules === null || !('rating' in rules)) return undefined;
  const { rating } = rules;
  if (
    typeof rating !== 'object' ||
    rating === null ||
    !('model' in rating) ||
    typeof rating.model !== 'string'
  )
    return undefined;
  try {
    return ratingModel({ ...rating, model: rating.model });
  } catch {
    return undefined;
  }
}

/** Only a match that was rated keeps the ratings from before it. */
function oddsOf(
  teams: readonly (readonly MatchPlayer[])[],
  model: RatingModel | undefined,
): readonly number[] | undefined {
  if (!model || teams.length < 2) return undefined;
  const before: Rating[][] = [];
  for (const players of teams) {
    const ratings = players.flatMap(({ muBefore: mu, sigmaBefore: sigma, volatilityBefore: volatility }) =>
      mu === null || sigma === null ? [] : [{ mu, sigma, ...(volatility !== null && { volatility }) }],
    );
    if (ratings.length !== players.length) return undefined;
    before.push(ratings);
  }
  try {
    return model.predict(before).win;
  } catch {
    return undefined;
  }
}
