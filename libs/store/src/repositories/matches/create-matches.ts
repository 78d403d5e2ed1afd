import { canonicalJson, resultDigest } from '../../result-digest.js';
import type { JsonValue } from '../../result-digest.js';
import { digits, PackedRows } from '../../sql/packed-rows.js';
import { json } from '../../sql/text.js';
import type { JsonText } from '../../sql/text.js';
import type { Tx } from '../../sql/tx.js';
import { takenBy } from './match-rows.js';

/** A match to make: who plays in which team, and where. Ids are fresh UUIDs. */
export interface NewMatch {
  readonly id: string;
  readonly serverId: string;
  readonly teams: readonly (readonly {
    /** The per-match id. */
    readonly id: string;
    readonly accountId: string;
  }[])[];
}

const MATCH = new PackedRows(['id', 'server_id'], ['size']);
const PLAYER = new PackedRows(['match_id', 'id', 'account_id'], ['team', 'position']);

/** Matches in one round of statements: their parameters are built without holding up the event loop for long. */
const MATCHES_AT_ONCE = 1000;

/**
 * Makes matches of one queue in a handful of statements per thousand: the matches (`reserving`,
 * attempt 1), their players, and the queue entries now taken by them. A match of which a player no longer
 * waits in that queue is dropped and its other players keep waiting.
 * @param batch `rules` is all that rating the matches again would need besides the players; ms for `reserveExpiresAt`
 * @throws StoreError `foreign_key` for a server that never was present
 */
export async function createMany(
  tx: Tx,
  batch: { queue: string; rules: JsonValue; reserveExpiresAt: number; matches: readonly NewMatch[] },
): Promise<{ readonly created: string[]; readonly dropped: string[] }> {
  const created: string[] = [];
  const dropped: string[] = [];
  if (batch.matches.length === 0) return { created, dropped };
  const rulesDigest = resultDigest(batch.rules);
  await tx.run(
    `INSERT INTO match_rules (digest, rules, created_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`,
    [rulesDigest, canonicalJson(batch.rules), tx.now()],
  );
  // In the order of their ids, in which the rows of match_player lie.
  const sorted = [...batch.matches].sort((a, b) => (a.id < b.id ? -1 : 1));
  let next: Part | undefined = preparePart(sorted, 0);
  for (let start = 0; next !== undefined; start += MATCHES_AT_ONCE) {
    // While the database works on one part, the parameters of the next are built.
    const part: Part = next;
    const [gone, following]: [string[], Part | undefined] = await Promise.all([
      createPart(tx, part, { ...batch, rulesDigest }),
      Promise.resolve().then(() => preparePart(sorted, start + MATCHES_AT_ONCE)),
    ]);
    dropped.push(...gone);
    const isGone = new Set(gone);
    created.push(...part.ids.filter((id) => !isGone.has(id)));
    next = following;
  }
  return { created, dropped };
}

/** Some of the matches, as the statements take them. */
interface Part {
  readonly ids: readonly string[];
  readonly matches: JsonText;
  readonly players: JsonText;
  /** Number of players. */
  readonly size: number;
}

function preparePart(sorted: readonly NewMatch[], start: number): Part | undefined {
  const part = sorted.slice(start, start + MATCHES_AT_ONCE);
  if (part.length === 0) return undefined;
  const roster = part.flatMap((match) =>
    match.teams.flatMap((members, team) =>
      members.map(
        ({ id, accountId }, position) => `${match.id}${id}${accountId}${digits(team)}${digits(position)}`,
      ),
    ),
  );
  return {
    ids: part.map(({ id }) => id),
    matches: MATCH.parameter(
      part.map(
        ({ id, serverId, teams }) =>
          `${id}${serverId}${digits(teams.reduce((size, team) => size + team.length, 0))}`,
      ),
    ),
    players: PLAYER.parameter(roster),
    size: roster.length,
  };
}

/** Gives the ids of the matches that were dropped. */
async function createPart(
  tx: Tx,
  part: Part,
  batch: { queue: string; rulesDigest: string; reserveExpiresAt: number },
): Promise<string[]> {
  await tx.run(
    `INSERT INTO game_match
       (id, queue, state, server_id, attempt, previous_servers, rules_digest, created_at, state_since, reserve_expires_at)
     SELECT r.id, CAST($2 AS text), 'reserving', r.server_id, 1, '[]', CAST($3 AS text),
       CAST($4 AS bigint), CAST($4 AS bigint), CAST($5 AS bigint)
     FROM ${MATCH.from(tx.dialect, 'r', '$1')}`,
    [part.matches, batch.queue, batch.rulesDigest, tx.now(), batch.reserveExpiresAt],
  );
  const taken = await tx.run(
    `UPDATE queue_entry SET match_id = r.match_id FROM ${PLAYER.from(tx.dialect, 'r', '$1')}
     WHERE queue_entry.account_id = r.account_id AND queue_entry.queue = $2 AND queue_entry.match_id IS NULL`,
    [part.players, batch.queue],
  );
  await tx.run(
    `INSERT INTO match_player (match_id, id, account_id, team, position, name, queued_at)
     SELECT r.match_id, r.id, r.account_id, r.team, r.position, q.name, q.joined_at
     FROM ${PLAYER.from(tx.dialect, 'r', '$1')}
     JOIN queue_entry q ON q.account_id = r.account_id AND q.match_id = r.match_id`,
    [part.players],
  );
  return taken === part.size ? [] : dropIncomplete(tx, part.matches);
}

async function dropIncomplete(tx: Tx, matches: JsonText): Promise<string[]> {
  const incomplete = await tx.rows<{ id: string }>(
    `SELECT r.id FROM ${MATCH.from(tx.dialect, 'r', '$1')}
     WHERE r.size <> (SELECT count(*) FROM match_player p WHERE p.match_id = r.id)`,
    [matches],
  );
  const ids = incomplete.map((row) => row.id);
  const which = tx.dialect.strings('$1');
  await tx.run(`UPDATE queue_entry SET match_id = NULL WHERE ${takenBy(which)}`, [json(ids)]);
  await tx.run(`DELETE FROM game_match WHERE id IN ${which}`, [json(ids)]);
  return ids;
}
