/**
 * A game server of one minute per match, whose players decide nothing: it shows what a real one has to do.
 *
 *     game-server <certificate.s2scert> <host> <port> <master public key, hex>
 */
import { readFileSync } from 'node:fs';
import { Allowlist, GameServerClient, MsgType } from '@ranked/protocol/game-server';

const [file = '', host = '127.0.0.1', port = '23600', masterKey = ''] = process.argv.slice(2);
const allowlist = new Allowlist();

async function play(matchId: string): Promise<void> {
  const roster = allowlist.roster(matchId);
  if (roster === undefined) return;
  await client.matchStarted(matchId);
  await new Promise((resolve) => setTimeout(resolve, 60_000));
  const players = roster.players.map(({ playerId }) => ({ id: playerId }));
  // Kept, and sent again if need be, until the master has it.
  await client.matchResult({ matchId, durationMs: 60_000, teams: [{ rank: 0 }, { rank: 1 }], players });
  allowlist.remove(matchId);
}

const client = new GameServerClient({
  host,
  port: Number(port),
  certificate: readFileSync(file),
  masterPublicKey: Buffer.from(masterKey, 'hex'),
  heartbeat() {
    const matches = allowlist.matches();
    const state = { capacity: 8, players: 0, accepting: matches.length < 8, matches };
    return { name: 'example', port: 27_015, region: 'eu', build: '1.0.0', ...state };
  },
  handlers: {
    [MsgType.CmdAllowPlayers]: (command) => allowlist.allow(command),
    [MsgType.CmdCancelMatch]: ({ matchId }) => void allowlist.remove(matchId),
    [MsgType.CmdKickPlayer]: ({ matchId, playerId }) => void allowlist.kick(matchId, playerId),
    // Not awaited: the command is carried out when the match begins, not when it ends.
    [MsgType.CmdForceStart]: ({ matchId }) => void play(matchId).catch(console.error),
    [MsgType.CmdShutdown]: ({ graceMs }) => void setTimeout(() => void client.close(), graceMs),
  },
});
client.on('disconnected', ({ error, retryInMs }) =>
  console.error(`${error.message}; again in ${retryInMs} ms`),
);
client.on('closed', (error) => console.error(error?.message ?? 'closed'));
// When a player connects to the game: const admission = allowlist.admit(hisJoinToken).
await client.connect();
