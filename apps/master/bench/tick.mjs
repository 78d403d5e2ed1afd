/**
 * The matchmaking tick of the real master on SQLite: 1,000 and 10,000 connected players to matches on 50 connected game
 * servers, from its beginning to its commit; how long the event loop stands still meanwhile and while all that follows
 * is sent; and what 32 logins in flight do to the tick and to other requests.
 *
 *   node apps/master/bench/tick.mjs        (after a build)
 */
import { randomUUID } from 'node:crypto';
import { MsgType } from '@ranked/protocol';
import { alternate, figure, median, ratios, say } from './rig/figures.mjs';
import { openMany, Peer } from './rig/peer.mjs';
import { startMaster } from './rig/start-master.mjs';

const PLAYERS = 10_000;
const SERVERS = 50;
/** Ticks before those that count: the engine compiles what is called often, and the first ticks of a size take two to ten times as long. */
const WARM_UP = 8;

const master = await startMaster({ autoTick: false, env: { RANKED_HEARTBEAT_MS: '300000' } });
const { http, s2s, rdv } = await master.call('addresses');

const servers = await openMany(await master.call('servers', SERVERS), ({ login }) => Peer.open(s2s, login));
for (const [i, server] of servers.entries()) {
  server.onMessage = (type, _plaintext, of) => {
    if (type === MsgType.CmdAllowPlayers)
      server.queue(MsgType.Ack, Buffer.from(JSON.stringify({ of, ok: true })));
  };
  server.send(MsgType.Heartbeat, {
    name: `server-${i}`,
    port: 27_015,
    region: 'eu',
    build: '1',
    capacity: 10_000,
    players: 0,
    accepting: true,
    matches: [],
  });
}
let found = 0;
const accounts = await master.call('players', PLAYERS);
const accountIds = accounts.map(({ accountId }) => accountId);
const players = await openMany(accounts, async ({ login }) => {
  const player = await Peer.open(rdv, login);
  player.onMessage = (type) => {
    if (type === MsgType.MatchFound) found += 1;
  };
  return player;
});
await master.call('tick');
await master.call('idle');
say(`${players.length} players and ${servers.length} servers are connected`);

/** One tick over `count` waiting players, and all that is sent because of it. */
async function tick(count) {
  await master.call('enqueue', accountIds.slice(0, count));
  found = 0;
  await master.call('watch');
  const { created, durationMs } = await master.call('tick');
  const during = await master.call('unwatch');
  await master.call('watch');
  await master.call('idle');
  const after = await master.call('unwatch');
  if (created !== count / 2) throw new Error(`${created} matches for ${count} players`);
  while (found < count) await new Promise((resolve) => setTimeout(resolve, 1));
  return { durationMs, blocked: during, blockedAfter: after };
}

async function rounds(count, number) {
  const results = [];
  for (let round = -WARM_UP; round < number; round += 1) {
    const one = await tick(count);
    if (round >= 0) results.push(one);
  }
  const of = (key) => results.map((result) => result[key]);
  say(
    `${count} players: tick ${median(of('durationMs')).toFixed(1)} ms, blocked ${median(of('blocked')).toFixed(1)} ms, ` +
      `and while sending ${median(of('blockedAfter')).toFixed(1)} ms`,
  );
  return of;
}

for (const [count, number, atMost] of [
  [1_000, 21, 20],
  [10_000, 9, 100],
]) {
  const of = await rounds(count, number);
  const text = `one tick, ${count.toLocaleString('en')} players to ${(count / 2).toLocaleString('en')} matches`;
  figure({ figure: `${text}, to the commit`, unit: 'ms', raw: of('durationMs'), atMost });
  figure({
    figure: 'the longest that the event loop stood still in it',
    unit: 'ms',
    raw: of('blocked'),
    atMost: 20,
  });
  figure({
    figure: 'the same while the servers and players are told',
    unit: 'ms',
    raw: of('blockedAfter'),
    atMost: 20,
  });
}

// ---- 32 logins in flight

const base = `http://127.0.0.1:${http.port}`;
const account = { username: 'bench-login', password: `correct horse ${randomUUID()}` };
const post = (path, body) =>
  fetch(base + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
await post('/v1/accounts', account);
const { accessToken } = await (await post('/v1/sessions', account)).json();
let loggingIn = false;
let logins = 0;

/** Keeps 32 logins in flight while `work` runs. */
async function withLogins(work) {
  loggingIn = true;
  const loops = Array.from({ length: 32 }, async () => {
    while (loggingIn) {
      const response = await post('/v1/sessions', account);
      if (response.status !== 201 && response.status !== 200) throw new Error(`login: ${response.status}`);
      await response.arrayBuffer();
      logins += 1;
    }
  });
  await new Promise((resolve) => setTimeout(resolve, 500));
  try {
    return await work();
  } finally {
    loggingIn = false;
    await Promise.all(loops);
  }
}

async function timed(work) {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

const player = players[0];
const acknowledged = (type, message) =>
  new Promise((resolve, reject) => {
    const of = player.send(type, message);
    const before = player.onMessage;
    player.onMessage = (kind, plaintext, number) => {
      if (kind !== MsgType.Ack) return before(kind, plaintext, number);
      const ack = JSON.parse(plaintext);
      if (ack.of !== of) return;
      player.onMessage = before;
      if (ack.ok) resolve();
      else reject(new Error(ack.error.code));
    };
  });

/** Each kind of request, one at a time: the median of some, in ms. */
const REQUESTS = {
  'GET /v1/me (reads)': async () => {
    const response = await fetch(`${base}/v1/me`, { headers: { authorization: `Bearer ${accessToken}` } });
    if (!response.ok) throw new Error(`me: ${response.status}`);
    await response.arrayBuffer();
  },
  'JoinQueue and LeaveQueue (write)': async () => {
    await acknowledged(MsgType.JoinQueue, { queue: 'duel' });
    await acknowledged(MsgType.LeaveQueue, {});
  },
  'a new RDV connection': async () => (await Peer.open(rdv, accounts[1].login)).destroy(),
};

async function requests(work) {
  const values = [];
  for (let i = 0; i < 40; i += 1) values.push(await timed(work));
  return median(values);
}

async function compare(name, measure, unit = 'ms') {
  const results = await alternate({ quiet: measure, busy: () => withLogins(measure) }, 7);
  figure({
    figure: `${name} with 32 logins in flight, ratio to quiet`,
    unit: '×',
    raw: ratios(results.busy, results.quiet),
    atMost: 2,
    peer: `quiet ${median(results.quiet).toFixed(2)} ${unit}, with logins ${median(results.busy).toFixed(2)} ${unit}`,
  });
}

await compare('a tick of 1,000 players', async () => {
  const values = [];
  for (let i = 0; i < 5; i += 1) values.push((await tick(1_000)).durationMs);
  return median(values);
});
await master.call('enqueue', []);
for (const [name, work] of Object.entries(REQUESTS)) await compare(name, () => requests(work));
say(`${logins} logins meanwhile`);
await master.stop();
process.exit(0);
