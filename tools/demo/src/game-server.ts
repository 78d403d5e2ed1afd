/**
 * A game server of the demo, as anyone may run one: its own process, a certificate file, and `@ranked/protocol`.
 * The "game" is a sum: each player brings the day's performance, the team with the larger sum wins.
 *
 * Settings come as one JSON argument; at SIGTERM it stops accepting, finishes its matches, waits until the master has
 * acknowledged every result, and tells its parent what it did.
 */
import { createServer, type Socket } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { readFileSync } from 'node:fs';
import { Allowlist, GameServerClient, MsgType } from '@ranked/protocol/game-server';
import type { CmdAllowPlayers, MatchResult } from '@ranked/protocol';
import { readHello } from './player-line.js';
import { SeededRandom } from './seeded-random.js';
import type { ServerAccount } from './audit.js';

export interface GameServerSettings {
  name: string;
  certificateFile: string;
  masterPublicKey: string;
  s2s: { host: string; port: number };
  capacity: number;
  seed: number;
  /** How long a match takes, in milliseconds: from the shortest to the longest. */
  matchMs: [number, number];
}

interface Arena {
  allow: CmdAllowPlayers;
  performances: Map<string, number>;
  sockets: Set<Socket>;
  startedAt: number | undefined;
}

const settings = JSON.parse(process.argv[2] ?? '{}') as GameServerSettings;
const random = new SeededRandom(settings.seed);
const allowlist = new Allowlist({});
const arenas = new Map<string, Arena>();
const account: ServerAccount = { name: settings.name, resultsSent: [], acknowledged: [] };
let accepting = true;
let onIdle: (() => void) | undefined;

const door = createServer((socket) => {
  socket.on('error', () => undefined);
  socket.setTimeout(30_000, () => socket.destroy());
  readHello(socket, ({ joinToken, performance }) => {
    const admitted = allowlist.admit(joinToken);
    const arena = admitted.ok ? arenas.get(admitted.matchId) : undefined;
    if (!admitted.ok || !arena) {
      socket.end();
      return;
    }
    arena.sockets.add(socket);
    arena.performances.set(admitted.playerId, performance);
    startWhenComplete(arena);
  });
});
door.listen(0, '127.0.0.1');
await once(door, 'listening');

const client = new GameServerClient({
  ...settings.s2s,
  certificate: readFileSync(settings.certificateFile),
  masterPublicKey: Buffer.from(settings.masterPublicKey, 'hex'),
  heartbeat: () => ({
    name: settings.name,
    port: (door.address() as AddressInfo).port,
    region: 'local',
    build: 'demo-1',
    capacity: settings.capacity,
    players: [...arenas.values()].reduce((sum, arena) => sum + arena.sockets.size, 0),
    accepting,
    matches: [...arenas.keys()],
  }),
  handlers: {
    [MsgType.CmdAllowPlayers]: (allow) => {
      allowlist.allow(allow);
      const arena = arenas.get(allow.matchId);
      if (arena) arena.allow = allow;
      else
        arenas.set(allow.matchId, {
          allow,
          performances: new Map(),
          sockets: new Set(),
          startedAt: undefined,
        });
    },
    [MsgType.CmdCancelMatch]: ({ matchId }) => end(matchId),
    [MsgType.CmdKickPlayer]: ({ matchId, playerId }) => {
      allowlist.kick(matchId, playerId);
    },
    [MsgType.CmdForceStart]: ({ matchId }) => {
      const arena = arenas.get(matchId);
      if (arena) start(arena);
    },
    [MsgType.CmdShutdown]: () => {
      void shutDown();
    },
  },
});

function startWhenComplete(arena: Arena): void {
  if (arena.performances.size === arena.allow.teams.flat().length) start(arena);
}

function start(arena: Arena): void {
  if (arena.startedAt !== undefined) return;
  arena.startedAt = Date.now();
  const { matchId } = arena.allow;
  // A refused start (the match was withdrawn meanwhile) ends the arena; a lost connection is the client's business.
  client.matchStarted(matchId).catch(() => end(matchId));
  const [shortest, longest] = settings.matchMs;
  setTimeout(() => finish(arena), shortest + random.next() * (longest - shortest));
}

function finish(arena: Arena): void {
  const { matchId, queue, teams } = arena.allow;
  if (!arenas.has(matchId)) return;
  const scores = teams.map((team) =>
    team.reduce((sum, { id }) => sum + (arena.performances.get(id) ?? 0), 0),
  );
  const result: MatchResult = {
    matchId,
    durationMs: Date.now() - (arena.startedAt ?? Date.now()),
    teams: scores.map((score) => ({ rank: scores.filter((other) => other > score).length, score })),
    players: teams.flat().map(({ id }) => ({ id })),
  };
  account.resultsSent.push({ matchId, queue, players: teams.flat().length });
  client
    .matchResult(result)
    .then(
      () => account.acknowledged.push(matchId),
      (error: Error) => process.stderr.write(`result of ${matchId} refused: ${error.message}\n`),
    )
    .finally(() => end(matchId));
}

function end(matchId: string): void {
  for (const socket of arenas.get(matchId)?.sockets ?? []) socket.end();
  arenas.delete(matchId);
  allowlist.remove(matchId);
  if (arenas.size === 0) onIdle?.();
}

async function shutDown(): Promise<void> {
  accepting = false;
  client.beat();
  if (arenas.size > 0) await new Promise<void>((resolve) => (onIdle = resolve));
  await client.close();
  door.close();
  process.send?.({ account }, () => process.disconnect());
}

process.once('SIGTERM', () => void shutDown());
client.on('closed', (error) => {
  if (error) {
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
});
await client.connect();
client.log('info', `${settings.name} is up`);
process.send?.({ ready: true });
