import { json } from '../sql/text.js';
import type { ReadTx, Tx } from '../sql/tx.js';
import type { MatchState } from '../entities/game-match.js';
import { LIVE, selectMatches } from './matches/match-rows.js';
import type { Match } from './matches/match-rows.js';

/** A server's acknowledgement of the players of a match, with the token generations that it was sent. */
export interface AllowAck {
  readonly matchId: string;
  readonly serverId: string;
  readonly attempt: number;
  /** Until when the match must have started if this makes it `ready`, ms. */
  readonly reserveExpiresAt: number;
  readonly players: readonly { readonly id: string; readonly generation: number }[];
}

/** A player who was told where to play. */
export interface FoundNotice {
  readonly matchId: string;
  readonly playerId: string;
  /** The token generation that he was told. */
  readonly generation: number;
}

/** A match that entered its present state lately. */
export interface ChangedMatch {
  readonly id: string;
  readonly state: MatchState;
}

/**
 * Live matches of these servers, each with its attempt, whose players have to be sent to the server: those that it has not
 * acknowledged, and those of which a player has a newer token than the server knows; none in `checking`. Oldest first.
 */
export function allowsDue(
  tx: ReadTx,
  wanted: { serverIds: readonly string[]; limit: number },
): Promise<{ readonly id: string; readonly attempt: number }[]> {
  return tx.rows(
    `SELECT m.id, m.attempt FROM game_match m
     WHERE ${tx.dialect.among('m.server_id', '$1')} AND m.${LIVE} AND m.state <> 'checking' AND EXISTS (
       SELECT 1 FROM match_player p WHERE p.match_id = m.id AND p.token_generation > p.allowed_generation)
     ORDER BY m.created_at, m.id LIMIT $2`,
    [json(wanted.serverIds), wanted.limit],
  );
}

/**
 * Notes what servers acknowledged, in three statements for all: `reserving` becomes `ready`, and the generations
 * that were sent are allowed now. An Ack of a server or attempt that the match has left changes nothing.
 * @returns the ids of the matches whose Ack counted
 */
export async function recordAllowed(tx: Tx, acks: readonly AllowAck[]): Promise<string[]> {
  const now = tx.now();
  const columns = { id: 'text', server_id: 'text', attempt: 'int', reserve_expires_at: 'int' } as const;
  const rows = json(
    acks.map((ack) => ({
      id: ack.matchId,
      server_id: ack.serverId,
      attempt: ack.attempt,
      reserve_expires_at: ack.reserveExpiresAt,
    })),
  );
  const ofAck =
    'game_match.id = r.id AND game_match.server_id = r.server_id AND game_match.attempt = r.attempt';
  await tx.run(
    `UPDATE game_match SET state = 'ready', state_since = $2, allow_acked_at = $2,
       reserve_expires_at = r.reserve_expires_at
     FROM ${tx.dialect.recordset('r', '$1', columns)} WHERE ${ofAck} AND game_match.state = 'reserving'`,
    [rows, now],
  );
  const counted = await tx.rows<{ id: string }>(
    `SELECT game_match.id FROM ${tx.dialect.recordset('r', '$1', columns)} JOIN game_match ON ${ofAck}
     WHERE game_match.state IN ('ready', 'running')`,
    [rows],
  );
  const ids = new Set(counted.map((row) => row.id));
  const players = acks
    .filter((ack) => ids.has(ack.matchId))
    .flatMap((ack) => ack.players.map(({ id, generation }) => ({ match_id: ack.matchId, id, generation })));
  await tx.run(
    `UPDATE match_player SET allowed_generation = r.generation
     FROM ${tx.dialect.recordset('r', '$1', { match_id: 'text', id: 'text', generation: 'int' })}
     WHERE match_player.match_id = r.match_id AND match_player.id = r.id
       AND match_player.allowed_generation < r.generation AND r.generation <= match_player.token_generation`,
    [json(players)],
  );
  return [...ids];
}

/**
 * Gives those of these accounts who are in a `ready` or `running` match a new token: the older one is void as soon
 * as the server has acknowledged the new one, and only then they are told. In `reserving` nobody has a token yet.
 * @returns who they are, and their matches
 */
export function bumpTokens(
  tx: Tx,
  accountIds: readonly string[],
): Promise<{ readonly accountId: string; readonly matchId: string }[]> {
  return tx.rows(
    `UPDATE match_player SET token_generation = token_generation + 1, found_sent_at = NULL
     FROM queue_entry q JOIN game_match m ON m.id = q.match_id
     WHERE ${tx.dialect.among('q.account_id', '$1')} AND match_player.match_id = q.match_id
       AND match_player.account_id = q.account_id AND m.state IN ('ready', 'running')
     RETURNING match_player.account_id AS "accountId", match_player.match_id AS "matchId"`,
    [json(accountIds)],
  );
}

/**
 * Of these matches, those that are `ready` or `running` and have players who were not told of their present token,
 * although the server knows it: `foundSentAt` null, `allowedGeneration` equal to `tokenGeneration`.
 */
export function foundDue(tx: ReadTx, matchIds: readonly string[]): Promise<Match[]> {
  return selectMatches(
    tx,
    `WHERE ${tx.dialect.among('m.id', '$1')} AND m.state IN ('ready', 'running') AND EXISTS (
       SELECT 1 FROM match_player p WHERE p.match_id = m.id AND p.found_sent_at IS NULL
         AND p.allowed_generation = p.token_generation)
     ORDER BY m.created_at, m.id`,
    [json(matchIds)],
  );
}

/** Those of these accounts whose `ready` or `running` match has not been told to them, whether or not it can be yet. */
export function untold(
  tx: ReadTx,
  accountIds: readonly string[],
): Promise<{ readonly accountId: string; readonly matchId: string }[]> {
  return tx.rows(
    `SELECT q.account_id AS "accountId", q.match_id AS "matchId"
     FROM queue_entry q JOIN game_match m ON m.id = q.match_id
     JOIN match_player p ON p.match_id = q.match_id AND p.account_id = q.account_id
     WHERE ${tx.dialect.among('q.account_id', '$1')} AND m.state IN ('ready', 'running') AND p.found_sent_at IS NULL`,
    [json(accountIds)],
  );
}

/** Marks players as told of one generation of their token; gives the number of those for whom it is the present one. */
export function markFoundSent(tx: Tx, notices: readonly FoundNotice[]): Promise<number> {
  return tx.run(
    `UPDATE match_player SET found_sent_at = $2
     FROM ${tx.dialect.recordset('r', '$1', { match_id: 'text', id: 'text', generation: 'int' })}
     WHERE match_player.match_id = r.match_id AND match_player.id = r.id
       AND match_player.token_generation = r.generation AND match_player.found_sent_at IS NULL`,
    [
      json(
        notices.map(({ matchId, playerId, generation }) => ({ match_id: matchId, id: playerId, generation })),
      ),
      tx.now(),
    ],
  );
}

/**
 * Matches that changed their state at or after `since`, ms, but for `reserving`. The mark is set before its
 * transaction commits: poll with an overlap.
 */
export function changedSince(tx: ReadTx, since: number): Promise<ChangedMatch[]> {
  return tx.rows<ChangedMatch>(
    `SELECT m.id, m.state FROM game_match m WHERE m.state_since >= $1 AND m.state <> 'reserving'
     ORDER BY m.state_since, m.id`,
    [since],
  );
}

/** Matches by id, in no order, with their players. */
export function byIds(tx: ReadTx, ids: readonly string[]): Promise<Match[]> {
  return selectMatches(tx, `WHERE ${tx.dialect.among('m.id', '$1')}`, [json(ids)]);
}

/** Host and port of servers as players reach them, by server id. */
export async function addressesOf(
  tx: ReadTx,
  serverIds: readonly string[],
): Promise<Map<string, { readonly host: string; readonly port: number }>> {
  const rows = await tx.rows<{ id: string; host: string; port: number }>(
    `SELECT s.id, coalesce(c.public_host, s.host) AS host, s.port
     FROM game_server s JOIN certificate c ON c.uuid = s.id WHERE ${tx.dialect.among('s.id', '$1')}`,
    [json(serverIds)],
  );
  return new Map(rows.map(({ id, host, port }) => [id, { host, port }]));
}
