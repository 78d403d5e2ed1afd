/**
 * The matchmaking tick of the real master on SQLite: 1,000 and 10,000 connected players to matches on 50 connected game
 * servers, from its beginning to its commit; how long the event loop stands still meanwhile and while all that follows
 * is sent; and what 32 logins in flight do to the tick and to other requests.
 *
 *   node apps/master/bench/tick.mjs        (after a build)
 */
import { randomUUID } from 'node:crypto';
import { MsgType } from '@ranked/protocol';
import { figure, median, say } from './rig/figures.mjs';
import { openMany, Peer } from './rig/peer.mjs';
import { startMaster } from './rig/start-master.mjs';

const PLAYERS = 10_000;
const SERVERS = 50;

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
  say('TICK');const { created, durationMs } = await master.call('tick');say('END '+durationMs);
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
  for (let round = -2; round < number; round += 1) {
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

await master.stop(); process.exit(0);
