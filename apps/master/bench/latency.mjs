/**
 * Join to MatchFound: the real master with its own tick, a real game server with room, players with the real client, light
 * load. Pairs join together at random times; a match is ended a moment after it was found, and the pair joins again.
 *
 *   node apps/master/bench/latency.mjs        (after a build)
 */
import { randomUUID } from 'node:crypto';
import { GameServerClient } from '@ranked/protocol/game-server';
import { PlayerClient } from '@ranked/protocol/player';
import { MsgType } from '@ranked/protocol';
import { figure, quantile, say } from './rig/figures.mjs';
import { startMaster } from './rig/start-master.mjs';

const PAIRS = 8;
const MATCHES = 400;

const master = await startMaster();
const { http, s2s, rdv } = await master.call('addresses');
const masterPublicKey = await master.call('masterKey');

const [{ file: certificate }] = await master.call('servers', 1);
const rosters = new Map();
const server = new GameServerClient({
  host: '127.0.0.1',
  port: s2s,
  certificate,
  masterPublicKey,
  heartbeat: () => ({
    name: 'arena',
    port: 27_015,
    region: 'eu',
    build: '1',
    capacity: 100,
    players: 0,
    accepting: true,
    matches: [...rosters.keys()],
  }),
  handlers: {
    [MsgType.CmdAllowPlayers]: (allow) => void rosters.set(allow.matchId, allow),
    [MsgType.CmdCancelMatch]: ({ matchId }) => void rosters.delete(matchId),
    [MsgType.CmdKickPlayer]: () => {},
    [MsgType.CmdForceStart]: () => {},
    [MsgType.CmdShutdown]: () => {},
  },
});
await server.connect();

async function post(path, body) {
  const response = await fetch(`http://127.0.0.1:${http.port}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}

async function player() {
  const account = { username: `p${randomUUID().slice(0, 12)}`, password: `correct horse ${randomUUID()}` };
  await post('/v1/accounts', account);
  const { ticket } = await post('/v1/sessions', account);
  const client = new PlayerClient({
    host: '127.0.0.1',
    port: rdv,
    ticketId: ticket.id,
    ticket: ticket.secret,
    masterPublicKey,
  });
  await client.connect();
  return client;
}

const next = (client, event) => new Promise((resolve) => client.once(event, resolve));
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** The milliseconds from a player's join to his MatchFound. */
async function join(client) {
  const found = next(client, 'matchFound').then((match) => ({ match, at: performance.now() }));
  const began = performance.now();
  await client.joinQueue('duel');
  const { match, at } = await found;
  return { matchId: match.matchId, ms: at - began };
}

async function end(matchId) {
  const { teams } = rosters.get(matchId);
  await server.matchStarted(matchId);
  await server.matchResult({
    matchId,
    durationMs: 1,
    teams: teams.map((_, rank) => ({ rank })),
    players: teams.flat().map(({ id }) => ({ id })),
  });
  rosters.delete(matchId);
}

const waits = [];
async function play(pair) {
  while (waits.length < 2 * MATCHES) {
    await pause(Math.random() * 1_000);
    const found = await Promise.all(pair.map(join));
    waits.push(...found.map(({ ms }) => ms));
    const reports = pair.map((client) => next(client, 'matchReport'));
    // Two pairs that join in the same tick may be mixed; each match is ended by who sees it first.
    for (const matchId of new Set(found.map((one) => one.matchId))) if (claim(matchId)) await end(matchId);
    await Promise.all(reports);
  }
}

const ended = new Set();
function claim(matchId) {
  if (ended.has(matchId)) return false;
  ended.add(matchId);
  return true;
}

const pairs = await Promise.all(Array.from({ length: PAIRS }, () => Promise.all([player(), player()])));
say(`${2 * PAIRS} players are in; ${MATCHES} matches`);
await Promise.all(pairs.map(play));

const load = `${PAIRS} pairs`;
figure({ figure: `join to MatchFound, a server free, ${load}, median`, unit: 'ms', raw: waits, atMost: 350 });
figure({
  figure: `join to MatchFound, a server free, ${load}, 99th percentile`,
  unit: 'ms',
  value: quantile(waits, 0.99),
  atMost: 650,
});
figure({ figure: 'join to MatchFound, the longest', unit: 'ms', value: Math.max(...waits) });
await server.close();
await master.stop();
process.exit(0);
