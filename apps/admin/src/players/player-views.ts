import { BANNED_FOREVER, type Match, type MatchPlayer, type PlayerSummary } from '@ranked/store';
import type { BanView, PlayerMatch, PlayerPlace, PlayerRow } from '../api/contract.js';
import type { QueueBook } from '../queues/queue-book.js';

/** A player as lists show him. */
export function playerRow(player: PlayerSummary, now: number): PlayerRow {
  const { id, username, displayName, createdAt } = player;
  return { id, username, displayName, createdAt, ban: banOf(player, now), place: placeOf(player) };
}

/** The ban that is in force; null when there is none (any more). */
export function banOf(
  { bannedUntil, banReason }: Pick<PlayerSummary, 'bannedUntil' | 'banReason'>,
  now: number,
): BanView | null {
  if (bannedUntil === null || bannedUntil <= now) return null;
  return { until: bannedUntil >= BANNED_FOREVER ? null : bannedUntil, reason: banReason };
}

function placeOf({ queue, joinedAt, matchId }: PlayerSummary): PlayerPlace {
  if (queue === null || joinedAt === null) return { kind: 'away' };
  return matchId === null ? { kind: 'queue', queue, joinedAt } : { kind: 'match', matchId, queue };
}

/** A match as one of its players had it. */
export function playerMatch(match: Match, self: MatchPlayer, book: QueueBook): PlayerMatch {
  return {
    matchId: match.id,
    queue: match.queue,
    serverId: match.serverId,
    startedAt: match.startedAt,
    endedAt: match.endedAt,
    outcome: outcomeOf(match, self),
    before: book.display(match.queue, self.muBefore, self.sigmaBefore),
    after: book.display(match.queue, self.muAfter, self.sigmaAfter),
  };
}

function outcomeOf(match: Match, self: MatchPlayer): PlayerMatch['outcome'] {
  if (match.state === 'abandoned') return 'abandoned';
  // A match that was taken out of the ratings keeps its ranks and has no ratings.
  if (self.rank === null || self.muAfter === null) return 'void';
  const teams = new Map(match.players.map(({ team, rank }) => [team, rank]));
  const ranks = [...teams.values()].filter((rank) => rank !== null);
  const best = Math.min(...ranks);
  if (self.rank !== best) return 'loss';
  return ranks.filter((rank) => rank === best).length > 1 ? 'draw' : 'win';
}
