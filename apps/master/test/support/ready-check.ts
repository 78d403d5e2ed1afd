import { expect } from '@jest/globals';
import { MsgType } from '@ranked/protocol';
import { penalties } from '@ranked/store';
import type { FakePlayer } from './fake-player.js';
import type { GameRig, GameRigOptions } from './game-rig.js';
import { startRig } from './game-rigs.js';

/** What players have to answer in. */
export const SECONDS = 20;

/** A rig whose queues have a ready check, with a server, so old that absence counts. */
export async function checkRig(options: GameRigOptions = {}): Promise<GameRig> {
  const rig = await startRig({ readySeconds: SECONDS, ...options });
  await rig.server();
  await rig.settle();
  return rig;
}

/** Two players who are asked about a duel. */
export async function asked(rig: GameRig): Promise<{ ann: FakePlayer; bob: FakePlayer; matchId: string }> {
  const [ann, bob] = await rig.pair();
  await ann.join();
  await bob.join();
  await rig.tick();
  const matchId = ann.proposed.at(-1)?.matchId ?? '';
  expect(await rig.match(matchId)).toMatchObject({ state: 'checking' });
  return { ann, bob, matchId };
}

/** For how long a player may not join, ms. */
export async function cooldown(rig: GameRig, player: FakePlayer): Promise<number> {
  const until = await rig.store.read((tx) => penalties.cooldownOf(tx, player.accountId));
  return until === null ? 0 : until - rig.clock.now();
}

/** The time of the check passes. */
export const timeOut = (rig: GameRig): Promise<void> => rig.pass(SECONDS * 1_000 + rig.config.tickMs);

/** How many CmdAllowPlayers have reached servers. */
export const allowed = (rig: GameRig): number =>
  rig.servers.reduce((sum, server) => sum + server.got(MsgType.CmdAllowPlayers).length, 0);
