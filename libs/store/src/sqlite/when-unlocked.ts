import { sqliteError } from './sqlite-error.js';

/** How long a write waits for the lock of another process before it is StoreError `busy`. */
const PATIENCE_MS = 5000;
const LONGEST_PAUSE_MS = 20;

/**
 * Tries until the file is not locked. SQLite's own waiting (`busy_timeout`) would hold a thread of libuv's
 * pool; a few writers that wait so in one process leave none for the one that holds the lock.
 * @throws StoreError `busy` when the lock was not free in five seconds
 */
export async function whenUnlocked(attempt: () => Promise<unknown>): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  for (let pause = 1; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    try {
      await attempt();
      return;
    } catch (thrown) {
      const error = sqliteError(thrown);
      if (error.code !== 'busy' || performance.now() >= deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}
