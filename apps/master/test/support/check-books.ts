import {
  matches,
  queue,
  ratings,
  resultDigest,
  type JsonValue,
  type Match,
  type MatchPlayer,
} from '@ranked/store';
import { canonicalResult } from '../../src/results/canonical-result.js';
import type { FakePlayer } from './fake-player.js';
import type { GameProcess } from './game-process.js';
import type { GameRig } from './game-rig.js';

/**
 * Checks the rows against what game servers and players went through. Gives what is wrong: a match lost or doubled, a
 * result that was acknowledged and is not there, a result rated more or less than once, a player in two places.
 */
export async function faultsOf(rig: GameRig, processes: readonly GameProcess[]): Promise<string[]> {
  const faults: string[] = [];
  for (const player of rig.players) faults.push(...(await faultsOfPlayer(rig, player)));
  for (const process of processes) faults.push(...(await faultsOfServer(rig, process)));
  return faults;
}

async function faultsOfServer(rig: GameRig, process: GameProcess): Promise<string[]> {
  const faults: string[] = [];
  for (const [matchId, result] of process.resultAcked) {
    const stored = await rig.store.read((tx) => matches.resultOf(tx, matchId));
    const digest = resultDigest(canonicalResult(result) as unknown as JsonValue);
    if (stored?.digest !== digest) faults.push(`the acknowledged result of ${matchId} is not stored`);
  }
  for (const matchId of process.startAcked) {
    const { state, players } = await rig.match(matchId);
    if (players.some(({ proposedAt, answer }) => proposedAt !== null && answer !== true))
      faults.push(`${matchId} was started before everybody had accepted it`);
    if (state === 'cancelled') faults.push(`${matchId} was cancelled after its start was acknowledged`);
    if (state === 'abandoned' && !process.endangered.has(matchId))
      faults.push(`${matchId} was abandoned although its server never left`);
  }
  for (const [matchId, code] of process.refused) {
    const { state } = await rig.match(matchId);
    if (state === 'running' || state === 'finished')
      faults.push(`${matchId} was refused with ${code} and is ${state}: ${historyOf(process, matchId)}`);
  }
  return faults;
}

function historyOf(process: GameProcess, matchId: string): string {
  return process.history.filter((line) => line.includes(matchId) || line === 'reconnect').join('; ');
}

async function faultsOfPlayer(rig: GameRig, player: FakePlayer): Promise<string[]> {
  const { accountId, name } = player;
  const faults: string[] = [];
  const { entry, rows, played } = await rig.store.read(async (tx) => ({
    entry: await queue.entryOf(tx, accountId),
    rows: await ratings.ofAccount(tx, accountId),
    played: (await matches.history(tx, accountId, { limit: 1_000 })).items,
  }));
  if (entry?.matchId) {
    const match = await rig.match(entry.matchId);
    if (!(matches.LIVE_STATES as readonly string[]).includes(match.state))
      faults.push(`${name} is held by a match that is ${match.state}`);
    if (!match.players.some((one) => one.accountId === accountId))
      faults.push(`${name} is held by a match without him`);
  }
  const finished = played.filter(({ match }) => match.state === 'finished');
  const games = rows.reduce((sum, row) => sum + row.games, 0);
  if (games !== finished.length)
    faults.push(`${name} has ${finished.length} finished matches and ${games} rated ones`);
  for (const row of rows) {
    const ofQueue = finished.filter(({ match }) => match.queue === row.queue);
    if (!isChain(ofQueue, row))
      faults.push(`the ratings of ${name} in ${row.queue} do not follow from his matches`);
  }
  return faults;
}

/** Whether the matches lead from the first rating to the present one, each beginning where another ended. */
function isChain(
  played: readonly { match: Match; player: MatchPlayer }[],
  now: { mu: number; sigma: number },
): boolean {
  const byBefore = new Map(played.map(({ player }) => [`${player.muBefore} ${player.sigmaBefore}`, player]));
  let at = `25 ${25 / 3}`;
  for (let step = 0; step < played.length; step++) {
    const next = byBefore.get(at);
    if (!next) return false;
    byBefore.delete(at);
    at = `${next.muAfter} ${next.sigmaAfter}`;
  }
  return at === `${now.mu} ${now.sigma}`;
}
