/**
 * What a message costs the server, in processor time: the channel with Nest's dispatch and the schema check, against
 * Nest's own TCP transport with TLS, bare node:tls and Colyseus over TLS.
 *
 *   node apps/master/bench/channel.mjs        (after a build)
 *
 * 64 connections. Requests: 16 of each connection in flight, each answered one brings the next; what is answered together is
 * asked together. Bursts: one-way messages, 32 at once. Each server is a process of its own, the load comes from this one.
 * Besides, the frames alone without Nest, JSON and schema stand against node:tls that reads nothing either.
 */
import { alternate, figure, median, ratios, say } from './rig/figures.mjs';
import { Program } from './rig/calls.mjs';
import { openBare, openColyseus, openNest, openOurs } from './peers/clients.mjs';

const CONNECTIONS = 64;
const IN_FLIGHT = 16;
const ROUNDS = 11;
const WARM_UP_ROUNDS = 3;
const MESSAGES_PER_ROUND = 64_000;
const BURST = 32;
/** Bursts of a connection before it waits for the server. */
const BURSTS = 8;

const ours = await Program.start(new URL('./rig/channel-server.mjs', import.meta.url), process.env.PROF ? { execArgv: ['--expose-gc','--cpu-prof','--cpu-prof-interval=200','--cpu-prof-dir=/work/perf/prof'] } : {});
const peer = (name, ...args) => Program.start(new URL(`./peers/${name}.mjs`, import.meta.url), { args });
const servers = {
  ours,
  nest: await peer('nest-tcp'),
  tls: await peer('node-tls', 'Ed25519', 'bytes'),
  'tls and JSON.parse': await peer('node-tls', 'Ed25519', 'json'),
  colyseus: await peer('colyseus'),
  frames: await peer('frames'),
};

async function clientsOf(name, program) {
  const port = await program.call('port');
  if (name === 'ours' || name === 'frames') {
    const logins = await program.call('certificates', CONNECTIONS);
    return Promise.all(logins.map((login) => openOurs(port, login)));
  }
  const ca = await program.call('ca');
  const open = { nest: openNest, colyseus: openColyseus }[name] ?? openBare;
  return Promise.all(
    Array.from({ length: CONNECTIONS }, async () =>
      open(port, ca, name === 'colyseus' ? await program.call('seat') : undefined),
    ),
  );
}

/** All connections keep IN_FLIGHT requests under way until `total` are answered. */
function requests(clients, total) {
  return new Promise((resolve) => {
    let toSend = total;
    let answered = 0;
    const send = (client, count) => {
      const now = Math.min(count, toSend);
      toSend -= now;
      if (now > 0) client.send('request', now);
    };
    for (const client of clients) {
      client.onAnswers = (count) => {
        answered += count;
        if (answered === total) resolve();
        else send(client, count);
      };
    }
    for (const client of clients) send(client, IN_FLIGHT);
  });
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** All connections send bursts; after some, a request shows that the server has handled all before it. */
async function bursts(clients, total) {
  const each = total / clients.length / (BURST * BURSTS);
  await Promise.all(
    clients.map(async (client) => {
      for (let sent = 0; sent < each; sent += 1) {
        for (let i = 0; i < BURSTS; i += 1) {
          client.send('oneWay', BURST);
          await turn();
        }
        const answered = new Promise((resolve) => (client.onAnswers = resolve));
        client.send('request', 1);
        await answered;
      }
    }),
  );
}

const clients = {};
for (const [name, program] of Object.entries(servers)) clients[name] = await clientsOf(name, program);

const results = {};
for (const [pattern, run] of Object.entries(process.env.PROF ? { bursts } : { requests, bursts })) {
  const sides = Object.fromEntries(
    Object.entries(servers).map(([name, program]) => [
      name,
      async () => {
        const before = await program.call('handled');
        const used = await program.cpuOf(() => run(clients[name], MESSAGES_PER_ROUND));
        return used / ((await program.call('handled')) - before);
      },
    ]),
  );
  for (const side of Object.values(sides)) for (let i = 0; i < WARM_UP_ROUNDS; i += 1) await side();
  results[pattern] = await alternate(sides, ROUNDS);
  for (const [name, values] of Object.entries(results[pattern])) {
    say(`${pattern} ${name}: ${median(values).toFixed(2)} µs of the server's processor per message`);
  }
}
for (const program of Object.values(servers)) await program.stop();

process.exit(0);
