/**
 * Results committed durably: MatchResult over S2S to the real master, verified, rated and committed with synchronous=FULL on
 * one SQLite file, counted when its Ack is there.
 *
 *   node apps/master/bench/results.mjs        (after a build)
 */
import { MsgType } from '@ranked/protocol';
import { figure, median, say } from './rig/figures.mjs';
import { openMany, Peer } from './rig/peer.mjs';
import { startMaster } from './rig/start-master.mjs';

const SERVERS = 16;
const ROUNDS = 5;

const master = await startMaster({ env: { RANKED_HEARTBEAT_MS: '300000' } });
const { s2s } = await master.call('addresses');
const certificates = await master.call('servers', SERVERS);
const serverIds = certificates.map(({ uuid }) => uuid);
const peers = await openMany(certificates, ({ login }) => Peer.open(s2s, login));
// A match is played on a game server that has been seen: its first heartbeat, and the tick that writes it.
for (const [i, peer] of peers.entries()) {
  peer.send(MsgType.Heartbeat, {
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
await pause(2_000);
const peerOf = new Map(serverIds.map((id, i) => [id, peers[i]]));

function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

const result = ({ matchId, players }, winner) =>
  Buffer.from(
    JSON.stringify({
      matchId,
      durationMs: 5_000,
      teams: [{ rank: winner }, { rank: 1 - winner }],
      players: players.map((id) => ({ id })),
    }),
  );

/** Each server keeps `inFlight` results on their way until all its own are acknowledged. */
function report(peer, mine, inFlight) {
  return new Promise((resolve, reject) => {
    const todo = mine.map((match, i) => result(match, i % 2));
    let open = 0;
    const send = () => {
      while (open < inFlight && todo.length > 0) {
        open += 1;
        peer.queue(MsgType.MatchResult, todo.pop());
      }
      if (open === 0) resolve();
    };
    peer.onMessage = (type, plaintext) => {
      if (type !== MsgType.Ack) return;
      const ack = JSON.parse(plaintext);
      if (!ack.ok) reject(new Error(`${ack.error.code}: ${ack.error.message}`));
      open -= 1;
      send();
    };
    send();
    peer.flush();
  });
}

async function perSecond(count, servers, inFlight) {
  const players = accounts.slice(0, 2 * count);
  const running = await master.call('runningMatches', {
    accountIds: players,
    serverIds: serverIds.slice(0, servers),
  });
  const mine = Map.groupBy ? Map.groupBy(running, (m) => m.serverId) : groupBy(running);
  // The master follows what was changed behind its back; that is not to be measured.
  await pause(2_000);
  const before = await master.call('metrics');
  const began = performance.now();
  let cpu = await master.call('cpu');
  await Promise.all([...mine].map(([serverId, list]) => report(peerOf.get(serverId), list, inFlight)));
  const seconds = (performance.now() - began) / 1000;
  cpu = (await master.call('cpu')) - cpu;
  const after = await master.call('metrics');
  const states = await master.call('states');
  const finished = states.find(({ state }) => state === 'finished')?.n;
  if (finished !== count) throw new Error(`${finished} of ${count} matches are finished`);
  const each = (count / (after.groups - before.groups)).toFixed(1);
  say(
    `${servers} × ${inFlight}: ${(count / seconds).toFixed(0)}/s, ${each} per commit, ${(cpu / count).toFixed(0)} µs CPU`,
  );
  return count / seconds;
}

function groupBy(list) {
  const groups = new Map();
  for (const one of list) groups.set(one.serverId, [...(groups.get(one.serverId) ?? []), one]);
  return groups;
}

const accounts = (await master.call('players', 4_000)).map(({ accountId }) => accountId);
const together = [];
const alone = [];
for (let round = 0; round <= ROUNDS; round += 1) {
  const a = await perSecond(2_000, SERVERS, 16);
  const b = await perSecond(200, 1, 1);
  if (round === 0) continue;
  together.push(a);
  alone.push(b);
}
figure({
  figure: 'results verified, rated and committed durably, 16 game servers with 16 in flight',
  unit: '/s',
  raw: together,
  atLeast: 500,
  peer: `one by one ${median(alone).toFixed(0)}/s`,
});
figure({ figure: 'results, one server, one at a time', unit: '/s', raw: alone });
await master.stop();
process.exit(0);
