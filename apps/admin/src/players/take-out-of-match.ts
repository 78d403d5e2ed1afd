import { randomUUID } from 'node:crypto';
import { commands, matches, type JsonValue, type LivePlace, type Tx } from '@ranked/store';

/** How long the command is tried, ms: as long as those that operators give themselves. */
const COMMAND_LIFE_MS = 120_000;

/** What becomes of the match of a player who is banned, for people. */
export function outOfMatchSentence({ match }: LivePlace): string {
  const others = match.players.length - 1;
  return match.state === 'running'
    ? ` The server is told to kick the player; the match goes on with the ${others} others.`
    : ` The match with ${others} others is called off before its start; they wait again, with the time they had.`;
}

/**
 * Takes a player who is banned out of the match he is in, in the transaction of the ban: he holds a join token, and his game server
 * does not ask the master again. Before the start the match cannot be played without him and is called off; of one that runs
 * the server is told to kick him. Neither says why: the others, and the server, need not know.
 * @returns what was done, for the audit log; empty if he is in none
 */
export async function takeOutOfMatch(tx: Tx, accountId: string): Promise<Record<string, JsonValue>> {
  const live = await matches.liveForAccount(tx, accountId);
  if (live === null) return {};
  const { id: matchId, serverId, attempt, players } = live.match;
  const state = live.match.state as (typeof matches.LIVE_STATES)[number];
  if (state !== 'running') {
    const requeue = players.map((player) => player.accountId).filter((id) => id !== accountId);
    const order = { matchId, state, attempt, reason: 'a player was banned', requeue };
    // On PostgreSQL it can have moved on since it was read: what it is now is looked at.
    if ((await matches.cancel(tx, order)) === null) return takeOutOfMatch(tx, accountId);
    return { matchId, match: 'called off' };
  }
  const commandId = randomUUID();
  const written = await commands.enqueue(tx, {
    id: commandId,
    serverId,
    type: 'kick_player',
    payload: { matchId, playerId: live.player.id, reason: 'banned' },
    expiresAt: tx.now() + COMMAND_LIFE_MS,
  });
  return { matchId, serverId, ...(written === 'full' ? { kick: 'too many open commands' } : { commandId }) };
}
