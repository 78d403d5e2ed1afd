/**
 * Program: the real master, whole, on free ports of the loopback and a new SQLite file. Beside what it serves to everybody
 * it lets the benchmark fill its database, tick by hand and look at its memory. Argument: JSON of
 * { env: settings (RANKED_…), autoTick: boolean, queues: text of the queues file }.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { encodeCertificate } from '@ranked/cert';
import { ticketAuthKey, ticketCredential } from '@ranked/protocol';
import { accounts, certificates, matchDeliveries, matches, queue, ratings, sessions } from '@ranked/store';
import { loadConfig } from '../../dist/config/load-config.js';
import { QueueModels } from '../../dist/config/queue-models.js';
import { MasterKeys } from '../../dist/keys/master-keys.js';
import { rulesOf } from '../../dist/matchmaking/match-rules.js';
import { Ticker } from '../../dist/matchmaking/ticker.js';
import { startMaster } from '../../dist/start-master.js';
import { STORE } from '../../dist/store/store.module.js';
import { serveCalls } from './calls.mjs';
import { issue } from './peer.mjs';

/** Wide enough that everybody who waits can be matched at once. */
const QUEUES =
  'queues: [{ name: duel, teams: 2, size: 1, window: { initial: 5000, perSecond: 0, max: 5000 } }]\n';

/** All come from one address here; the limits per address are meant for strangers. */
const OPEN_DOORS = {
  RANKED_LOG_LEVEL: 'warn',
  RANKED_HTTP_PORT: '0',
  RANKED_S2S_PORT: '0',
  RANKED_RDV_PORT: '0',
  RANKED_LOGINS_PER_MINUTE: '1000000',
  RANKED_LOGIN_BURST: '1000000',
  RANKED_ACCOUNT_LOGINS_PER_MINUTE: '1000000',
  RANKED_ACCOUNT_LOGIN_BURST: '1000000',
  RANKED_HTTP_REQUESTS_PER_SECOND: '1000000',
  RANKED_HTTP_REQUEST_BURST: '1000000',
  RANKED_MAX_UNAUTHENTICATED: '5000',
  RANKED_MAX_UNAUTHENTICATED_PER_ADDRESS: '5000',
  RANKED_HANDSHAKES_PER_SECOND: '1000000',
  RANKED_HANDSHAKE_BURST: '1000000',
};

const { env = {}, autoTick = true, queues = QUEUES } = JSON.parse(process.argv[2] ?? '{}');
// On the disk of the repository, since /tmp may be a RAM disk, on which durable writes cost nothing.
const base = fileURLToPath(new URL('../../../../bench-results', import.meta.url));
mkdirSync(base, { recursive: true });
const directory = mkdtempSync(join(base, 'master-'));
process.on('exit', () => rmSync(directory, { recursive: true, force: true }));
writeFileSync(join(directory, 'queues.yaml'), queues);

const config = loadConfig({
  ...OPEN_DOORS,
  RANKED_DATA: directory,
  RANKED_QUEUES_FILE: join(directory, 'queues.yaml'),
  ...env,
});
const master = await startMaster(config, { autoTick });
const { app } = master;
const store = app.get(STORE);
const ticker = app.get(Ticker);
const { keyId } = app.get(MasterKeys).current();
const [, seedHex] = readFileSync(join(directory, 'master.key'), 'utf8').trim().split(':');
const seed = Buffer.from(seedHex, 'hex');

let delay;

/** A number of the normal distribution (Box and Muller). */
function normal() {
  return Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
}

/** Those accounts wait in the queue, and nothing of earlier matches is left. */
async function emptyAndEnqueue(accountIds) {
  await store.write('bench queue', async (tx) => {
    for (const table of ['queue_entry', 'match_player', 'game_match']) await tx.run(`DELETE FROM ${table}`);
    for (const accountId of accountIds) await queue.join(tx, { accountId, queue: 'duel' });
  });
}

serveCalls({
  addresses: () => ({ http: master.http, s2s: master.s2s.port, rdv: master.rdv.port }),
  masterKey: () => Buffer.from(master.masterPublicKey, 'hex'),

  /** Certificates in the database. @returns what their holders log in with, and the certificate files */
  async servers(count) {
    const issued = Array.from({ length: count }, () => issue(seed));
    await store.write('bench certificates', async (tx) => {
      for (const [i, { uuid, issuedAt, expiresAt, secret }] of issued.entries()) {
        await certificates.insert(tx, {
          uuid,
          name: `server-${i}`,
          issuedAt,
          expiresAt,
          secret,
          masterKeyId: keyId,
        });
      }
    });
    return issued.map(({ login, ...certificate }) => ({
      uuid: certificate.uuid,
      login,
      file: Buffer.from(encodeCertificate(certificate)),
    }));
  },

  /** Accounts with a login and a rating each, strewn as those of people who have played. @returns what they connect with */
  async players(count) {
    const made = Array.from({ length: count }, () => ({
      accountId: randomUUID(),
      ticketId: randomBytes(16),
      key: ticketAuthKey(randomBytes(32)),
    }));
    const expiresAt = Date.now() + 3_600_000;
    await store.write('bench players', async (tx) => {
      for (const [i, { accountId, ticketId, key }] of made.entries()) {
        await accounts.create(tx, {
          id: accountId,
          username: accountId,
          displayName: `Player ${i}`,
          passwordHash: 'x',
        });
        const accessDigest = randomBytes(32).toString('hex');
        await sessions.create(tx, {
          id: ticketId.toString('hex'),
          accountId,
          accessDigest,
          ticketKey: key,
          expiresAt,
        });
      }
      const rows = made.map(({ accountId }) => ({
        ...{ accountId, queue: 'duel', games: 30, wins: 15, display: 1500, lastMatchAt: Date.now() },
        mu: 25 + (25 / 3) * normal(),
        sigma: 1 + Math.random(),
      }));
      await ratings.upsertMany(tx, rows);
    });
    return made.map(({ accountId, ticketId, key }) => ({
      accountId,
      login: { service: 'RDV', auth: key, credential: ticketCredential(ticketId) },
    }));
  },

  enqueue: emptyAndEnqueue,

  /** Duels that run, one for each two accounts, shared out to the servers. @returns what their servers know of them */
  async runningMatches({ accountIds, serverIds }) {
    await emptyAndEnqueue(accountIds);
    const duel = app.get(QueueModels).of('duel');
    const reserveExpiresAt = Date.now() + 600_000;
    const entryNos = await store.read((tx) =>
      tx.rows('SELECT q.account_id AS "accountId", q.entry_no AS "entryNo" FROM queue_entry q'),
    );
    const entryNoOf = new Map(entryNos.map(({ accountId, entryNo }) => [accountId, entryNo]));
    const running = Array.from({ length: accountIds.length / 2 }, (_, i) => ({
      id: randomUUID(),
      serverId: serverIds[i % serverIds.length],
      teams: accountIds
        .slice(2 * i, 2 * i + 2)
        .map((accountId) => [
          { id: randomUUID(), accountId, entryNo: entryNoOf.get(accountId), queuedAt: Date.now() },
        ]),
    }));
    await store.write('bench matches', async (tx) => {
      await matches.createMany(tx, {
        queue: 'duel',
        rules: rulesOf(duel),
        reserveExpiresAt,
        matches: running,
      });
      const acks = running.map(({ id, serverId, teams }) => ({
        matchId: id,
        serverId,
        attempt: 1,
        reserveExpiresAt,
        players: teams.flat().map((player) => ({ id: player.id, generation: 0 })),
      }));
      await matchDeliveries.recordAllowed(tx, acks);
      for (const { id, serverId } of running) await matches.markRunning(tx, { matchId: id, serverId });
    });
    return running.map(({ id, serverId, teams }) => ({
      matchId: id,
      serverId,
      players: teams.flat().map((p) => p.id),
    }));
  },
  /** How many matches are in each state. */
  states: () => store.read((tx) => tx.rows('SELECT state, count(*) AS n FROM game_match GROUP BY state')),
  metrics: () => ({ ...store.metrics }),

  async tick() {
    const { created, waiting, durationMs } = await ticker.tickOnce();
    return { created: created.length, waiting, durationMs };
  },
  idle: () => ticker.idle(),
  ticks: () => ({ ...ticker.counters }),

  /** Watches the event loop until `unwatch`, which gives the longest stall, ms. */
  watch() {
    delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
  },
  async unwatch() {
    // So that a stall that is going on is seen.
    await new Promise((resolve) => setTimeout(resolve, 5));
    delay.disable();
    return delay.max / 1e6;
  },
});
