/**
 * What ten open dashboards cost the dashboard's process while 1,000 game servers come and go in their numbers: its processor time
 * with ten event streams of all topics, 200 changed servers a second (each server once per heartbeat of five seconds), 100 log
 * lines a second. The master has no part in it.
 *
 *   node apps/admin/bench/dashboards.mjs        (after a build)
 */
import { spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import https from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureKeys } from '@ranked/cert/files';
import { certificates, gameServers, openStore, serverLogs, settings } from '@ranked/store';

const SERVERS = 1_000;
const DASHBOARDS = 10;
const HEARTBEAT_MS = 5_000;
const ROUND_MS = 5_000;
const ROUNDS = 5;
const BOUND_CORES = 0.2;
const TOKEN = 'benchmark-token-0123456789';
/** Clock ticks a second of /proc/<pid>/stat; every Linux that Node runs on has 100. */
const TICKS = 100;

const dir = mkdtempSync(join(tmpdir(), 'ranked-dashboards-'));
const data = join(dir, 'data');
const { databaseKey } = ensureKeys(data);
const store = await openStore(
  { kind: 'sqlite', path: join(data, 'ranked.sqlite') },
  { databaseKey, now: Date.now },
);
const ids = Array.from({ length: SERVERS }, () => randomUUID());
await store.write('certificates', async (tx) => {
  await settings.setMasterKeyId(tx, 'k'.repeat(32));
  for (const [n, uuid] of ids.entries()) {
    const issuedAt = Math.floor(Date.now() / 1000);
    await certificates.insert(tx, {
      uuid,
      name: `server-${n}`,
      issuedAt,
      expiresAt: issuedAt + 90 * 86_400,
      secret: randomBytes(32),
      masterKeyId: 'k'.repeat(32),
    });
  }
});

const connectedAt = Date.now();
const presenceOf = (n) => ({
  id: ids[n],
  name: `server-${n}`,
  nodeId: 'bench',
  host: '192.0.2.1',
  port: 27_015,
  region: 'eu-central',
  build: '2026.11.3',
  capacity: 16,
  players: Math.floor(Math.random() * 64),
  accepting: true,
  matches: 0,
  load: Math.random(),
  queues: null,
  lastSeen: Date.now(),
  connectedAt,
});
await store.write('presence', (tx) =>
  gameServers.upsertPresence(
    tx,
    ids.map((_, n) => presenceOf(n)),
  ),
);

const child = spawn(process.execPath, [fileURLToPath(new URL('../dist/main.js', import.meta.url))], {
  env: { PATH: process.env.PATH, RANKED_DATA: data, RANKED_ADMIN_PORT: '0', TBQ_ADMIN_TOKEN_FILE: '-' },
  stdio: ['pipe', 'pipe', 'inherit'],
});
child.stdin.end(TOKEN);
const url = await new Promise((resolve) => {
  let text = '';
  child.stdout.on('data', (chunk) => {
    text += chunk;
    const ready = text.split('\n').find((line) => line.includes('"msg":"ready"') && line.endsWith('}'));
    if (ready) resolve(JSON.parse(ready).url);
  });
});

const admin = join(data, 'admin');
const client = {
  ca: readFileSync(join(admin, 'authority.pem')),
  cert: readFileSync(join(admin, 'operators', 'first-operator.pem')),
  key: readFileSync(join(admin, 'operators', 'first-operator.key')),
  headers: { authorization: `Bearer ${TOKEN}` },
  agent: false,
  family: 4,
};
let received = 0;
for (let n = 0; n < DASHBOARDS; n += 1) {
  await new Promise((resolve, reject) => {
    https
      .get(
        new URL('/api/events?topics=overview,servers,queues,matches,commands,logs,audit', url),
        client,
        (response) => {
          response.on('data', (chunk) => (received += chunk.length));
          resolve(response.statusCode);
        },
      )
      .on('error', reject);
  });
}

/** Processor seconds that the process has used. */
function processorSeconds() {
  const stat = readFileSync(`/proc/${child.pid}/stat`, 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}

/** Ten times a second a fiftieth of the servers beats, and ten lines are logged. */
let next = 0;
const beat = setInterval(() => {
  const due = Array.from({ length: Math.round((SERVERS * 100) / HEARTBEAT_MS) }, () =>
    presenceOf(next++ % SERVERS),
  );
  void store.writeGrouped('beat', async (tx) => {
    await gameServers.upsertPresence(tx, due);
    await serverLogs.appendMany(
      tx,
      due
        .slice(0, 10)
        .map(({ id }) => ({ serverId: id, level: 'info', at: Date.now(), message: 'a round has ended' })),
    );
  });
}, 100);

const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
await wait(2 * ROUND_MS);
const raw = [];
for (let round = 0; round < ROUNDS; round += 1) {
  const [began, before] = [performance.now(), processorSeconds()];
  await wait(ROUND_MS);
  raw.push((processorSeconds() - before) / ((performance.now() - began) / 1000));
}
clearInterval(beat);
process.stderr.write(`${Math.round(received / 1024)} KiB of events were read\n`);
const value = [...raw].sort((a, b) => a - b)[Math.floor(raw.length / 2)];
process.stdout.write(
  `${JSON.stringify({ figure: `${DASHBOARDS} open dashboards, ${SERVERS} game servers`, value, unit: 'cores', atMost: BOUND_CORES, raw })}\n`,
);
child.kill('SIGTERM');
await new Promise((resolve) => child.once('close', resolve));
await store.close();
rmSync(dir, { recursive: true, force: true });
process.exit(0);
