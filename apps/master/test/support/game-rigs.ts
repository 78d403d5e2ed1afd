import { expect } from '@jest/globals';
import { GameRig, type GameRigOptions } from './game-rig.js';

const open: GameRig[] = [];

/** A rig that {@link stopRigs} stops. */
export async function startRig(options: GameRigOptions = {}): Promise<GameRig> {
  const rig = await GameRig.start(options);
  open.push(rig);
  return rig;
}

/** Call it in `afterEach`. */
export async function stopRigs(): Promise<void> {
  for (const rig of open.splice(0)) {
    await rig.stop();
    expect(rig.violations).toEqual([]);
  }
}
