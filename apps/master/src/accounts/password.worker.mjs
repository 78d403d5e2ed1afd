// Runs in a worker thread of its own: argon2 on libuv's pool would hold up every SQLite statement.
// Plain JavaScript, so that the same file is a worker both beside the sources and beside the compiled output.
import { setPriority } from 'node:os';
import { parentPort } from 'node:worker_threads';
import { hashSync, verifySync } from '@node-rs/argon2';

/** OWASP Password Storage Cheat Sheet, argon2id: 19 MiB, two passes, one lane. */
const PARAMETERS = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1, outputLen: 32 };

try {
  // On Linux a priority of "process 0" is that of the calling thread: logins give way to the tick and to requests.
  if (process.platform === 'linux') setPriority(0, 10);
} catch {
  // Not allowed here: logins then compete as equals.
}

parentPort?.on('message', (/** @type {{ id: number, password: string, hash: string | null }} */ job) => {
  try {
    const value = job.hash === null ? hashSync(job.password, PARAMETERS) : verifySync(job.hash, job.password);
    parentPort?.postMessage({ id: job.id, value });
  } catch (error) {
    parentPort?.postMessage({ id: job.id, error: error instanceof Error ? error.message : 'argon2 failed' });
  }
});
