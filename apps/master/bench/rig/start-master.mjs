/** Starts the real master as a program of a benchmark; see rig/master.mjs for what it can be asked. */
import { Program } from './calls.mjs';

/** @param options { env, autoTick, queues } */
export function startMaster(options = {}) {
  // None of this process's own RANKED_ settings reach it.
  return Program.start(new URL('./master.mjs', import.meta.url), {
    args: [JSON.stringify(options)],
    env: { PATH: process.env.PATH },
  });
}
