import { randomUUID } from 'node:crypto';
import { accounts, certificates, gameServers, matchDeliveries, matches, queue } from '../src/index.js';
import type {
  JsonValue,
  NewMatch,
  PlayerResult,
  Presence,
  ReadTx,
  Store,
  Tx,
  WaitingPlayer,
} from '../src/index.js';
import { json } from '../src/sql/text.js';
import { START } from './databases.js';

export const MASTER_KEY_ID = 'a'.repeat(32);
export const UNRATED = { mu: 25, sigma: 25 / 3 };
export const RULES: JsonValue = { model: 'gaussian', parameters: { beta: 25 / 6 }, teams: 2, size: 1 };

/** `n` accounts; gives their ids. */
export async function someAccounts(store: Store, n: number): Promise<string[]> {
  const ids = Array.from({ length: n }, () => randomUUID());
  await Promise.all(
    ids.map((id) =>
      store.writeGrouped('account', (tx) =>
        accounts.create(tx, {
          id,
          username: `u-${id}`,
          displayName: `name ${id.slice(0, 4)}`,
          passwordHash: 'hash',
        }),
      ),
    ),
  );
  return ids;
}

/** `n` accounts in one statement; gives their ids. */
export async function manyAccounts(store: Store, n: number): Promise<string[]> {
  const ids = Array.from({ length: n }, () => randomUUID());
  await store.write('accounts', (tx) =>
    tx.run(
      `INSERT INTO account (id, username, username_key, display_name, password_hash, created_at)
       SELECT a.value, a.value, a.value, 'x', 'x', 1 FROM ${tx.dialect.recordset('a', '$1', { value: 'text' })}`,
      [json(ids.map((value) => ({ value })))],
    ),
  );
  return ids;
}

/** Has these accounts wait in one statement, three of them since each millisecond from START on, in their order. */
export async function enqueue(
  store: Store,
  accountIds: readonly string[],
  queueName = 'duel',
): Promise<void> {
  const columns = { id: 'text', at: 'int' } as const;
  const rows = accountIds.map((id, n) => ({ id, at: START + Math.floor(n / 3) }));
  await store.write('join', (tx) =>
    tx.run(
      `INSERT INTO queue_entry (account_id, queue, joined_at, last_seen)
       SELECT a.id, CAST($2 AS text), a.at, a.at FROM ${tx.dialect.recordset('a', '$1', columns)}`,
      [json(rows), queueName],
    ),
  );
}

/** A certificate in force; gives its UUID. */
export async function aCertificate(
  store: Store,
  fields: Partial<Parameters<typeof certificates.insert>[1]> = {},
): Promise<string> {
  const uuid = fields.uuid ?? randomUUID();
  await store.writeGrouped('certificate', (tx) =>
    certificates.insert(tx, {
      uuid,
      name: 'server',
      issuedAt: START / 1000 - 1000,
      expiresAt: START / 1000 + 86_400,
      secret: Buffer.alloc(32, 3),
      masterKeyId: MASTER_KEY_ID,
      ...fields,
    }),
  );
  return uuid;
}

/** What a server says of itself. */
export function presenceOf(id: string, fields: Partial<Presence> = {}): Presence {
  return {
    id,
    name: 'server',
    nodeId: 'node-1',
    host: '203.0.113.9',
    port: 7777,
    region: 'eu',
    build: '1.0',
    capacity: 4,
    players: 0,
    accepting: true,
    matches: 0,
    load: null,
    queues: null,
    lastSeen: START,
    connectedAt: START,
    ...fields,
  };
}

/** A server that is online; gives its id. */
export async function aServer(
  store: Store,
  presence: Partial<Presence> = {},
  certificate: Partial<Parameters<typeof certificates.insert>[1]> = {},
): Promise<string> {
  const id = await aCertificate(store, certificate);
  await store.write('presence', (tx) => gameServers.upsertPresence(tx, [presenceOf(id, presence)]));
  return id;
}

/** A plan for a match of teams of accounts, who have waited since `queuedAt`. */
export function matchOf(
  serverId: string,
  teams: readonly (readonly string[])[],
  queuedAt: (accountId: string) => number = () => START,
): NewMatch {
  return {
    id: randomUUID(),
    serverId,
    teams: teams.map((team) =>
      team.map((accountId) => ({ id: randomUUID(), accountId, entryNo: 0, queuedAt: queuedAt(accountId) })),
    ),
  };
}

/** Makes matches of plans, with the numbers that the players' queue entries have now; 0 for who has none. */
export async function makeMatches(
  tx: Tx,
  batch: Omit<Parameters<typeof matches.createMany>[1], 'matches'> & { matches: readonly NewMatch[] },
): ReturnType<typeof matches.createMany> {
  const rows = await tx.rows<{ accountId: string; entryNo: number }>(
    'SELECT q.account_id AS "accountId", q.entry_no AS "entryNo" FROM queue_entry q',
  );
  const numbers = new Map(rows.map(({ accountId, entryNo }) => [accountId, entryNo]));
  const numbered = batch.matches.map((plan) => ({
    ...plan,
    teams: plan.teams.map((team) =>
      team.map((player) => ({ ...player, entryNo: numbers.get(player.accountId) ?? 0 })),
    ),
  }));
  return matches.createMany(tx, { ...batch, matches: numbered });
}

/** Queues the accounts and makes the match, `reserving`. */
export async function aMatch(
  store: Store,
  serverId: string,
  teams: readonly (readonly string[])[],
  queueName = 'duel',
): Promise<NewMatch> {
  const plan = matchOf(serverId, teams);
  await store.write('match', async (tx) => {
    for (const accountId of teams.flat()) await queue.join(tx, { accountId, queue: queueName });
    await makeMatches(tx, {
      queue: queueName,
      rules: RULES,
      reserveExpiresAt: START + 3000,
      matches: [plan],
    });
  });
  return plan;
}

/** The server's acknowledgement of every player at generation 0: `reserving` → `ready`. */
export async function makeReady(store: Store, match: NewMatch): Promise<void> {
  await store.write('ready', (tx) =>
    matchDeliveries.recordAllowed(tx, [
      {
        matchId: match.id,
        serverId: match.serverId,
        attempt: 1,
        reserveExpiresAt: START + 60_000,
        players: match.teams.flat().map(({ id }) => ({ id, generation: 0 })),
      },
    ]),
  );
}

/** `ready` → `running`, from the start. */
export async function makeRunning(store: Store, match: NewMatch): Promise<void> {
  await makeReady(store, match);
  await store.write('running', (tx) =>
    matches.markRunning(tx, { matchId: match.id, serverId: match.serverId }),
  );
}

/** A result in which the first team wins, with ratings that are no round numbers. */
export function firstTeamWins(match: NewMatch): { result: JsonValue; players: PlayerResult[] } {
  const players = match.teams.flatMap((team, rank) =>
    team.map(({ id }, position) => ({
      id,
      rank,
      score: 10 - rank + 0.1,
      muBefore: 25 + 1 / 3 + position / 7,
      sigmaBefore: 25 / 3,
      muAfter: 25.1 + rank / 3,
      sigmaAfter: Math.PI + position,
      playFraction: 0.7,
      stats: { kills: 3, 'acc%': 0.1 + 0.2 },
    })),
  );
  return { result: { matchId: match.id, teams: match.teams.map((_, rank) => ({ rank })) }, players };
}

/** Everybody who waits in a queue as a tick sees them, in one list. */
export async function snapshotOf(tx: ReadTx, queueName = 'duel', limit?: number): Promise<WaitingPlayer[]> {
  const players: WaitingPlayer[] = [];
  for await (const part of queue.snapshotForTick(tx, queueName, UNRATED, limit)) players.push(...part);
  return players;
}
