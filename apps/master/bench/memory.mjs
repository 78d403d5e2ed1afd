/**
 * What an idle authenticated connection costs the master's memory: the real master with 5,000 players connected, after full
 * collections, against a TLS server of node:tls with as many.
 *
 *   node apps/master/bench/memory.mjs        (after a build)
 */
import { connect as connectTls } from 'node:tls';
import { figure, median, say } from './rig/figures.mjs';
import { Program } from './rig/calls.mjs';
import { openMany, Peer } from './rig/peer.mjs';
import { startMaster } from './rig/start-master.mjs';

const CONNECTIONS = 5_000;
/** Connected and gone before the measurement, so that code, pools and caches stand. */
const WARM_UP = 500;
const ROUNDS = 5;
const KIB = 1024;

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** @returns KiB for each of CONNECTIONS, resident and on the heap (its buffers outside included) */
async function growth(program, open) {
  for (const socket of await open(WARM_UP)) socket.destroy();
  await pause(1_000);
  const before = await program.call('memory');
  const sockets = await open(CONNECTIONS);
  await pause(1_000);
  const after = await program.call('memory');
  for (const socket of sockets) socket.destroy();
  const each = (key) => (after[key] - before[key]) / CONNECTIONS / KIB;
  return { resident: each('rss'), heap: each('heapUsed') + each('external') };
}

async function ours() {
  const master = await startMaster({ env: { RANKED_HEARTBEAT_MS: '300000' } });
  const { rdv } = await master.call('addresses');
  const players = await master.call('players', CONNECTIONS);
  const open = (count) => openMany(players.slice(0, count), ({ login }) => Peer.open(rdv, login));
  const result = await growth(master, open);
  await master.stop();
  return result;
}

async function tls() {
  const server = await Program.start(new URL('./peers/node-tls.mjs', import.meta.url));
  const port = await server.call('port');
  const ca = await server.call('ca');
  const dial = () =>
    new Promise((resolve, reject) => {
      const options = { host: '127.0.0.1', port, ca, servername: 'localhost', minVersion: 'TLSv1.3' };
      const socket = connectTls(options, () => resolve(socket));
      socket.on('error', reject);
    });
  const result = await growth(server, (count) => openMany(Array(count).fill(0), dial));
  await server.stop();
  return result;
}

const rounds = { ours: [], tls: [] };
for (let round = 0; round < ROUNDS; round += 1) {
  rounds.ours.push(await ours());
  rounds.tls.push(await tls());
  const [{ resident, heap }, peer] = [rounds.ours.at(-1), rounds.tls.at(-1)];
  say(`ours ${resident.toFixed(1)} KiB (heap ${heap.toFixed(1)}), node:tls ${peer.resident.toFixed(1)} KiB`);
}
const raw = (side, key) => rounds[side].map((one) => one[key]);
figure({
  figure: `an idle authenticated connection, resident memory, at ${CONNECTIONS} connections`,
  unit: 'KiB',
  raw: raw('ours', 'resident'),
  atMost: 10,
  peer: `node:tls ${median(raw('tls', 'resident')).toFixed(1)} KiB`,
});
figure({
  figure: 'of it on the heap, buffers included',
  unit: 'KiB',
  raw: raw('ours', 'heap'),
  peer: `node:tls ${median(raw('tls', 'heap')).toFixed(1)} KiB`,
});
process.exit(0);
