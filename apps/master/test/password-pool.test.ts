import type { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { PasswordPool, PasswordPoolBusyError } from '../src/accounts/password-pool.js';
import { MasterConfig } from '../src/config/master-config.js';
import { createLogger } from '../src/logging/logger.js';
import { LogSink } from './support/log-sink.js';

const config = new MasterConfig();
config.passwordQueue = 4;

/** Its threads can be killed, as the operating system might. */
class MortalPool extends PasswordPool {
  private readonly threads: Worker[] = [];

  protected override createWorker(): Worker {
    const thread = super.createWorker();
    this.threads.push(thread);
    return thread;
  }

  async killThreads(): Promise<void> {
    await Promise.all(this.threads.splice(0).map((thread) => thread.terminate()));
  }
}

let log: LogSink;
let pool: MortalPool;

beforeEach(() => {
  log = new LogSink();
  pool = new MortalPool(config, createLogger('info', {}, log));
});
afterEach(() => pool.onApplicationShutdown());

describe('the password pool', () => {
  test('hashes under a fresh salt each time, and verifies', async () => {
    const [first, second] = [await pool.hash('correct horse'), await pool.hash('correct horse')];
    expect(first).not.toBe(second);
    expect(await pool.verify(first, 'correct horse')).toBe(true);
    expect(await pool.verify(first, 'Correct horse')).toBe(false);
    expect(await pool.verify(null, 'correct horse')).toBe(false);
    expect(pool.counters).toMatchObject({ hashes: 2, verifies: 3, dummyVerifies: 1, refused: 0, crashes: 0 });
  });

  test('takes any text as a password', async () => {
    const passwords = ['пароль длинный', '🐎'.repeat(64), ' spaces ', 'nul\0inside', '\ud800 lone'];
    for (const password of passwords)
      expect(await pool.verify(await pool.hash(password), password)).toBe(true);
  });

  test('a hash that cannot be read fails its own job only', async () => {
    const hash = await pool.hash('correct horse');
    const broken = pool.verify('no hash', 'correct horse');
    const good = pool.verify(hash, 'correct horse');
    await expect(broken).rejects.toThrow();
    expect(await good).toBe(true);
    expect(pool.counters.crashes).toBe(0);
  });

  test('refuses what is beyond the queue at once, and works off the rest', async () => {
    const jobs = Array.from({ length: 50 }, () =>
      pool.hash('correct horse').then(
        () => 'done',
        (error: unknown) => error,
      ),
    );
    const outcomes = await Promise.all(jobs);
    const refused = outcomes.filter((outcome) => outcome instanceof PasswordPoolBusyError).length;
    expect(outcomes.filter((outcome) => outcome === 'done').length).toBe(50 - refused);
    expect(refused).toBeGreaterThan(0);
    expect(pool.counters).toMatchObject({ refused, hashes: 50 - refused, peakQueue: 4 });
    expect(pool.pending).toBe(0);
  });

  test('a thread that dies takes its job with it; the next job gets a new thread', async () => {
    await pool.hash('correct horse');
    const doomed = pool.hash('correct horse').catch((error: Error) => error.message);
    await pool.killThreads();
    expect(await doomed).toBe('a password worker ended');
    expect(pool.counters.crashes).toBe(1);
    expect(log.records()).toMatchObject([{ level: 'error', component: 'passwords' }]);
    expect(await pool.verify(await pool.hash('again and again'), 'again and again')).toBe(true);
  });

  test('closed, it takes nothing more and rejects what waits', async () => {
    const waiting = [pool.hash('correct horse'), pool.hash('correct horse')].map((job) =>
      job.catch((error: Error) => error.message),
    );
    await pool.onApplicationShutdown();
    expect(await Promise.all(waiting)).toEqual([
      'the password pool is closed',
      'the password pool is closed',
    ]);
    await expect(pool.hash('correct horse')).rejects.toThrow('the password pool is closed');
  });
});
