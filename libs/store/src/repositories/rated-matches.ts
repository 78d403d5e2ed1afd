import { MatchRules } from '../entities/match-rules.js';
import type { MatchPlayerRow } from '../entities/match-player.js';
import { canonicalJson, resultDigest } from '../result-digest.js';
import type { JsonValue } from '../result-digest.js';
import type { SqlParameter } from '../sql/connection.js';
import { columnList } from '../sql/snake-naming.js';
import { json } from '../sql/text.js';
import type { ReadTx, Tx } from '../sql/tx.js';
import { valuesList } from '../sql/values-list.js';
import { LIVE } from './matches/match-rows.js';

const PLAYER_NAMES = [
  'matchId',
  'id',
  'accountId',
  'team',
  'rank',
  'score',
  'playFraction',
  'muBefore',
  'sigmaBefore',
  'volatilityBefore',
  'idleMs',
  'muAfter',
  'sigmaAfter',
  'volatilityAfter',
  'tierBefore',
  'tierAfter',
] as const;

/** A player of a finished match: what went into his rating, and what came of it. */
export type RatedPlayer = Readonly<Pick<MatchPlayerRow, (typeof PLAYER_NAMES)[number]>>;

/** A finished match with all that rating it again needs; the rules are read by their digest, since few are distinct. Times are Unix ms. */
export interface RatedMatchRow {
  readonly id: string;
  readonly ratedAt: number;
  readonly createdAt: number;
  readonly rulesDigest: string;
  /** By team and place. */
  readonly players: readonly RatedPlayer[];
}

/** The match after which a page begins. */
export type RatedCursor = Readonly<Pick<RatedMatchRow, 'id' | 'ratedAt' | 'createdAt'>>;

/**
 * A queue's finished matches in the order in which they were rated, a page at a time. It follows an index, and ends where
 * the page is full: reading on is as quick as the first page. A page shorter than `limit` is the last one.
 *
 * Matches of one millisecond are in the order of their making: nobody plays two at once.
 *
 * A match has its time before it is committed: others may still come in before the last ones, unless the transaction is
 * alone.
 * @param span `until`: only matches rated before, ms
 */
export async function page(
  tx: ReadTx,
  queue: string,
  {
    after,
    until = Number.MAX_SAFE_INTEGER,
    limit = 1000,
  }: { after?: RatedCursor | undefined; until?: number | undefined; limit?: number } = {},
): Promise<RatedMatchRow[]> {
  const matches = await tx.rows<Omit<RatedMatchRow, 'players'>>(
    // A finished match keeps the state and its time for ever, so this is the time of the rating; the index is on it.
    `SELECT m.id, m.state_since AS "ratedAt", m.created_at AS "createdAt", m.rules_digest AS "rulesDigest"
     FROM game_match m
     WHERE m.state <> 'reserving' AND m.state_since >= $3 AND m.state_since < $6 AND m.state = 'finished' AND m.queue = $1
       AND (m.state_since, m.created_at, m.id) > ($3, $4, $5)
     ORDER BY m.state_since, m.created_at, m.id LIMIT $2`,
    [queue, limit, after?.ratedAt ?? -1, after?.createdAt ?? -1, after?.id ?? '', until],
  );
  const players = await tx.rows<RatedPlayer>(
    `SELECT ${columnList('p', PLAYER_NAMES)} FROM match_player p WHERE ${tx.dialect.among('p.match_id', '$1')}
     ORDER BY p.match_id, p.team, p.position`,
    [json(matches.map(({ id }) => id))],
  );
  const byMatch = new Map<string, RatedPlayer[]>(matches.map(({ id }) => [id, []]));
  for (const player of players) byMatch.get(player.matchId)?.push(player);
  return matches.map((match) => ({ ...match, players: byMatch.get(match.id) ?? [] }));
}

/** How many finished matches a queue has. */
export async function count(tx: ReadTx, queue: string): Promise<number> {
  const [row] = await tx.rows<{ n: number }>(
    `SELECT count(*) AS n FROM game_match m WHERE m.state = 'finished' AND m.queue = $1`,
    [queue],
  );
  return row?.n ?? 0;
}

/** The rules of that digest; null when there are none. */
export async function rulesByDigest(tx: ReadTx, digest: string): Promise<JsonValue> {
  const row = await tx.findOne(MatchRules, { digest });
  return row === null ? null : (JSON.parse(row.rules) as JsonValue);
}

/** Digests of the rules that a queue's matches in these states have, each once. */
export async function rulesInUse(
  tx: ReadTx,
  queue: string,
  which: 'finished' | 'live' = 'finished',
): Promise<string[]> {
  const states = which === 'finished' ? `m.state = 'finished'` : `m.${LIVE}`;
  const rows = await tx.rows<{ digest: string }>(
    `SELECT DISTINCT m.rules_digest AS digest FROM game_match m WHERE m.queue = $1 AND ${states}`,
    [queue],
  );
  return rows.map(({ digest }) => digest);
}

const REWRITTEN = [
  'muBefore',
  'sigmaBefore',
  'volatilityBefore',
  'idleMs',
  'muAfter',
  'sigmaAfter',
  'volatilityAfter',
  'tierBefore',
  'tierAfter',
] as const;
const REWRITTEN_TYPES = [
  'text',
  'text',
  'real',
  'real',
  'real',
  'int',
  'real',
  'real',
  'real',
  'text',
  'text',
] as const;
/** Eleven parameters each, within SQLite's 32,766. */
const ROWS_PER_STATEMENT = 2500;

/** A player's row with the ratings to write; all of them null: the match does not count for him. */
export type RewrittenPlayer = Readonly<Pick<RatedPlayer, 'matchId' | 'id' | (typeof REWRITTEN)[number]>>;

/** Writes ratings before and after into finished matches. */
export async function rewrite(tx: Tx, players: readonly RewrittenPlayer[]): Promise<void> {
  for (let start = 0; start < players.length; start += ROWS_PER_STATEMENT) {
    const part = players.slice(start, start + ROWS_PER_STATEMENT);
    const values = part.flatMap((player): SqlParameter[] => [
      player.matchId,
      player.id,
      ...REWRITTEN.map((name) => player[name]),
    ]);
    await tx.run(
      `UPDATE match_player SET mu_before = v.column3, sigma_before = v.column4, volatility_before = v.column5,
         idle_ms = v.column6, mu_after = v.column7, sigma_after = v.column8, volatility_after = v.column9,
         tier_before = v.column10, tier_after = v.column11
       FROM (${valuesList(part.length, REWRITTEN_TYPES)}) AS v
       WHERE match_player.match_id = v.column1 AND match_player.id = v.column2`,
      values,
    );
  }
}

/** Gives a queue's finished and live matches of one digest other rules; gives their number. */
export async function replaceRules(
  tx: Tx,
  change: { queue: string; digest: string; rules: JsonValue },
): Promise<number> {
  const digest = resultDigest(change.rules);
  await tx.run(
    `INSERT INTO match_rules (digest, rules, created_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`,
    [digest, canonicalJson(change.rules), tx.now()],
  );
  return tx.run(
    `UPDATE game_match SET rules_digest = $3 WHERE queue = $1 AND rules_digest = $2
       AND (state = 'finished' OR ${LIVE})`,
    [change.queue, change.digest, digest],
  );
}
