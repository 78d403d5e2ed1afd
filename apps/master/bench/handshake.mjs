/**
 * Handshakes: the server's processor time for one, accept and end of the socket included, against full TLS 1.3 handshakes of
 * node:tls without resumption; and HELLOs that were forged, over sockets.
 *
 *   node apps/master/bench/handshake.mjs        (after a build)
 *
 * RDV, where a ticket proves the player, stands beside TLS, where only the server shows a certificate; S2S, where the game
 * server's certificate is verified too, beside TLS with client certificates. S2S against TLS without them is given as well.
 */
import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { alternate, figure, median, ratios, say } from './rig/figures.mjs';
import { Program } from './rig/calls.mjs';
import { clientHandshake, openMany, Peer } from './rig/peer.mjs';

const HANDSHAKES = 200;
const ROUNDS = 11;
const WARM_UP_ROUNDS = 10;
const AT_ONCE = 16;

const ours = await Program.start(new URL('./rig/channel-server.mjs', import.meta.url));
const certificates = await ours.call('certificates', HANDSHAKES);
const tickets = await ours.call('tickets', HANDSHAKES);
const s2s = await ours.call('port');
const rdv = await ours.call('rdvPort');
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Processor microseconds of the server for each of `work`'s. */
const each = (program, list, work) => async () => {
  const used = await program.cpuOf(async () => {
    await openMany(list, work, AT_ONCE);
    await pause(20);
  });
  return used / list.length;
};

async function tlsSide(...args) {
  const program = await Program.start(new URL('./peers/node-tls.mjs', import.meta.url), { args });
  const port = await program.call('port');
  const credentials = await program.call('credentials');
  const own = args.includes('mutual') ? credentials : {};
  const options = {
    host: '127.0.0.1',
    port,
    ca: credentials.cert,
    ...own,
    servername: 'localhost',
    minVersion: 'TLSv1.3',
  };
  const open = () =>
    new Promise((resolve, reject) => {
      const socket = connectTls(options);
      socket.on('error', reject);
      // With client certificates the client is done before the server is: its first session ticket says that the server is.
      socket.once('session', () => {
        socket.destroy();
        resolve();
      });
    });
  return each(program, tickets, open);
}

/** A HELLO whose HMAC is wrong; resolves when the server has ended the socket. */
function forged(login) {
  const hello = Buffer.from(clientHandshake(login).hello());
  hello[10] ^= 1;
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port: rdv }, () => socket.write(hello));
    socket.on('error', () => {});
    socket.on('close', resolve);
    socket.resume();
  });
}

const sides = {
  RDV: each(ours, tickets, async (login) => (await Peer.open(rdv, login)).destroy()),
  'TLS, Ed25519': await tlsSide('Ed25519'),
  'TLS, P-256': await tlsSide('P-256'),
  S2S: each(ours, certificates, async (login) => (await Peer.open(s2s, login)).destroy()),
  'TLS both ways, Ed25519': await tlsSide('Ed25519', 'mutual'),
  'TLS both ways, P-256': await tlsSide('P-256', 'mutual'),
  forged: each(ours, tickets, forged),
};
// A server that is just started runs its JavaScript slowly; a few thousand handshakes later it does not.
say('warming up');
for (const run of Object.values(sides)) for (let i = 0; i < WARM_UP_ROUNDS; i += 1) await run();
const results = await alternate(sides, ROUNDS);
const us = (name) => `${median(results[name]).toFixed(0)} µs`;
for (const name of Object.keys(results)) say(`${name}: ${us(name)} of the server's processor`);

for (const [service, peer, bound] of [
  ['RDV', 'TLS, Ed25519', { atLeast: 1.3 }],
  ['RDV', 'TLS, P-256', { atLeast: 1.3 }],
  ['S2S', 'TLS both ways, Ed25519', { atLeast: 1.3 }],
  ['S2S', 'TLS both ways, P-256', { atLeast: 1.3 }],
  ['S2S', 'TLS, Ed25519', {}],
]) {
  figure({
    figure: `${service} handshakes per second of processor, ratio to full ${peer}`,
    unit: '×',
    raw: ratios(results[peer], results[service]),
    ...bound,
    peer: `node:tls ${us(peer)}, ours ${us(service)}`,
  });
}
figure({
  figure: 'forged HELLOs refused, socket and all',
  unit: '/s',
  raw: results.forged.map((micros) => 1e6 / micros),
  peer: 'the same without the socket: protocol benchmark',
});
process.exit(0);
