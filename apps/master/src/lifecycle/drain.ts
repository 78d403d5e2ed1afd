import type { Server } from 'node:http';

/** The drain took longer than it may. */
export class DrainTimeoutError extends Error {
  readonly code = 'drain_timeout';

  constructor(step: string, ms: number) {
    super(`the master did not stop within ${ms} ms; it was busy with: ${step}`);
  }
}

/** One step of stopping, for the log. */
export interface DrainStep {
  name: string;
  run(): Promise<unknown>;
}

/**
 * Runs the steps one after the other. A step that fails does not keep the next from running; the first failure is thrown at the end.
 * @throws DrainTimeoutError when `limitMs` is over, while the step at hand still runs
 */
export async function runDrain(steps: readonly DrainStep[], limitMs: number): Promise<void> {
  let current = '';
  let timer: NodeJS.Timeout | undefined;
  const failures: unknown[] = [];
  const all = async () => {
    for (const { name, run } of steps) {
      current = name;
      try {
        await run();
      } catch (error) {
        failures.push(error);
      }
    }
  };
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new DrainTimeoutError(current, limitMs)), limitMs);
  });
  try {
    await Promise.race([all(), limit]);
  } finally {
    clearTimeout(timer);
  }
  if (failures.length > 0) throw failures[0];
}

/**
 * Stops an HTTP server: no new connections, idle ones end, requests that are being answered are finished. Those that are
 * still there after `graceMs` (a client that never sends the rest of its request) are cut off.
 */
export async function closeHttpServer(server: Server, graceMs: number): Promise<void> {
  const cutOff = setTimeout(() => server.closeAllConnections(), graceMs);
  try {
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeIdleConnections();
    });
  } finally {
    clearTimeout(cutOff);
  }
}
