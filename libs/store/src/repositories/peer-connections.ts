import type { PeerConnection } from '../entities/peer-connection.js';
import { json, type JsonText } from '../sql/text.js';
import type { ReadTx, Tx } from '../sql/tx.js';

/** A connection, and whose it is. */
export type ConnectionOfPeer = Pick<PeerConnection, 'peerId' | 'connectionId'>;

/** A connection, and how long it has been open by now, ms. */
export interface OpenConnection extends ConnectionOfPeer {
  readonly openMs: number;
}

const COLUMNS = { peer_id: 'text', connection_id: 'text' } as const;

const SQLITE_NOW = `CAST(unixepoch('subsec') * 1000 AS integer)`;
/** When the database got the statement, ms by its own clock, the only one that all nodes share. */
const SENT = {
  sqlite: SQLITE_NOW,
  postgres: 'CAST(extract(epoch FROM statement_timestamp()) * 1000 AS bigint)',
} as const;
/** The same clock where a row is judged, for which the statement may have waited. */
const BY_NOW = {
  sqlite: SQLITE_NOW,
  postgres: 'CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint)',
} as const;

/**
 * Notes that these are now the newest connections of their peers, but for those whose peer has a newer one noted: a note
 * may come late. Of two opened in the same millisecond the last to be noted counts. A time that lies ahead, left by a
 * database's clock that was set back, keeps nobody out.
 */
export async function note(tx: Tx, connections: readonly OpenConnection[]): Promise<void> {
  // In one order, so that nodes that note the same peers do not wait for each other.
  const rows = [...new Map(connections.map((one) => [one.peerId, one])).values()].sort((a, b) =>
    a.peerId < b.peerId ? -1 : 1,
  );
  if (rows.length === 0) return;
  await tx.run(
    `INSERT INTO peer_connection (peer_id, connection_id, opened_at)
     SELECT r.peer_id, r.connection_id, ${SENT[tx.dialect.name]} - r.open_ms
     FROM ${tx.dialect.recordset('r', '$1', { ...COLUMNS, open_ms: 'int' })} WHERE true
     ON CONFLICT (peer_id) DO UPDATE SET connection_id = excluded.connection_id, opened_at = excluded.opened_at
     WHERE peer_connection.opened_at <= excluded.opened_at OR peer_connection.opened_at > ${BY_NOW[tx.dialect.name]}`,
    [
      json(
        rows.map(({ peerId, connectionId, openMs }) => ({
          peer_id: peerId,
          connection_id: connectionId,
          open_ms: Math.max(0, Math.round(openMs)),
        })),
      ),
    ],
  );
}

/** Those of these connections, by peer, that are no longer the newest of theirs. A peer that was never noted has none. */
export async function superseded(tx: ReadTx, connections: readonly ConnectionOfPeer[]): Promise<string[]> {
  const rows = await tx.rows<{ peerId: string }>(
    `SELECT n.peer_id AS "peerId" FROM ${tx.dialect.recordset('r', '$1', COLUMNS)}
     JOIN peer_connection n ON n.peer_id = r.peer_id WHERE n.connection_id <> r.connection_id`,
    [rowsOf(connections)],
  );
  return rows.map((row) => row.peerId);
}

/**
 * Forgets connections that were opened more than `openedMs` ago, at most `limit` of them, oldest first; gives their number.
 * One that is open still loses nothing: its peer's next one is noted as ever.
 */
export function removeOld(tx: Tx, openedMs: number, limit: number): Promise<number> {
  // Said twice: PostgreSQL looks at a row that was noted anew meanwhile only by the outer condition.
  const isOld = `opened_at < ${SENT[tx.dialect.name]} - $1`;
  return tx.run(
    `DELETE FROM peer_connection WHERE ${isOld} AND peer_id IN (
       SELECT n.peer_id FROM peer_connection n WHERE n.${isOld} ORDER BY n.opened_at, n.peer_id LIMIT $2)`,
    [openedMs, limit],
  );
}

function rowsOf(connections: readonly ConnectionOfPeer[]): JsonText {
  return json(
    connections.map(({ peerId, connectionId }) => ({ peer_id: peerId, connection_id: connectionId })),
  );
}
