import { setImmediate as nextTurn } from 'node:timers/promises';
import { canonicalJson, resultDigest } from '../../result-digest.js';
import type { JsonValue } from '../../result-digest.js';
import { MAX_PACKED_ROWS } from '../../sql/packed-form.js';
import { large, PackedRows, small } from '../../sql/packed-rows.js';
import { json } from '../../sql/text.js';
import type { Tx } from '../../sql/tx.js';
import { StoreError } from '../../store-error.js';
import { takenBy } from './match-rows.js';

/** A match to make: who plays in which team, and where. */
export interface NewMatch {
  /** A fresh UUID; where each is greater than the one before, the rows of a tick are appended and cost a quarter less. */
  readonly id: string;
  readonly serverId: string;
  readonly teams: readonly (readonly {
    /** The per-match id: a fresh UUID. */
    readonly id: string;
    readonly accountId: string;
    /** Number of his queue entry, and since when he waited, ms, as the snapshot of the queue says. */
    readonly entryNo: number;
    readonly queuedAt: number;
  }[])[];
}

const MATCH = new PackedRows({ ids: ['id', 'server_id'] });
const PLAYER = new PackedRows({
  ids: ['match_id', 'id', 'account_id'],
  smalls: ['team', 'position'],
  larges: ['queued_at'],
});
const TAKEN = new PackedRows({ ids: ['account_id', 'match_id'], larges: ['entry_no'] });

/** Rounds that may be with the database while another is built: with one alone it would stand still in between. */
const ROUNDS_AHEAD = 2;

/** Players in the first round, for which the database waits; each has at most twice as many as the one before. */
const FIRST_ROUND = 500;

/** Matches that are taken between two turns of the event loop, which gives the database its next statement. */
const MATCHES_PER_TURN = 50;

/**
 * Makes matches of one queue in three statements per 2,000 players: the matches (`reserving`, or `checking` if asked for; attempt 1), their
 * players, and the queue entries that they take. A match of which a player no longer
 * waits in that queue, under the number that his entry had, is dropped and its other players keep waiting.
 * @param batch `matches` are taken as they are needed, so that who makes them one by one does it while the database is at
 *   work; `rules` is all that rating the matches again would need besides the players; ms for `reserveExpiresAt`
 * @throws StoreError `foreign_key` for a server that never was present
 */
export async function createMany(
  tx: Tx,
  batch: {
    queue: string;
    rules: JsonValue;
    state?: 'checking' | 'reserving';
    reserveExpiresAt: number;
    matches: Iterable<NewMatch>;
  },
): Promise<{ readonly created: string[]; readonly dropped: string[] }> {
  const created: string[] = [];
  const parts = inParts(batch.matches);
  let next = await parts.next();
  if (next.done) return { created, dropped: [] };
  const rulesDigest = resultDigest(batch.rules);
  await tx.run(
    `INSERT INTO match_rules (digest, rules, created_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`,
    [rulesDigest, canonicalJson(batch.rules), tx.now()],
  );
  const servers = new Set<string>();
  const writes: Promise<boolean>[] = [];
  for (; !next.done; next = await parts.next()) {
    const part = next.value;
    const write = insertPart(tx, part, { ...batch, rulesDigest });
    // One that fails is heard of below, where it may not be waited for yet.
    write.catch(() => undefined);
    writes.push(write);
    for (const { id, serverId } of part) {
      created.push(id);
      servers.add(serverId);
    }
    await writes.at(-1 - ROUNDS_AHEAD);
  }
  const [, ...complete] = await Promise.all([assertServers(tx, [...servers]), ...writes]);
  if (complete.every(Boolean)) return { created, dropped: [] };
  const gone = new Set(await dropIncomplete(tx, created));
  return { created: created.filter((id) => !gone.has(id)), dropped: created.filter((id) => gone.has(id)) };
}

/** Few first, and then more and more, up to as many as have their players in one parameter. */
async function* inParts(matches: Iterable<NewMatch>): AsyncGenerator<readonly NewMatch[], undefined> {
  let part: NewMatch[] = [];
  let players = 0;
  let most = FIRST_ROUND;
  let taken = 0;
  for (const match of matches) {
    if (++taken % MATCHES_PER_TURN === 0) await nextTurn();
    const more = match.teams.reduce((sum, { length }) => sum + length, 0);
    if (part.length > 0 && players + more > most) {
      yield part;
      most = Math.min(2 * most, MAX_PACKED_ROWS);
      part = [];
      players = 0;
    }
    part.push(match);
    players += more;
  }
  if (part.length > 0) yield part;
}

/**
 * Inserts matches and their players, and takes the players' queue entries. No statement needs what another wrote, so they are given to the
 * database at once. The players are inserted without a look at their entries, which would take as long as the insertion: that
 * everybody still waited shows in the number of entries that were taken.
 * @returns whether all were
 */
async function insertPart(
  tx: Tx,
  part: readonly NewMatch[],
  batch: { queue: string; rulesDigest: string; state?: 'checking' | 'reserving'; reserveExpiresAt: number },
): Promise<boolean> {
  const match = MATCH.read(tx.dialect, '$1');
  const player = PLAYER.read(tx.dialect, '$1');
  const taken = TAKEN.read(tx.dialect, '$1');
  const entryRows = takenRows(part);
  // All rows first: one that is refused must not leave a statement behind that nobody waits for.
  const matchRows = [...MATCH.parameters(tx.dialect, part.map(matchRow))];
  const players = [...PLAYER.parameters(tx.dialect, playerRows(part))];
  const entries = [...TAKEN.parameters(tx.dialect, entryRows)];
  const inserted = [
    ...matchRows.map((rows) =>
      tx.run(
        `INSERT INTO game_match
           (id, server_id, queue, state, attempt, previous_servers, rules_digest, created_at, state_since, reserve_expires_at)
         SELECT ${match.columns}, CAST($2 AS text), CAST($6 AS text), 1, '[]', CAST($3 AS text),
           CAST($4 AS bigint), CAST($4 AS bigint), CAST($5 AS bigint)
         FROM ${match.source}`,
        [rows, batch.queue, batch.rulesDigest, tx.now(), batch.reserveExpiresAt, batch.state ?? 'reserving'],
      ),
    ),
    ...players.map((rows) =>
      tx.run(
        `INSERT INTO match_player (match_id, id, account_id, team, position, queued_at)
         SELECT ${player.columns} FROM ${player.source}`,
        [rows],
      ),
    ),
  ];
  const taking = entries.map((rows) =>
    tx.run(
      `UPDATE queue_entry SET match_id = ${taken.column.match_id} FROM ${taken.source}
       WHERE queue_entry.entry_no = ${taken.column.entry_no} AND queue_entry.account_id = ${taken.column.account_id}
         AND queue_entry.queue = $2 AND queue_entry.match_id IS NULL`,
      [rows, batch.queue],
    ),
  );
  const [counts] = await Promise.all([Promise.all(taking), ...inserted]);
  return counts.reduce((sum, count) => sum + count, 0) === entryRows.length;
}

function matchRow({ id, serverId }: NewMatch): string {
  return id + serverId;
}

function playerRows(part: readonly NewMatch[]): string[] {
  const rows: string[] = [];
  for (const { id: matchId, teams } of part) {
    teams.forEach((members, team) => {
      members.forEach(({ id, accountId, queuedAt }, position) => {
        rows.push(matchId + id + accountId + small(team) + small(position) + large(queuedAt));
      });
    });
  }
  return rows;
}

/** In the order of the entries' numbers, which is that of their rows and about that of their index. */
function takenRows(part: readonly NewMatch[]): string[] {
  const entries: { readonly entryNo: number; readonly row: string }[] = [];
  for (const { id: matchId, teams } of part) {
    for (const members of teams) {
      for (const { entryNo, accountId } of members) {
        entries.push({ entryNo, row: accountId + matchId + large(entryNo) });
      }
    }
  }
  return entries.sort((one, other) => one.entryNo - other.entryNo).map(({ row }) => row);
}

/** In the place of a foreign key, which is looked up for every match. */
async function assertServers(tx: Tx, ids: readonly string[]): Promise<void> {
  const [known] = await tx.rows<{ n: number }>(
    `SELECT count(*) AS n FROM game_server WHERE ${tx.dialect.among('id', '$1')}`,
    [json(ids)],
  );
  if (known?.n !== ids.length) throw new StoreError('foreign_key', 'a server of a match never was present');
}

async function dropIncomplete(tx: Tx, matchIds: readonly string[]): Promise<string[]> {
  const which = tx.dialect.strings('$1');
  const incomplete = await tx.rows<{ id: string }>(
    `SELECT DISTINCT p.match_id AS id FROM match_player p
     LEFT JOIN queue_entry q ON q.account_id = p.account_id AND q.match_id = p.match_id
     WHERE p.match_id IN ${which} AND q.account_id IS NULL`,
    [json(matchIds)],
  );
  const ids = incomplete.map((row) => row.id);
  await tx.run(`UPDATE queue_entry SET match_id = NULL WHERE ${takenBy(which)}`, [json(ids)]);
  await tx.run(`DELETE FROM match_player WHERE match_id IN ${which}`, [json(ids)]);
  await tx.run(`DELETE FROM game_match WHERE id IN ${which}`, [json(ids)]);
  return ids;
}
