import { columnList } from '../../sql/snake-naming.js';
import { json } from '../../sql/text.js';
import type { ReadTx } from '../../sql/tx.js';
import type { GameMatch } from '../../entities/game-match.js';
import { LIVE } from '../matches/match-rows.js';
import { Conditions } from './conditions.js';

const NAMES = [
  'id',
  'queue',
  'state',
  'serverId',
  'createdAt',
  'stateSince',
  'startedAt',
  'endedAt',
  'endReason',
  'serverLostAt',
] as const;

/** A match in a list. Times are Unix ms; those of a void are null where none was asked for. */
export type MatchSummary = Pick<GameMatch, (typeof NAMES)[number]> & {
  readonly serverName: string | null;
  readonly players: number;
  readonly voidRequestedAt: number | null;
  readonly voidDoneAt: number | null;
  readonly voidError: string | null;
};

const SELECT = `SELECT ${columnList('m', NAMES)}, c.name AS "serverName",
    (SELECT count(*) FROM match_player p WHERE p.match_id = m.id) AS players,
    v.requested_at AS "voidRequestedAt", v.done_at AS "voidDoneAt", v.error AS "voidError"
  FROM game_match m LEFT JOIN certificate c ON c.uuid = m.server_id LEFT JOIN match_void v ON v.match_id = m.id`;

/** Matches, newest first by their ids, which rise with time; `before` is the last id of the page before. 50 unless said. */
export function matchPage(
  tx: ReadTx,
  wanted: {
    /** A state; `live` for all that are; `void` for those that were asked to count no more. */
    state?: string;
    queue?: string;
    serverId?: string;
    idBeginsWith?: string;
    before?: string;
    limit?: number;
  },
): Promise<MatchSummary[]> {
  const where = new Conditions();
  if (wanted.state === 'live') where.add(`m.${LIVE}`);
  else if (wanted.state === 'void') where.add('v.match_id IS NOT NULL');
  else where.and((p) => `m.state = ${p}`, wanted.state);
  where
    .and((p) => `m.queue = ${p}`, wanted.queue)
    .and((p) => `m.server_id = ${p}`, wanted.serverId)
    .and((p) => `m.id < ${p}`, wanted.before);
  if (wanted.idBeginsWith !== undefined) {
    where
      .and((p) => `m.id >= ${p}`, wanted.idBeginsWith)
      .and((p) => `m.id < ${p}`, `${wanted.idBeginsWith}~`);
  }
  const limit = where.parameter(wanted.limit ?? 50);
  return tx.rows(`${SELECT} ${where.sql} ORDER BY m.id DESC LIMIT ${limit}`, where.parameters);
}

/** Matches of these ids, in no order. */
export function matchesByIds(tx: ReadTx, ids: readonly string[]): Promise<MatchSummary[]> {
  return tx.rows(`${SELECT} WHERE ${tx.dialect.among('m.id', '$1')}`, [json(ids)]);
}

/** Live matches of a server, and those that it lost, oldest first. */
export function matchesOfServer(tx: ReadTx, serverId: string): Promise<MatchSummary[]> {
  return tx.rows(`${SELECT} WHERE m.server_id = $1 AND m.${LIVE} ORDER BY m.id LIMIT 500`, [serverId]);
}

/** Matches that came to another state since `since`, ms, new ones too; the newest `limit`. */
export async function matchesChangedSince(tx: ReadTx, since: number, limit = 500): Promise<MatchSummary[]> {
  const moved = await tx.rows<MatchSummary>(
    `${SELECT} WHERE m.state <> 'reserving' AND m.state_since >= $1 ORDER BY m.state_since DESC LIMIT $2`,
    [since, limit],
  );
  const made = await tx.rows<MatchSummary>(
    `${SELECT} WHERE m.${LIVE} AND m.state = 'reserving' AND m.state_since >= $1 LIMIT $2`,
    [since, limit],
  );
  return [...moved, ...made];
}

/** How many matches are in each live state now, and how many came to each end since `since`, ms. */
export async function matchCounts(tx: ReadTx, since: number): Promise<Record<string, number>> {
  const rows = await tx.rows<{ state: string; n: number }>(
    `SELECT m.state, count(*) AS n FROM game_match m WHERE m.${LIVE} GROUP BY m.state
     UNION ALL
     SELECT m.state, count(*) AS n FROM game_match m
     WHERE m.state <> 'reserving' AND m.state_since >= $1 AND m.ended_at IS NOT NULL GROUP BY m.state`,
    [since],
  );
  return Object.fromEntries(rows.map(({ state, n }) => [state, n]));
}

/** Live matches whose server is without them. */
export async function lostMatches(
  tx: ReadTx,
): Promise<{ readonly serverId: string; readonly n: number; readonly since: number }[]> {
  return tx.rows(
    `SELECT m.server_id AS "serverId", count(*) AS n, min(m.server_lost_at) AS since FROM game_match m
     WHERE m.server_lost_at IS NOT NULL AND m.${LIVE} GROUP BY m.server_id`,
  );
}

/** Live matches of a server and their players, for telling what ends with it. */
export async function liveLoad(
  tx: ReadTx,
  serverIds: readonly string[],
): Promise<{ readonly matches: number; readonly players: number }> {
  const [row] = await tx.rows<{ matches: number; players: number }>(
    `SELECT count(DISTINCT m.id) AS matches, count(p.id) AS players
     FROM game_match m LEFT JOIN match_player p ON p.match_id = m.id
     WHERE ${tx.dialect.among('m.server_id', '$1')} AND m.${LIVE}`,
    [json(serverIds)],
  );
  return { matches: row?.matches ?? 0, players: row?.players ?? 0 };
}

/** Finished matches of a queue rated at or after `since`, ms: so many are rated anew when one of them is taken out. */
export async function ratedSince(tx: ReadTx, queue: string, since: number): Promise<number> {
  const [row] = await tx.rows<{ n: number }>(
    `SELECT count(*) AS n FROM game_match m
     WHERE m.state <> 'reserving' AND m.state_since >= $2 AND m.state = 'finished' AND m.queue = $1`,
    [queue, since],
  );
  return row?.n ?? 0;
}

/** A player's rated matches of a queue, newest first. */
export function ratingHistory(
  tx: ReadTx,
  accountId: string,
  queue: string,
  limit = 500,
): Promise<
  {
    readonly matchId: string;
    readonly endedAt: number;
    readonly muBefore: number;
    readonly sigmaBefore: number;
    readonly muAfter: number;
    readonly sigmaAfter: number;
  }[]
> {
  return tx.rows(
    `SELECT p.match_id AS "matchId", p.ended_at AS "endedAt", p.mu_before AS "muBefore", p.sigma_before AS "sigmaBefore",
       p.mu_after AS "muAfter", p.sigma_after AS "sigmaAfter"
     FROM match_player p JOIN game_match m ON m.id = p.match_id
     WHERE p.account_id = $1 AND p.ended_at IS NOT NULL AND p.mu_after IS NOT NULL AND m.queue = $2
     ORDER BY p.ended_at DESC, p.match_id DESC LIMIT $3`,
    [accountId, queue, limit],
  );
}
