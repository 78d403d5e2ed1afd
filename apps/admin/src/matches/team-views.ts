import { ratingModel, type Rating, type RatingModel } from '@ranked/rating';
import { ratings, type JsonValue, type Match, type MatchPlayer, type ReadTx } from '@ranked/store';
import type { MatchTeam } from '../api/contract.js';
import type { QueueBook } from '../queues/queue-book.js';

const LIVE: ReadonlySet<string> = new Set(['checking', 'reserving', 'ready', 'running']);

/** The ratings with which the players of a live match go into it, by account; empty for any other, which keeps them itself. */
export async function presentRatings(
  tx: ReadTx,
  match: Match,
  book: QueueBook,
): Promise<ReadonlyMap<string, Rating>> {
  const model = book.of(match.queue)?.model;
  if (model === undefined || !LIVE.has(match.state)) return new Map();
  const accountIds = match.players.map(({ accountId }) => accountId);
  const rows = await ratings.forAccounts(tx, match.queue, accountIds, model.initial());
  return new Map(
    rows.map(({ accountId, mu, sigma, volatility }) => [
      accountId,
      { mu, sigma, ...(volatility !== null && { volatility }) },
    ]),
  );
}

/**
 * The teams of a match, with their odds by the ratings before it and the rules it is rated by.
 * @param present see {@link presentRatings}
 */
export function teamViews(
  match: Match,
  rules: JsonValue,
  { book, present }: { book: QueueBook; present: ReadonlyMap<string, Rating> },
): MatchTeam[] {
  const teams = byTeam(match.players);
  const before = (player: MatchPlayer): Rating | undefined =>
    ratingBefore(player) ?? present.get(player.accountId);
  const odds = oddsOf(
    teams.map((players) => players.map(before)),
    modelOf(rules),
  );
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
      before: displayed(book, match.queue, before(player)),
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
function ratingBefore({
  muBefore: mu,
  sigmaBefore: sigma,
  volatilityBefore: volatility,
}: MatchPlayer): Rating | undefined {
  return mu === null || sigma === null
    ? undefined
    : { mu, sigma, ...(volatility !== null && { volatility }) };
}

function displayed(book: QueueBook, queue: string, rating: Rating | undefined): number | null {
  return rating === undefined ? null : book.display(queue, rating.mu, rating.sigma);
}

function oddsOf(
  teams: readonly (readonly (Rating | undefined)[])[],
  model: RatingModel | undefined,
): readonly number[] | undefined {
  if (!model || teams.length < 2) return undefined;
  const before: Rating[][] = [];
  for (const players of teams) {
    const known = players.filter((rating) => rating !== undefined);
    if (known.length !== players.length) return undefined;
    before.push(known);
  }
  try {
    return model.predict(before).win;
  } catch {
    return undefined;
  }
}
