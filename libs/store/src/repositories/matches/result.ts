import type { RatingRow } from '../../entities/rating-row.js';
import { canonicalJson, resultDigest } from '../../result-digest.js';
import type { JsonValue } from '../../result-digest.js';
import type { ReadTx, Tx } from '../../sql/tx.js';
import { columnList } from '../../sql/snake-naming.js';
import { valuesList } from '../../sql/values-list.js';
import { inForce, presentSecond } from '../certificate-in-force.js';
import * as ratings from '../ratings.js';
import type { MatchRefusal } from './lifecycle.js';
import { MATCH_COLUMNS, matchOf, PLAYER_COLUMNS, playerOf, takenBy } from './match-rows.js';
import type { Match, MatchPlayer, RawMatch, RawPlayer } from './match-rows.js';

/** All that rating a match needs. */
export interface MatchToRate {
  readonly match: Match;
  /** The rules that it was made under. */
  readonly rules: JsonValue;
  /** Digest of the result that it already has; null before. */
  readonly resultDigest: string | null;
  /** Whether the certificate of the match's server is in force now. */
  readonly isServerInForce: boolean;
  /** Present ratings, in the order of `match.players`. */
  readonly ratings: RatingRow[];
}

/**
 * What a match did to one player; `id` is the per-match id, `rank` that of his team, 0 the best. Ratings are in the unit of the queue's
 * model: those before are as his match before left them, `idleMs` ago. `playFraction`: 0 to 1, the part that he played.
 */
export interface PlayerResult {
  readonly id: string;
  readonly rank: number;
  readonly score?: number | null;
  readonly muBefore: number;
  readonly sigmaBefore: number;
  readonly volatilityBefore?: number | null;
  readonly idleMs?: number | null;
  readonly muAfter: number;
  readonly sigmaAfter: number;
  readonly volatilityAfter?: number | null;
  readonly tierBefore?: string | null;
  readonly tierAfter?: string | null;
  readonly playFraction?: number | null;
  readonly stats?: Readonly<Record<string, number>> | null;
}

const PLAYER_TYPES = [
  'text',
  'int',
  'real',
  'real',
  'real',
  'real',
  'real',
  'real',
  'text',
  'real',
  'real',
  'int',
  'text',
  'text',
] as const;

/** A rating that nobody looks at. */
const NOBODY = { mu: 0, sigma: 0 };

const RATING_NAMES = [
  'mu',
  'sigma',
  'volatility',
  'games',
  'wins',
  'display',
  'lastMatchAt',
  'tier',
] as const;

/** A player with his rating in the match's queue; all of it is null where he has none. */
type RatedPlayer = RawPlayer & {
  readonly [Name in (typeof RATING_NAMES)[number]]: RatingRow[Name] | null;
};

/**
 * Reads a match for rating and locks its row for the rest of the transaction. Two statements, since this is what a busy
 * master does most. Null when there is no such match.
 */
export async function forResult(
  tx: Tx,
  matchId: string,
  unrated: ratings.Unrated,
): Promise<MatchToRate | null> {
  const [row] = await tx.rows<RawMatch & { rules: string; resultDigest: string | null; isInForce: number }>(
    `SELECT ${MATCH_COLUMNS}, m.result_digest AS "resultDigest",
       (SELECT r.rules FROM match_rules r WHERE r.digest = m.rules_digest) AS rules,
       (SELECT count(*) FROM certificate c WHERE c.uuid = m.server_id AND ${inForce('$2')}) AS "isInForce"
     FROM game_match m WHERE m.id = $1${tx.dialect.forUpdate}`,
    [matchId, presentSecond(tx)],
  );
  if (row === undefined) return null;
  const { rules, resultDigest: digest, isInForce, ...match } = row;
  const players = await tx.rows<RatedPlayer>(
    `SELECT ${PLAYER_COLUMNS}, a.display_name AS name, ${columnList('r', RATING_NAMES)}
     FROM match_player p JOIN account a ON a.id = p.account_id
     LEFT JOIN rating r ON r.account_id = p.account_id AND r.queue = $2
     WHERE p.match_id = $1 ORDER BY p.team, p.position`,
    [matchId, match.queue],
  );
  const parts = players.map((player) => apart(player, match.queue, unrated));
  return {
    match: matchOf(
      match,
      parts.map((part) => part.player),
    ),
    rules: JSON.parse(rules) as JsonValue,
    resultDigest: digest,
    isServerInForce: isInForce === 1,
    ratings: parts.map((part) => part.rating),
  };
}

/** A row of both, as the player and his rating. */
function apart(
  row: RatedPlayer,
  queue: string,
  unrated: ratings.Unrated,
): { readonly player: MatchPlayer; readonly rating: RatingRow } {
  const { accountId, mu, sigma, volatility, games, wins, display, lastMatchAt, tier } = row;
  const rating =
    mu === null || sigma === null
      ? ratings.none(accountId, queue, unrated)
      : {
          accountId,
          queue,
          mu,
          sigma,
          volatility,
          games: games ?? 0,
          wins: wins ?? 0,
          display: display ?? 0,
          lastMatchAt,
          tier,
        };
  return { player: playerOf(row), rating };
}

/**
 * Takes the result of a running match: `running` → `finished`, the players' parts written, the players free.
 * Changes nothing unless it says `finished`; only then may the caller write ratings, in the same transaction.
 * `duplicate`: it already has this very result. `conflict`: it has another. `bad_roster`: `players` are not
 * exactly those of the match.
 * @param outcome `match`: as {@link forResult} gave it in this very transaction, read here unless given; `at`: when it
 *   ended, ms, now unless given
 */
export async function finish(
  tx: Tx,
  outcome: {
    matchId: string;
    serverId: string;
    result: JsonValue;
    players: readonly PlayerResult[];
    match?: MatchToRate | null;
    at?: number;
  },
): Promise<'finished' | 'duplicate' | 'conflict' | 'bad_roster' | MatchRefusal> {
  const digest = resultDigest(outcome.result);
  const known = outcome.match === undefined ? await forResult(tx, outcome.matchId, NOBODY) : outcome.match;
  if (known === null) return 'unknown_match';
  const { match } = known;
  if (match.serverId !== outcome.serverId) return 'not_yours';
  if (match.state === 'finished') return known.resultDigest === digest ? 'duplicate' : 'conflict';
  if (match.state !== 'running') return 'bad_state';
  if (!sameIds(match.players, outcome.players)) return 'bad_roster';

  const now = outcome.at ?? tx.now();
  await tx.run(
    `UPDATE match_player SET ended_at = $2, report_due = 1, rank = v.column2, score = v.column3, mu_before = v.column4,
       sigma_before = v.column5, mu_after = v.column6, sigma_after = v.column7, play_fraction = v.column8,
       stats = v.column9, volatility_before = v.column10, volatility_after = v.column11, idle_ms = v.column12,
       tier_before = v.column13, tier_after = v.column14
     FROM (${valuesList(outcome.players.length, PLAYER_TYPES, 3)}) AS v
     WHERE match_player.match_id = $1 AND match_player.id = v.column1`,
    [match.id, now, ...outcome.players.flatMap(playerValues)],
  );
  await tx.run(
    `UPDATE game_match SET state = 'finished', state_since = $2, ended_at = $2, rated_at = $2, end_reason = 'result',
       result = $3, result_digest = $4, server_lost_at = NULL
     WHERE id = $1`,
    [match.id, now, canonicalJson(outcome.result), digest],
  );
  await tx.run(`DELETE FROM queue_entry WHERE ${takenBy('($1)')}`, [match.id]);
  return 'finished';
}

/** The rules that a match was made under; null when there is no such match. */
export async function rulesOf(tx: ReadTx, matchId: string): Promise<JsonValue> {
  const [row] = await tx.rows<{ rules: string }>(
    'SELECT r.rules FROM game_match m JOIN match_rules r ON r.digest = m.rules_digest WHERE m.id = $1',
    [matchId],
  );
  return row === undefined ? null : (JSON.parse(row.rules) as JsonValue);
}

/** The result as the server gave it, and its digest; null before. */
export async function resultOf(
  tx: ReadTx,
  matchId: string,
): Promise<{ readonly result: JsonValue; readonly digest: string } | null> {
  const [row] = await tx.rows<{ result: string; digest: string }>(
    'SELECT m.result, m.result_digest AS digest FROM game_match m WHERE m.id = $1 AND m.result IS NOT NULL',
    [matchId],
  );
  return row === undefined ? null : { result: JSON.parse(row.result) as JsonValue, digest: row.digest };
}

function playerValues(player: PlayerResult): (string | number | null)[] {
  return [
    player.id,
    player.rank,
    player.score ?? null,
    player.muBefore,
    player.sigmaBefore,
    player.muAfter,
    player.sigmaAfter,
    player.playFraction ?? null,
    // The names of stats come from the server; escapes in JSON text are storable whatever they stand for.
    player.stats === undefined || player.stats === null ? null : JSON.stringify(player.stats),
    player.volatilityBefore ?? null,
    player.volatilityAfter ?? null,
    player.idleMs ?? null,
    player.tierBefore ?? null,
    player.tierAfter ?? null,
  ];
}

function sameIds(roster: readonly { id: string }[], players: readonly { id: string }[]): boolean {
  const ids = new Set(players.map((player) => player.id));
  return (
    roster.length === players.length && ids.size === players.length && roster.every(({ id }) => ids.has(id))
  );
}
