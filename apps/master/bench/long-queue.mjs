/**
 * 100,000 players in one queue on SQLite, to matches on 50 game servers: searched in the tick, and searched between the ticks in a
 * thread, in turn in one process. How long the event loop stands still, how long the longest transaction is open, and how long
 * somebody else's small write takes meanwhile.
 *
 *   node apps/master/bench/long-queue.mjs [players]        (after a build)
 */
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';
import { certificates, gameServers, openStore, settings } from '@ranked/store';
import { SystemClock, SystemRandom } from '../dist/clock/clock.js';
import { MasterConfig } from '../dist/config/master-config.js';
import { QueueModels } from '../dist/config/queue-models.js';
import { createLogger } from '../dist/logging/logger.js';
import { LongQueues } from '../dist/matchmaking/search/long-queues.js';
import { SearchThread } from '../dist/matchmaking/search/search-thread.js';
import { formMatches } from '../dist/matchmaking/steps/form-matches.js';
import { emptyOutcome } from '../dist/matchmaking/tick-outcome.js';
import { figure, median, say } from './rig/figures.mjs';

const PLAYERS = Number(process.argv[2] ?? 100_000);
const SERVERS = 50;
const KEY = 'key';
const ROUNDS = 5;
/** From so many players on: no queue is too long for the tick. */
const NEVER = 10_000_000;

const base = fileURLToPath(new URL('../../../bench-results', import.meta.url));
mkdirSync(base, { recursive: true });
// On the disk of the repository, since /tmp may be a RAM disk, on which durable writes cost nothing.
const directory = mkdtempSync(join(base, 'long-queue-'));
process.on('exit', () => rmSync(directory, { recursive: true, force: true }));

const clock = new SystemClock();
const random = new SystemRandom();
const config = Object.assign(new MasterConfig(), {
  queues: [
    {
      name: 'duel',
      teams: 2,
      size: 1,
      rating: {},
      ranks: { provisional: 0.5 },
      window: { initial: 5000, perSecond: 0, max: 5000, lastResortAfter: 180 },
    },
  ],
});
const queues = new QueueModels(config);
const store = await openStore(
  { kind: 'sqlite', path: join(directory, 'ranked.sqlite') },
  { databaseKey: Buffer.alloc(32, 9), now: () => clock.now() },
);
const log = createLogger('warn', {});
const thread = new SearchThread(log);
const isPresent = () => true;
const long = new LongQueues(store, thread, { presentAt: () => isPresent }, queues, config, clock, log);

const accountIds = Array.from({ length: PLAYERS }, () => randomUUID());
const serverIds = Array.from({ length: SERVERS }, () => randomUUID());
await store.write('bench rows', async (tx) => {
  const all = JSON.stringify(accountIds);
  await tx.run(
    `INSERT INTO account (id, username, username_key, display_name, password_hash, created_at)
     SELECT value, value, value, value, 'x', 0 FROM json_each($1)`,
    [all],
  );
  await tx.run(
    `INSERT INTO rating (account_id, queue, mu, sigma, games, wins, display)
     SELECT value, 'duel', 25 + (random() % 1000000) / 100000.0, 2, 1, 0, 0 FROM json_each($1)`,
    [all],
  );
  await settings.setMasterKeyId(tx, KEY);
  for (const uuid of serverIds) {
    const issuedAt = Math.floor(clock.now() / 1000);
    const certificate = {
      uuid,
      name: uuid,
      issuedAt,
      expiresAt: issuedAt + 86_400,
      secret: Buffer.alloc(32),
    };
    await certificates.insert(tx, { ...certificate, masterKeyId: KEY });
  }
});

/** The servers have just been heard. */
function present(tx) {
  const now = clock.now();
  return gameServers.upsertPresence(
    tx,
    serverIds.map((id) => ({
      ...{ id, name: id, nodeId: 'bench', host: 'localhost', port: 1, region: 'eu', build: '1' },
      ...{ capacity: PLAYERS, players: 0, accepting: true, matches: 0, load: 0, queues: null },
      ...{ lastSeen: now, connectedAt: now },
    })),
  );
}

/** Everybody waits, and nothing of earlier rounds is left. */
async function enqueue() {
  await store.write('bench queue', async (tx) => {
    for (const table of ['queue_entry', 'match_player', 'game_match']) await tx.run(`DELETE FROM ${table}`);
    await tx.run(
      `INSERT INTO queue_entry (account_id, queue, joined_at, last_seen, latencies, last_opponents, blocks)
       SELECT value, 'duel', $2 - abs(random() % 60000), $2, '{"as":210,"eu":30,"us":110.5}', '["' || value || '"]', 0
       FROM json_each($1)`,
      [JSON.stringify(accountIds), clock.now()],
    );
    await present(tx);
  });
}

/** The part of a tick that makes matches. @param longQueue from how many players a queue is searched between the ticks */
async function tick(longQueue) {
  const inputs = { found: long.found(), long: longQueue === NEVER ? new Map() : long.sizes() };
  const outcome = await store.write('tick', async (tx) => {
    await present(tx);
    const context = {
      ...{ tx, now: clock.now(), number: 0, config: { ...config, longQueue }, queues: queues.all(), random },
      ...{ maintenance: false, masterKeyId: KEY, inputs, outcome: emptyOutcome(), isPresent },
    };
    await formMatches(context);
    return context.outcome;
  });
  long.follow(outcome.long);
  return outcome.created.length;
}

/** Small writes of somebody else, one after another, as long as `work` goes on; the time that each took, ms. */
async function withOthers(work) {
  const times = [];
  let isOver = false;
  const others = (async () => {
    for (let i = 0; !isOver; i += 1) {
      const began = performance.now();
      await store.writeGrouped('bench other', (tx) =>
        tx.run('UPDATE account SET display_name = display_name WHERE id = $1', [accountIds[i % PLAYERS]]),
      );
      times.push(performance.now() - began);
      await pause(2);
    }
  })();
  await work();
  isOver = true;
  await others;
  return times;
}

/** Processor time of this thread, ms (Linux); elsewhere the clock. What other programs of the machine take is not ours. */
function threadMs() {
  if (process.platform !== 'linux') return performance.now();
  return Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6;
}

/** Looks in every turn of the event loop at what the turn before took. @returns a function that ends it and gives the longest, ms */
function watchTurns() {
  let [last, longest, isOver] = [threadMs(), 0, false];
  const look = () => {
    const now = threadMs();
    longest = Math.max(longest, now - last);
    last = now;
    if (!isOver) setTimeout(look, 1);
  };
  look();
  return () => {
    look();
    isOver = true;
    return longest;
  };
}

/** From a full queue to all matches. */
async function round(longQueue) {
  await enqueue();
  globalThis.gc?.();
  await pause(50);
  const longestTurn = watchTurns();
  const began = performance.now();
  let [matches, transaction] = [0, 0];
  const others = await withOthers(async () => {
    while (matches < PLAYERS / 2) {
      const start = performance.now();
      matches += await tick(longQueue);
      transaction = Math.max(transaction, performance.now() - start);
      await long.idle();
    }
  });
  const whole = performance.now() - began;
  return { blocked: longestTurn(), transaction, whole, others: Math.max(...others) };
}

const SIDES = { tick: NEVER, thread: config.longQueue };
const results = { tick: [], thread: [] };
for (let i = -1; i < ROUNDS; i += 1) {
  for (const [side, longQueue] of Object.entries(SIDES)) {
    const one = await round(longQueue);
    say(`${side}: ${Object.entries(one).map(([name, ms]) => `${name} ${ms.toFixed(0)} ms`)}`);
    if (i >= 0) results[side].push(one);
  }
}
const print = (text, key, more = {}) => {
  const of = (side) => results[side].map((one) => one[key]);
  const peer = `in the tick: ${median(of('tick')).toFixed(0)} ms, the best round ${Math.min(...of('tick')).toFixed(0)} ms`;
  figure({ figure: text, unit: 'ms', raw: of('thread'), value: Math.min(...of('thread')), peer, ...more });
};
const who = `${PLAYERS.toLocaleString('en')} players with latencies in one queue`;
print(`${who}: the longest turn of the event loop, processor time, best round`, 'blocked', { atMost: 20 });
print('the longest transaction of a tick', 'transaction');
print('the longest that a small write of somebody else took', 'others');
print('from a full queue to the last match, without the pauses between ticks', 'whole');
await long.onModuleDestroy();
await store.close();
process.exit(0);
