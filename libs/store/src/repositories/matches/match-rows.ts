import type { GameMatch, MatchState } from '../../entities/game-match.js';
import type { MatchPlayerRow } from '../../entities/match-player.js';
import type { SqlParameter } from '../../sql/connection.js';
import { columnList } from '../../sql/snake-naming.js';
import { json } from '../../sql/text.js';
import type { ReadTx } from '../../sql/tx.js';

/** A player in a match. `id` is the per-match id, the only one that the game server learns. */
export type MatchPlayer = Omit<MatchPlayerRow, 'matchId' | 'endedAt' | 'reportDue'> & {
  /** The account's display name now. */
  readonly name: string;
};

/** A match with its players by team and place. Rules and result are read apart, they are large. */
export type Match = Omit<GameMatch, 'rulesDigest' | 'result' | 'resultDigest'> & {
  readonly players: readonly MatchPlayer[];
};

/** A player together with his match. */
export interface PlayerInMatch {
  readonly match: Match;
  readonly player: MatchPlayer;
}

/** The states in which a match binds its players and a place on its server. */
export const LIVE_STATES = [
  'checking',
  'reserving',
  'ready',
  'running',
] as const satisfies readonly MatchState[];

/** The condition on a match to be in one of them (SQL). Written as in the partial index, or SQLite would not use it. */
export const LIVE = 'ended_at IS NULL';

/** The condition on a match as `m` that it has not begun: it is `checking`, `reserving` or `ready` (SQL, as in the partial index). */
export const PENDING = 'm.started_at IS NULL AND m.ended_at IS NULL';

/**
 * The condition on queue_entry that its match is among `matchIds` (SQL). It goes by the players of the match, since
 * there is no index on `match_id`.
 */
export function takenBy(matchIds: string): string {
  return `match_id IN ${matchIds} AND account_id IN (
    SELECT p.account_id FROM match_player p WHERE p.match_id IN ${matchIds})`;
}

/** 1 for a row of match_player whose player was told of the match (SQL): asked whether he is ready, or told where to play. */
export const KNEW_OF_IT = `CASE WHEN proposed_at IS NOT NULL OR found_sent_at IS NOT NULL OR token_generation > 0 THEN 1 ELSE 0 END`;

/** The SELECT list of a match as `m`. */
export const MATCH_COLUMNS = columnList('m', [
  'id',
  'queue',
  'state',
  'serverId',
  'attempt',
  'previousServers',
  'createdAt',
  'stateSince',
  'reserveExpiresAt',
  'allowAckedAt',
  'startedAt',
  'endedAt',
  'endReason',
  'ratedAt',
  'serverLostAt',
]);

/** The SELECT list of a player as `p`. */
export const PLAYER_COLUMNS = columnList('p', [
  'matchId',
  'id',
  'accountId',
  'team',
  'position',
  'queuedAt',
  'proposedAt',
  'answer',
  'tokenGeneration',
  'allowedGeneration',
  'foundSentAt',
  'reportedAt',
  'requeued',
  'rank',
  'score',
  'muBefore',
  'sigmaBefore',
  'volatilityBefore',
  'idleMs',
  'muAfter',
  'sigmaAfter',
  'volatilityAfter',
  'tierBefore',
  'tierAfter',
  'playFraction',
  'stats',
]);

/** A match as the database gives it: its list of servers still JSON text. */
export type RawMatch = Omit<Match, 'players' | 'previousServers'> & { readonly previousServers: string };
/** A player as the database gives him. */
export type RawPlayer = Omit<MatchPlayer, 'stats' | 'requeued' | 'answer'> & {
  readonly matchId: string;
  readonly answer: number | null;
  readonly stats: string | null;
  readonly requeued: number | null;
};

/**
 * Matches with their players, in two statements. They come as rows and not as one JSON value, since SQLite
 * writes reals into JSON with 15 digits, and ratings must come back as they were stored.
 * @param clause what follows FROM game_match m: joins, WHERE, ORDER BY, LIMIT
 */
export async function selectMatches(
  tx: ReadTx,
  clause: string,
  parameters: readonly SqlParameter[],
): Promise<Match[]> {
  return withPlayers(
    tx,
    await tx.rows<RawMatch>(`SELECT ${MATCH_COLUMNS} FROM game_match m ${clause}`, parameters),
  );
}

/** Adds the players to matches, keeping the order. */
export async function withPlayers(tx: ReadTx, matches: readonly RawMatch[]): Promise<Match[]> {
  if (matches.length === 0) return [];
  const players = await tx.rows<RawPlayer>(
    `SELECT ${PLAYER_COLUMNS}, a.display_name AS name
     FROM match_player p JOIN account a ON a.id = p.account_id WHERE ${tx.dialect.among('p.match_id', '$1')}
     ORDER BY p.match_id, p.team, p.position`,
    [json(matches.map((match) => match.id))],
  );
  const byMatch = new Map<string, MatchPlayer[]>();
  for (const row of players) {
    const roster = byMatch.get(row.matchId);
    if (roster === undefined) byMatch.set(row.matchId, [playerOf(row)]);
    else roster.push(playerOf(row));
  }
  return matches.map((match) => matchOf(match, byMatch.get(match.id) ?? []));
}

/** A player out of his row. Written out, since there may be thousands: what is spread is copied by names that are looked up one by one. */
export function playerOf(row: Omit<RawPlayer, 'matchId'>): MatchPlayer {
  return {
    id: row.id,
    accountId: row.accountId,
    name: row.name,
    team: row.team,
    position: row.position,
    queuedAt: row.queuedAt,
    proposedAt: row.proposedAt,
    answer: row.answer === null ? null : row.answer === 1,
    tokenGeneration: row.tokenGeneration,
    allowedGeneration: row.allowedGeneration,
    foundSentAt: row.foundSentAt,
    reportedAt: row.reportedAt,
    requeued: row.requeued === null ? null : row.requeued === 1,
    rank: row.rank,
    score: row.score,
    muBefore: row.muBefore,
    sigmaBefore: row.sigmaBefore,
    volatilityBefore: row.volatilityBefore,
    idleMs: row.idleMs,
    muAfter: row.muAfter,
    sigmaAfter: row.sigmaAfter,
    volatilityAfter: row.volatilityAfter,
    tierBefore: row.tierBefore,
    tierAfter: row.tierAfter,
    playFraction: row.playFraction,
    stats: row.stats === null ? null : (JSON.parse(row.stats) as Record<string, number>),
  };
}

/** A match out of its row and its players. */
export function matchOf(match: RawMatch, players: readonly MatchPlayer[]): Match {
  return { ...match, previousServers: JSON.parse(match.previousServers) as string[], players };
}

/** The account's own place in each of these matches; a match without him is left out. */
export function ownPlaces(matches: readonly Match[], accountIds: ReadonlySet<string>): PlayerInMatch[] {
  return matches.flatMap((match) =>
    match.players.filter((player) => accountIds.has(player.accountId)).map((player) => ({ match, player })),
  );
}
