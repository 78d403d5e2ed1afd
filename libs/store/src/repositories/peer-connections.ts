import type { PeerConnection } from '../entities/peer-connection.js';
import { json, type JsonText } from '../sql/text.js';
import type { ReadTx, Tx } from '../sql/tx.js';

export type { PeerConnection } from '../entities/peer-connection.js';

const COLUMNS = { peer_id: 'text', connection_id: 'text' } as const;

/** Notes that these are now the newest connections of their peers. The last to be noted counts, whatever any clock says. */
export async function note(tx: Tx, connections: readonly PeerConnection[]): Promise<void> {
  // In one order, so that nodes that note the same peers do not wait for each other.
  const rows = [...new Map(connections.map((one) => [one.peerId, one])).values()].sort((a, b) =>
    a.peerId < b.peerId ? -1 : 1,
  );
  if (rows.length === 0) return;
  await tx.run(
    `INSERT INTO peer_connection (peer_id, connection_id)
     SELECT r.peer_id, r.connection_id FROM ${tx.dialect.recordset('r', '$1', COLUMNS)} WHERE true
     ON CONFLICT (peer_id) DO UPDATE SET connection_id = excluded.connection_id`,
    [rowsOf(rows)],
  );
}

/** Those of these connections, by peer, that are no longer the newest of theirs. A peer that was never noted has none. */
export async function superseded(tx: ReadTx, connections: readonly PeerConnection[]): Promise<string[]> {
  const rows = await tx.rows<{ peerId: string }>(
    `SELECT n.peer_id AS "peerId" FROM ${tx.dialect.recordset('r', '$1', COLUMNS)}
     JOIN peer_connection n ON n.peer_id = r.peer_id WHERE n.connection_id <> r.connection_id`,
    [rowsOf(connections)],
  );
  return rows.map((row) => row.peerId);
}

function rowsOf(connections: readonly PeerConnection[]): JsonText {
  return json(
    connections.map(({ peerId, connectionId }) => ({ peer_id: peerId, connection_id: connectionId })),
  );
}
