// Measures the storage figures of the service. Build first, then: node libs/store/bench/storage.mjs [sqlite|postgres]
// Prints a line of JSON for each figure. Writes to a directory of its own below the current one (a RAM disk would make durable commits look too good).
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import {
  accounts,
  certificates,
  gameServers,
  matchDeliveries,
  matches,
  openStore,
  queue,
  ratings,
} from '../dist/index.js';

const kind = process.argv[2] ?? 'sqlite';
const directory = mkdtempSync(join(process.cwd(), 'bench-store-'));
const cluster =
  kind === 'postgres'
    ? await (await import('../../../tools/jest/postgres-cluster.js')).startPostgres({ durable: true })
    : undefined;
await cluster?.createDatabase('bench');
const target = cluster
  ? { kind, url: cluster.url('bench') }
  : { kind: 'sqlite', path: join(directory, 'bench.sqlite') };
const store = await openStore(target, { databaseKey: Buffer.alloc(32, 1), now: Date.now });

const UNRATED = { mu: 25, sigma: 25 / 3 };
const RULES = {
  model: 'gaussian',
  parameters: { mu: 25, sigma: 25 / 3, beta: 25 / 6, tau: 0.08 },
  window: {},
};
const PLAYERS = 10_000;
const keyId = 'k'.repeat(32);
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const short = (value) => Number(value.toPrecision(4));
/** Prints a figure as one line of JSON; without a value of its own it is the median of `raw`. */
const show = (figure, unit, { raw, value = median(raw), ...rest }) =>
  console.log(
    JSON.stringify({ figure, value: short(value), unit, ...rest, ...(raw && { raw: raw.map(short) }) }),
  );

const ids = Array.from({ length: PLAYERS }, () => randomUUID());
await store.write('accounts', async (tx) => {
  for (const id of ids) {
    await accounts.create(tx, {
      id,
      username: id,
      displayName: `Player ${id.slice(0, 8)}`,
      passwordHash: 'x',
    });
  }
  await ratings.upsertMany(
    tx,
    ids
      .filter((_, n) => n % 2 === 0)
      .map((accountId) => ({
        accountId,
        queue: 'duel',
        mu: 25 + Math.random(),
        sigma: 3 + Math.random(),
        games: 1,
        wins: 0,
        display: 1500 * Math.random(),
        lastMatchAt: Date.now(),
      })),
  );
});
const servers = Array.from({ length: 50 }, () => randomUUID());
const presence = servers.map((id) => ({
  id,
  name: 'server',
  nodeId: 'n',
  host: 'h',
  port: 1,
  region: 'eu',
  build: '1',
  capacity: 10_000,
  players: 0,
  accepting: true,
  matches: 0,
  load: 0.5,
  queues: null,
  lastSeen: Date.now(),
  connectedAt: 1,
}));
await store.write('servers', async (tx) => {
  for (const uuid of servers) {
    await certificates.insert(tx, {
      uuid,
      name: 's',
      issuedAt: 0,
      expiresAt: 4e9,
      secret: Buffer.alloc(32),
      masterKeyId: keyId,
    });
  }
  await gameServers.upsertPresence(tx, presence);
});

/** The longest stall of the event loop while `work` ran, ms (1 ms resolution). */
async function blocked(work) {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const before = process.cpuUsage();
  const started = performance.now();
  await work();
  const took = performance.now() - started;
  const { user, system } = process.cpuUsage(before);
  await new Promise((resolve) => setTimeout(resolve, 5));
  delay.disable();
  return { took, stall: delay.max / 1e6, cpu: (user + system) / 1000 };
}

async function join_(waiting) {
  const now = Date.now();
  await store.write('join', (tx) =>
    tx.run(
      `INSERT INTO queue_entry (account_id, queue, joined_at, last_seen)
       SELECT a.id, 'duel', ${now}, ${now} FROM account a ORDER BY a.id LIMIT ${waiting}`,
    ),
  );
}
const empty = () =>
  store.write('empty', async (tx) => {
    for (const table of ['queue_entry', 'match_player', 'game_match']) await tx.run(`DELETE FROM ${table}`);
  });

/** UUIDs of version 7, as the master gives its matches. */
function matchIds(count) {
  const time = Date.now().toString(16).padStart(12, '0');
  return Array.from(
    { length: count },
    () => `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`,
  );
}

/** One tick: presence, stale entries, snapshot, servers, matches. Pairs neighbours, which costs next to nothing. */
async function tick(parts) {
  const ids = matchIds(parts.players / 2);
  const playerIds = Array.from({ length: parts.players }, () => randomUUID());
  return blocked(() => timedTick(parts, ids, playerIds));
}

async function timedTick(parts, ids, playerIds) {
  const part = async (name, work) => {
    const started = performance.now();
    const value = await work();
    (parts[name] ??= []).push(performance.now() - started);
    return value;
  };
  const made = await store.write(
    'tick',
    async (tx) => {
      await part('presence', () => gameServers.upsertPresence(tx, presence));
      await part('stale', () => queue.removeStale(tx, 0));
      const waiting = await part('snapshot', async () => {
        const players = [];
        for await (const read of queue.snapshotForTick(tx, 'duel', UNRATED)) players.push(...read);
        return players;
      });
      const found = await part('candidates', () =>
        gameServers.candidates(tx, { queue: 'duel', masterKeyId: keyId, seenSince: 0 }),
      );
      const plans = [];
      for (let n = 0; n + 1 < waiting.length; n += 2) {
        plans.push({
          id: ids[n / 2],
          serverId: found[n % found.length].id,
          teams: [n, n + 1].map((at) => {
            const { accountId, entryNo, joinedAt: queuedAt } = waiting[at];
            return [{ id: playerIds[at], accountId, entryNo, queuedAt }];
          }),
        });
      }
      const batch = { queue: 'duel', rules: RULES, reserveExpiresAt: Date.now() + 3000, matches: plans };
      return part('createMany', () => matches.createMany(tx, batch));
    },
    { lock: 'tick' },
  );
  if (made.created.length * 2 !== Math.floor(parts.players / 2) * 2)
    throw new Error('not everybody was matched');
  return made.created;
}

for (const [waiting, rounds] of [
  [1000, 15],
  [10_000, 15],
]) {
  const took = [];
  const stalls = [];
  const cpu = [];
  const parts = { players: waiting };
  for (let round = 0; round < rounds + 2; round += 1) {
    await empty();
    await join_(waiting);
    const one = await tick(parts);
    if (round < 2) continue;
    took.push(one.took);
    cpu.push(one.cpu);
    stalls.push(one.stall);
  }
  const name = `the tick's statements alone, ${waiting.toLocaleString('en')} players`;
  show(name, 'ms', { raw: took });
  show(`${name}: processor time of all threads`, 'ms', { raw: cpu });
  show(`${name}: the longest that the event loop stood still`, 'ms', { raw: stalls });
  for (const [part, raw] of Object.entries(parts)) {
    if (Array.isArray(raw)) show(`${name}: of it ${part}`, 'ms', { raw });
  }
}

// 5,000 matches are reserving now: what one delivery of allows reads, and the Acks.
{
  const took = [];
  for (let n = 0; n < 7; n += 1) {
    const started = performance.now();
    await store.read((tx) => matchDeliveries.allowsDue(tx, { serverIds: servers, limit: 200 }));
    took.push(performance.now() - started);
  }
  show('allowsDue, 200 of 5,000 matches', 'ms', { raw: took });
}
const live = await store.read((tx) =>
  tx.rows(`SELECT m.id, m.server_id AS "serverId", p.id AS "playerId", p.team FROM game_match m
           JOIN match_player p ON p.match_id = m.id ORDER BY m.id, p.team`),
);
const byMatch = Map.groupBy ? Map.groupBy(live, (row) => row.id) : new Map();
if (byMatch.size === 0) for (const row of live) byMatch.set(row.id, [...(byMatch.get(row.id) ?? []), row]);
const all = [...byMatch.values()];
{
  const acks = all.map((players) => ({
    matchId: players[0].id,
    serverId: players[0].serverId,
    attempt: 1,
    reserveExpiresAt: Date.now() + 60_000,
    players: players.map((row) => ({ id: row.playerId, generation: 0 })),
  }));
  const one = await blocked(() => store.write('acks', (tx) => matchDeliveries.recordAllowed(tx, acks)));
  show('recordAllowed, 5,000 Acks', 'ms', { value: one.took });
  show('recordAllowed, 5,000 Acks: the longest that the event loop stood still', 'ms', { value: one.stall });
}
await store.write('run', (tx) => tx.run(`UPDATE game_match SET state = 'running', started_at = 1`));
{
  const took = [];
  for (let n = 0; n < 7; n += 1) {
    const started = performance.now();
    await store.read((tx) => matchDeliveries.allowsDue(tx, { serverIds: servers, limit: 200 }));
    took.push(performance.now() - started);
  }
  show('allowsDue, nothing due among 5,000 running matches', 'ms', { raw: took });
}

// Results: read, rate (constant work), write the match, the players and two ratings, durably.
const result = (players) => async (tx) => {
  const matchId = players[0].id;
  const read = await matches.forResult(tx, matchId, UNRATED);
  const outcome = await matches.finish(tx, {
    matchId,
    serverId: players[0].serverId,
    result: { matchId, durationMs: 90_000, teams: [{ rank: 0 }, { rank: 1 }] },
    players: read.match.players.map((player, n) => ({
      id: player.id,
      rank: n,
      muBefore: read.ratings[n].mu,
      sigmaBefore: read.ratings[n].sigma,
      muAfter: read.ratings[n].mu + 0.5 - n,
      sigmaAfter: read.ratings[n].sigma * 0.99,
    })),
  });
  if (outcome !== 'finished') throw new Error(outcome);
  await ratings.upsertMany(
    tx,
    read.ratings.map((row, n) => ({
      ...row,
      mu: row.mu + 0.5 - n,
      games: row.games + 1,
      wins: row.wins + 1 - n,
    })),
  );
};
for (const [atOnce, count] of [
  [1, 300],
  [16, 1000],
  [256, 2500],
]) {
  const batch = all.splice(0, count);
  const before = store.metrics.groups;
  const started = performance.now();
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (let players = batch.pop(); players !== undefined; players = batch.pop()) {
        await store.writeGrouped('result', result(players));
      }
    }),
  );
  const seconds = (performance.now() - started) / 1000;
  const groups = store.metrics.groups - before;
  show(`the statements of a result, durable, ${atOnce} at once`, '/s', {
    value: count / seconds,
    peer: `${(count / groups).toFixed(1)} in a commit`,
  });
}
{
  const took = [];
  for (let n = 0; n < 200; n += 1) {
    const started = performance.now();
    await store.writeGrouped('one', (tx) => queue.touch(tx, [ids[n]]));
    took.push(performance.now() - started);
  }
  show('a lone small durable write', 'ms', { raw: took });
}
await store.close();
await cluster?.stop();
rmSync(directory, { recursive: true });
