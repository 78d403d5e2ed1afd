import type { MatchResult } from '@ranked/protocol';
import { ratingModel, type Rating } from '@ranked/rating';
import { matches, type Match, type ReadTx, type Store } from '@ranked/store';

const MS_PER_DAY = 86_400_000;

/** One sentence for each thing that is not as it must be. */
type Faults = string[];

/** What a game server says it did. */
export interface ServerBook {
  readonly serverId: string;
  /** Results that it sent, with what became of them. */
  readonly results: ReadonlyMap<string, { readonly result: MatchResult; readonly fate: string }>;
  /** Matches whose MatchStarted was acknowledged. */
  readonly started: ReadonlySet<string>;
}

/** What a player says he was told. */
export interface PlayerBook {
  readonly name: string;
  readonly accountId: string;
  /** Match → the mean of his skill after it, as the report said; undefined if it was void. */
  readonly reports: ReadonlyMap<string, number | undefined>;
}

interface RatingRead {
  readonly accountId: string;
  readonly queue: string;
  readonly mu: number;
  readonly sigma: number;
  readonly games: number;
  readonly wins: number;
}

interface Rows {
  readonly matches: readonly Match[];
  readonly results: ReadonlyMap<string, MatchResult>;
  readonly rules: ReadonlyMap<string, { readonly rating: object }>;
  readonly ratings: readonly RatingRead[];
  readonly entries: readonly { accountId: string; matchId: string | null }[];
}

/**
 * Holds the rows against what game servers and players went through, when everything has been played to its end and nobody
 * waits in a queue. Rates every match once more from what is stored, bit for bit.
 */
export async function audit(
  store: Store,
  servers: readonly ServerBook[],
  players: readonly PlayerBook[],
): Promise<string[]> {
  const rows = await store.read(readRows);
  return [
    ...notOver(rows),
    ...inTwoMatches(rows.matches),
    ...servers.flatMap((server) => faultsOfServer(server, rows)),
    ...startedTwice(servers),
    ...faultsOfRatings(rows),
    ...players.flatMap((player) => faultsOfPlayer(player, rows)),
  ];
}

async function readRows(tx: ReadTx): Promise<Rows> {
  const ids = await tx.rows<{ id: string }>('SELECT id FROM game_match ORDER BY created_at, id');
  const all: Match[] = [];
  const results = new Map<string, MatchResult>();
  const rules = new Map<string, { rating: object }>();
  for (const { id } of ids) {
    const match = await matches.byId(tx, id);
    const stored = await matches.resultOf(tx, id);
    if (match) all.push(match);
    if (stored) results.set(id, stored.result as unknown as MatchResult);
    rules.set(id, (await matches.rulesOf(tx, id)) as unknown as { rating: object });
  }
  return {
    matches: all,
    results,
    rules,
    ratings: await tx.rows('SELECT account_id AS "accountId", queue, mu, sigma, games, wins FROM rating'),
    entries: await tx.rows('SELECT account_id AS "accountId", match_id AS "matchId" FROM queue_entry'),
  };
}

function notOver({ matches: all, entries }: Rows): Faults {
  const live = all.filter(({ state }) => !['finished', 'cancelled', 'abandoned'].includes(state));
  return [
    ...live.map(({ id, state }) => `match ${id} is ${state} though everybody has gone home`),
    ...entries.map(({ accountId, matchId }) => `${accountId} still has a queue entry (match ${matchId})`),
  ];
}

/** A match binds its players from its making to its end; no two of one player may overlap. */
function inTwoMatches(all: readonly Match[]): Faults {
  const until = new Map<string, { id: string; endedAt: number }>();
  const faults: Faults = [];
  for (const { id, createdAt, endedAt, players } of all) {
    for (const { accountId } of players) {
      const before = until.get(accountId);
      if (before && before.endedAt > createdAt)
        faults.push(`${accountId} was in ${before.id} and ${id} at once`);
      until.set(accountId, { id, endedAt: endedAt ?? Number.POSITIVE_INFINITY });
    }
  }
  return faults;
}

function faultsOfServer({ serverId, results, started }: ServerBook, rows: Rows): Faults {
  const byId = new Map(rows.matches.map((match) => [match.id, match]));
  const faults: Faults = [];
  for (const [matchId, { result, fate }] of results) {
    const match = byId.get(matchId);
    const stored = rows.results.get(matchId);
    const own = match?.state === 'finished' && match.serverId === serverId && sameResult(stored, result);
    if (fate === 'sent') faults.push(`the result of ${matchId} was never answered`);
    else if (fate === 'acknowledged' && !own)
      faults.push(`the result of ${matchId} was acknowledged and is not there`);
    else if (fate !== 'acknowledged' && own)
      faults.push(`the result of ${matchId} was refused (${fate}) and is there`);
  }
  for (const matchId of started) {
    const match = byId.get(matchId);
    if (match?.players.some(({ proposedAt, answer }) => proposedAt !== null && answer !== true))
      faults.push(`${matchId} was started before everybody had accepted it`);
    if (match?.serverId !== serverId) faults.push(`${matchId} was started on a server that is not its own`);
    else if (match.state === 'cancelled')
      faults.push(`${matchId} was cancelled though its start had been acknowledged`);
  }
  for (const match of rows.matches) {
    if (match.state !== 'finished' || match.serverId !== serverId) continue;
    if (!results.has(match.id)) faults.push(`${match.id} is finished and its server never sent a result`);
  }
  return faults;
}

function startedTwice(servers: readonly ServerBook[]): Faults {
  const seen = new Set<string>();
  const twice: Faults = [];
  for (const matchId of servers.flatMap(({ started }) => [...started])) {
    if (seen.has(matchId)) twice.push(`${matchId} was played on two servers`);
    seen.add(matchId);
  }
  return twice;
}

/** Plays all finished matches again, in the order in which they were rated. */
function faultsOfRatings(rows: Rows): Faults {
  const faults: Faults = [];
  const present = new Map<string, Rating & { games: number; wins: number; at: number }>();
  const rated = rows.matches
    .filter(({ state }) => state === 'finished')
    .sort((a, b) => (a.ratedAt ?? 0) - (b.ratedAt ?? 0));
  for (const match of rated) {
    const result = rows.results.get(match.id);
    const rules = rows.rules.get(match.id);
    if (!result || !rules) {
      faults.push(`${match.id} is finished without a result or rules`);
      continue;
    }
    const model = ratingModel(rules.rating);
    const fraction = new Map(result.players.map(({ id, playFraction }) => [id, playFraction ?? 1]));
    const teams = result.teams.map((_, team) => match.players.filter((player) => player.team === team));
    const key = (accountId: string): string => `${accountId} ${match.queue}`;
    const before = teams.map((team) =>
      team.map(({ accountId }) => present.get(key(accountId)) ?? model.initial()),
    );
    const ranks = result.teams.map(({ rank }) => rank);
    const playFraction = teams.map((team) => team.map(({ id }) => fraction.get(id) ?? 1));
    const after = model.rate({
      // Ratings go into a match aged by the time since the one before.
      teams: teams.map((team, t) =>
        team.map(({ accountId }, p) => {
          const known = present.get(key(accountId));
          const { mu, sigma } = before[t]?.[p] ?? model.initial();
          const idleMs = known ? Math.max(0, (match.ratedAt ?? 0) - known.at) : 0;
          return known ? model.aged({ mu, sigma }, idleMs / MS_PER_DAY) : { mu, sigma };
        }),
      ),
      ranks,
      ...(playFraction.flat().some((share) => share !== 1) && { playFraction }),
    });
    const won = ranks.filter((rank) => rank === 0).length === 1;
    teams.forEach((team, t) =>
      team.forEach((player, p) => {
        const was = before[t]?.[p];
        const is = after.teams[t]?.[p];
        if (!was || !is) throw new Error('the model gave back another shape');
        const known = present.get(key(player.accountId));
        if (player.muBefore !== was.mu || player.sigmaBefore !== was.sigma) {
          faults.push(
            `${match.id}: ${player.accountId} came in with another rating than the match before left him`,
          );
        }
        if (player.muAfter !== is.mu || player.sigmaAfter !== is.sigma) {
          faults.push(
            `${match.id}: rated again, ${player.accountId} has ${is.mu}, the row has ${player.muAfter}`,
          );
        }
        const wins = (known?.wins ?? 0) + (won && ranks[t] === 0 ? 1 : 0);
        present.set(key(player.accountId), {
          ...is,
          games: (known?.games ?? 0) + 1,
          wins,
          at: match.ratedAt ?? 0,
        });
      }),
    );
  }
  for (const { accountId, queue, ...row } of rows.ratings) {
    const expected = present.get(`${accountId} ${queue}`);
    present.delete(`${accountId} ${queue}`);
    for (const name of ['mu', 'sigma', 'games', 'wins'] as const) {
      if (row[name] !== expected?.[name]) {
        faults.push(
          `${accountId} in ${queue}: ${name} is ${row[name]}, his matches make ${expected?.[name]}`,
        );
      }
    }
  }
  for (const key of present.keys()) faults.push(`${key} has played and has no rating`);
  return faults;
}

function faultsOfPlayer({ name, accountId, reports }: PlayerBook, rows: Rows): Faults {
  const faults: Faults = [];
  for (const match of rows.matches) {
    const player = match.players.find((one) => one.accountId === accountId);
    if (!player || match.state === 'cancelled') continue;
    if (!reports.has(match.id)) {
      faults.push(
        `${name} never got the report of ${match.id}, which is ${match.state} (marked: ${player.reportedAt})`,
      );
    } else if (reports.get(match.id) !== (player.muAfter ?? undefined)) {
      faults.push(`${name} was told ${reports.get(match.id)} of ${match.id}, the row has ${player.muAfter}`);
    }
  }
  for (const matchId of reports.keys()) {
    if (!rows.matches.some(({ id }) => id === matchId))
      faults.push(`${name} got a report of ${matchId}, which does not exist`);
  }
  return faults;
}

/** The same but for the order of players, which means nothing. */
function sameResult(stored: MatchResult | undefined, sent: MatchResult): boolean {
  return stored !== undefined && inOrder(stored) === inOrder(sent);
}

function inOrder(result: MatchResult): string {
  return JSON.stringify([
    result.durationMs,
    result.teams.map(({ rank, score }) => [rank, score]),
    result.players.map(({ id, playFraction }) => `${id} ${playFraction}`).sort(),
  ]);
}
