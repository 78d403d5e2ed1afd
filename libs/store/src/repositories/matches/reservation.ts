import { json } from '../../sql/text.js';
import type { ReadTx, Tx } from '../../sql/tx.js';
import { LIVE, ownPlaces, selectMatches } from './match-rows.js';
import type { PlayerInMatch } from './match-rows.js';

/** Where a match's server is to be reached by players; `host` is the certificate's public host if it has one. */
export interface ServerAddress {
  readonly host: string;
  readonly port: number;
  readonly online: boolean;
  /** The master node that holds the server's connection. */
  readonly nodeId: string;
}

/** A player's place in a live match, and where that is played. */
export interface LivePlace extends PlayerInMatch {
  readonly server: ServerAddress;
}

/** The live match of an account, to route it back there; null when it is in none. */
export async function liveForAccount(tx: ReadTx, accountId: string): Promise<LivePlace | null> {
  const matches = await selectMatches(
    tx,
    `JOIN queue_entry q ON q.match_id = m.id WHERE q.account_id = $1 AND m.${LIVE}`,
    [accountId],
  );
  const [place] = await withServers(tx, ownPlaces(matches, new Set([accountId])));
  return place ?? null;
}

/**
 * Gives a match in `checking` or `reserving` to another server as its next attempt; the end of a check stays as it was.
 * False when the match is no longer in that attempt.
 */
export async function reassign(
  tx: Tx,
  move: { matchId: string; attempt: number; toServerId: string; reserveExpiresAt: number },
): Promise<boolean> {
  const [row] = await tx.rows<{ previousServers: string; serverId: string }>(
    `SELECT m.previous_servers AS "previousServers", m.server_id AS "serverId" FROM game_match m
     WHERE m.id = $1${tx.dialect.forUpdate}`,
    [move.matchId],
  );
  if (row === undefined) return false;
  const previous = [...(JSON.parse(row.previousServers) as string[]), row.serverId];
  const moved = await tx.run(
    `UPDATE game_match SET server_id = $3, attempt = attempt + 1, previous_servers = $4, state_since = $6,
       reserve_expires_at = CASE WHEN state = 'checking' THEN reserve_expires_at ELSE $5 END, allow_acked_at = NULL
     WHERE id = $1 AND attempt = $2 AND state IN ('checking', 'reserving')`,
    [move.matchId, move.attempt, move.toServerId, json(previous), move.reserveExpiresAt, tx.now()],
  );
  return moved === 1;
}

async function withServers(tx: ReadTx, places: readonly PlayerInMatch[]): Promise<LivePlace[]> {
  if (places.length === 0) return [];
  const servers = await tx.rows<{ id: string; host: string; port: number; online: number; nodeId: string }>(
    `SELECT s.id, coalesce(c.public_host, s.host) AS host, s.port, s.online, s.node_id AS "nodeId"
     FROM game_server s JOIN certificate c ON c.uuid = s.id WHERE ${tx.dialect.among('s.id', '$1')}`,
    [json([...new Set(places.map(({ match }) => match.serverId))])],
  );
  const byId = new Map(
    servers.map(({ id, online, ...address }) => [id, { ...address, online: online === 1 }] as const),
  );
  return places.flatMap((place) => {
    const server = byId.get(place.match.serverId);
    return server === undefined ? [] : [{ ...place, server }];
  });
}
