/**
 * What a heartbeat of a game server costs the master, all in: socket, frame, schema, dispatch, board, and its share of the
 * tick that writes presence. The real master ticks by itself; its processor time with the same connections silent is taken off.
 *
 *   node apps/master/bench/heartbeat.mjs        (after a build)
 *
 * Each heartbeat travels alone, in its own segment: no two come from one connection within a turn. What of the cost is the
 * kernel's and Node's shows a peer that reads as many bytes from a bare socket.
 */
import { once } from 'node:events';
import { connect } from 'node:net';
import { MsgType } from '@ranked/protocol';
import { Program } from './rig/calls.mjs';
import { alternate, figure, median, say } from './rig/figures.mjs';
import { openMany, Peer } from './rig/peer.mjs';
import { startMaster } from './rig/start-master.mjs';

const SERVERS = 500;
const PER_SECOND = 5_000;
const ROUNDS = 7;
const ROUND_MS = 3_000;
const BOUND_US = 50;

const master = await startMaster({ env: { RANKED_HEARTBEAT_MS: '60000' } });
const { s2s } = await master.call('addresses');

const heartbeat = (index) => ({
  name: `server-${index}`,
  port: 27_015,
  region: 'eu-central',
  build: '2026.11.3+4711',
  capacity: 64,
  players: index % 64,
  accepting: true,
  matches: [],
  load: 0.43,
});

/** Sends PER_SECOND heartbeats, evenly, round robin over the servers. @param send (index of the server) @returns how many */
async function beat(send, ms) {
  const began = performance.now();
  let sent = 0;
  while (performance.now() - began < ms) {
    const due = Math.floor(((performance.now() - began) / 1000) * PER_SECOND);
    for (; sent < due; sent += 1) send(sent % SERVERS);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return sent;
}

/** Processor microseconds of `program` for each heartbeat, those it uses without any taken off. */
async function measure(program, send) {
  const quiet = await program.cpuOf(() => new Promise((resolve) => setTimeout(resolve, ROUND_MS)));
  let sent = 0;
  const busy = await program.cpuOf(async () => {
    sent = await beat(send, ROUND_MS);
  });
  return (busy - quiet) / sent;
}

const logins = await master.call('servers', SERVERS);
const servers = await openMany(logins, ({ login }) => Peer.open(s2s, login));
const bare = await Program.start(new URL('./peers/bare-net.mjs', import.meta.url));
const port = await bare.call('port');
const sockets = await openMany(logins, async () => {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  await once(socket, 'connect');
  return socket;
});
const bytes = Buffer.alloc(57 + 16 + JSON.stringify(heartbeat(7)).length);
const sides = {
  ours: () => measure(master, (index) => servers[index].send(MsgType.Heartbeat, heartbeat(index))),
  bare: () => measure(bare, (index) => sockets[index].write(bytes)),
};
// A master that was just started runs its JavaScript slowly.
for (let i = 0; i < 3; i += 1) await sides.ours();
const results = await alternate(sides, ROUNDS);
say(
  `ours ${median(results.ours).toFixed(1)} µs, bytes on a bare socket ${median(results.bare).toFixed(1)} µs`,
);
figure({
  figure: `a heartbeat, all in, ${SERVERS} game servers, ${PER_SECOND} heartbeats a second`,
  unit: 'µs',
  raw: results.ours,
  atMost: BOUND_US,
  peer: `as many bytes read from a bare node:net socket ${median(results.bare).toFixed(1)} µs`,
});
await master.stop();
process.exit(0);
