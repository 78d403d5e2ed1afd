/**
 * A game server as a process of its own, to be killed. Its parent plays the players and decides when a match ends; what it
 * holds and what is not acknowledged yet lies in a journal, so that its next life can go on. With `forgetful` it loses all.
 */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { Allowlist, GameServerClient, MsgType } from '@ranked/protocol/game-server';

const settings = JSON.parse(process.argv[2]);
const { journal, s2s, name, port, forgetful } = settings;
const saved = readJournal();
const arenas = new Map(
  saved.allows.map((allow) => [allow.matchId, { allow, present: new Set(), begun: false }]),
);
const allowlist = new Allowlist({});
for (const allow of saved.allows) allowlist.allow(allow);

const client = new GameServerClient({
  host: '127.0.0.1',
  port: s2s,
  certificate: Buffer.from(settings.certificate, 'base64'),
  masterPublicKey: Buffer.from(settings.masterPublicKey, 'hex'),
  pending: saved.pending,
  timing: { backoffMs: 40, backoffMaxMs: 200 },
  heartbeat: () => ({
    name,
    port,
    region: 'local',
    build: '1',
    capacity: 4,
    players: 0,
    accepting: true,
    matches: [...arenas.keys()],
  }),
  handlers: {
    [MsgType.CmdAllowPlayers]: (allow) => {
      allowlist.allow(allow);
      const known = arenas.get(allow.matchId);
      if (known) known.allow = allow;
      else arenas.set(allow.matchId, { allow, present: new Set(), begun: false });
      save();
    },
    [MsgType.CmdCancelMatch]: ({ matchId }) => drop(matchId),
    [MsgType.CmdKickPlayer]: () => undefined,
    [MsgType.CmdForceStart]: () => undefined,
    [MsgType.CmdShutdown]: () => undefined,
  },
});

function readJournal() {
  try {
    return forgetful ? { allows: [], pending: [] } : JSON.parse(readFileSync(journal, 'utf8'));
  } catch {
    return { allows: [], pending: [] };
  }
}

function save() {
  writeFileSync(
    `${journal}.new`,
    JSON.stringify({ allows: [...arenas.values()].map(({ allow }) => allow), pending: client.pending() }),
  );
  renameSync(`${journal}.new`, journal);
}

function drop(matchId) {
  arenas.delete(matchId);
  allowlist.remove(matchId);
  save();
}

process.on('message', ({ admit, finish }) => {
  if (admit) {
    const admitted = allowlist.admit(admit);
    const arena = admitted.ok ? arenas.get(admitted.matchId) : undefined;
    if (!arena) return;
    arena.present.add(admitted.playerId);
    if (arena.begun || arena.present.size < arena.allow.teams.flat().length) return;
    arena.begun = true;
    const { matchId } = arena.allow;
    client.matchStarted(matchId).then(
      () => {
        save();
        process.send({ started: matchId });
      },
      () => drop(matchId),
    );
    save();
  }
  if (finish) {
    const arena = arenas.get(finish);
    const { matchId, teams } = arena.allow;
    const result = {
      matchId,
      durationMs: 10,
      teams: teams.map((_, team) => ({ rank: team, score: 10 - team })),
      players: teams.flat().map(({ id }) => ({ id })),
    };
    const answered = client.matchResult(result);
    // Before this turn ends, so before the master can have answered.
    save();
    process.send({ sent: result });
    answered.then(
      () => {
        drop(matchId);
        process.send({ acknowledged: matchId });
      },
      (error) => process.send({ refused: matchId, code: error.code }),
    );
  }
});
process.on('disconnect', () => process.exit(0));

// What the life before had sent and nobody had answered.
client.on('refused', ({ matchId, error }) => process.send({ refused: matchId, code: error.code }));
const restored = saved.pending
  .filter(({ type }) => type === MsgType.MatchResult)
  .map(({ message }) => message.matchId);
const watch = setInterval(() => {
  const open = new Set(client.pending().map(({ message }) => message.matchId));
  for (const matchId of restored.splice(0)) {
    if (open.has(matchId)) restored.push(matchId);
    else {
      drop(matchId);
      process.send({ acknowledged: matchId });
    }
  }
  if (restored.length === 0) clearInterval(watch);
}, 20);

await client.connect();
process.send({ ready: true });
