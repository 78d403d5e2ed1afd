import { canonicalJson, resultDigest } from '../../result-digest.js';
import type { JsonValue } from '../../result-digest.js';
import { digits, millis, PackedRows } from '../../sql/packed-rows.js';
import { json } from '../../sql/text.js';
import type { JsonText } from '../../sql/text.js';
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
    /** Since when he waited, ms, as the snapshot of the queue says. */
    readonly queuedAt: number;
  }[])[];
}

const MATCH = new PackedRows({ ids: ['id', 'server_id'] });
const PLAYER = new PackedRows({
  ids: ['match_id', 'id', 'account_id'],
  numbers: ['team', 'position'],
  times: ['queued_at'],
});

/** Matches in one round of statements: their parameters are built without holding up the event loop for long. */
const MATCHES_AT_ONCE = 500;

/**
 * Makes matches of one queue in four statements per 500: the matches (`reserving`, or `checking` if asked for;
 * attempt 1), their players, and the queue entries now taken by them. A match of which a player no longer
 * waits in that queue is dropped and its other players keep waiting.
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
  const dropped: string[] = [];
  const parts = inParts(batch.matches);
  let next = parts.next();
  if (next.done) return { created, dropped };
  const rulesDigest = resultDigest(batch.rules);
  await tx.run(
    `INSERT INTO match_rules (digest, rules, created_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`,
    [rulesDigest, canonicalJson(batch.rules), tx.now()],
  );
  while (!next.done) {
    const part = next.value;
    // While the database works on one part, the next is built.
    const writing = createPart(tx, part, { ...batch, rulesDigest });
    next = parts.next();
    const gone = new Set(await writing);
    dropped.push(...gone);
    created.push(...part.ids.filter((id) => !gone.has(id)));
  }
  return { created, dropped };
}

/** Some of the matches, as the statements take them. */
interface Part {
  readonly ids: readonly string[];
  /** The servers, each once. */
  readonly serverIds: readonly string[];
  readonly matches: JsonText;
  readonly players: JsonText;
  /** Number of players. */
  readonly size: number;
}

function* inParts(matches: Iterable<NewMatch>): Generator<Part, undefined> {
  let part: NewMatch[] = [];
  for (const match of matches) {
    if (part.push(match) < MATCHES_AT_ONCE) continue;
    yield prepared(part);
    part = [];
  }
  if (part.length > 0) yield prepared(part);
}

function prepared(part: readonly NewMatch[]): Part {
  const roster = part.flatMap((match) =>
    match.teams.flatMap((members, team) =>
      members.map(
        ({ id, accountId, queuedAt }, position) =>
          `${match.id}${id}${accountId}${digits(team)}${digits(position)}${millis(queuedAt)}`,
      ),
    ),
  );
  return {
    ids: part.map(({ id }) => id),
    serverIds: [...new Set(part.map(({ serverId }) => serverId))],
    matches: MATCH.parameter(part.map(({ id, serverId }) => `${id}${serverId}`)),
    players: PLAYER.parameter(roster),
    size: roster.length,
  };
}

/**
 * Gives the ids of the matches that were dropped. The players are inserted without a look at their queue entries, which
 * would take as long as the insertion: that everybody still waited shows in the number of entries taken. No statement needs what
 * another wrote, so they are given to the database at once: it works on while the next part is built.
 */
async function createPart(
  tx: Tx,
  part: Part,
  batch: { queue: string; rulesDigest: string; state?: 'checking' | 'reserving'; reserveExpiresAt: number },
): Promise<string[]> {
  const match = MATCH.select(tx.dialect, '$1');
  const player = PLAYER.select(tx.dialect, '$1');
  const [taken] = await Promise.all([
    tx.run(
      `UPDATE queue_entry SET match_id = r.match_id FROM ${PLAYER.from(tx.dialect, 'r', '$1')}
       WHERE queue_entry.account_id = r.account_id AND queue_entry.queue = $2 AND queue_entry.match_id IS NULL`,
      [part.players, batch.queue],
    ),
    tx.run(
      `INSERT INTO game_match
         (id, server_id, queue, state, attempt, previous_servers, rules_digest, created_at, state_since, reserve_expires_at)
       SELECT ${match.columns}, CAST($2 AS text), CAST($6 AS text), 1, '[]', CAST($3 AS text),
         CAST($4 AS bigint), CAST($4 AS bigint), CAST($5 AS bigint)
       FROM ${match.source}`,
      [
        part.matches,
        batch.queue,
        batch.rulesDigest,
        tx.now(),
        batch.reserveExpiresAt,
        batch.state ?? 'reserving',
      ],
    ),
    tx.run(
      `INSERT INTO match_player (match_id, id, account_id, team, position, queued_at)
       SELECT ${player.columns} FROM ${player.source}`,
      [part.players],
    ),
    assertServers(tx, part.serverIds),
  ]);
  return taken === part.size ? [] : dropIncomplete(tx, part.players);
}

/** In the place of a foreign key, which is looked up for every match. */
async function assertServers(tx: Tx, ids: readonly string[]): Promise<void> {
  const [known] = await tx.rows<{ n: number }>(
    `SELECT count(*) AS n FROM game_server WHERE ${tx.dialect.among('id', '$1')}`,
    [json(ids)],
  );
  if (known?.n !== ids.length) throw new StoreError('foreign_key', 'a server of a match never was present');
}

async function dropIncomplete(tx: Tx, players: JsonText): Promise<string[]> {
  const incomplete = await tx.rows<{ id: string }>(
    `SELECT DISTINCT r.match_id AS id FROM ${PLAYER.from(tx.dialect, 'r', '$1')}
     LEFT JOIN queue_entry q ON q.account_id = r.account_id AND q.match_id = r.match_id
     WHERE q.account_id IS NULL ORDER BY r.match_id`,
    [players],
  );
  const ids = incomplete.map((row) => row.id);
  const which = tx.dialect.strings('$1');
  await tx.run(`UPDATE queue_entry SET match_id = NULL WHERE ${takenBy(which)}`, [json(ids)]);
  await tx.run(`DELETE FROM match_player WHERE match_id IN ${which}`, [json(ids)]);
  await tx.run(`DELETE FROM game_match WHERE id IN ${which}`, [json(ids)]);
  return ids;
}
