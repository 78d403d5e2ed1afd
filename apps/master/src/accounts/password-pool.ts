import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { MasterConfig } from '../config/master-config.js';
import { LOGGER, type Logger } from '../logging/logger.js';

/** How a PHC string begins that was made with the parameters of the worker. */
const CURRENT_PARAMETERS = '$argon2id$v=19$m=19456,t=2,p=1$';

/**
 * A hash of no password, with the parameters of the real ones: what is verified for an unknown name, so that the answer takes
 * the same work and the same time.
 */
const DUMMY_HASH = `${CURRENT_PARAMETERS}cmFua2VkLXNlcnZlci0wMQ$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA`;

/** More passwords wait than the pool takes. */
export class PasswordPoolBusyError extends Error {
  readonly code = 'password_pool_busy';

  constructor() {
    super('too many passwords wait to be hashed');
  }
}

interface Job {
  password: string;
  /** Verify against this; null: make a hash. */
  hash: string | null;
  resolve(value: string | boolean): void;
  reject(error: Error): void;
}

interface Slot {
  worker: Worker;
  job: Job | null;
}

type Answer = { id: number; value: string | boolean } | { id: number; error: string };

/**
 * argon2id in worker threads of its own, one processor fewer than there are, and one at least. The
 * threads are made when first needed. The queue is bounded.
 */
@Injectable()
export class PasswordPool implements OnApplicationShutdown {
  /** Work done since the start; `dummyVerifies` are those for unknown names. */
  readonly counters = { hashes: 0, verifies: 0, dummyVerifies: 0, refused: 0, crashes: 0, peakQueue: 0 };
  private readonly waiting: Job[] = [];
  private readonly slots: Slot[] = [];
  private readonly size = Math.max(1, availableParallelism() - 1);
  private closed = false;
  private nextId = 1;

  constructor(
    private readonly config: MasterConfig,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** Passwords that are being worked on or wait. */
  get pending(): number {
    return this.waiting.length + this.slots.filter(({ job }) => job !== null).length;
  }

  /**
   * The PHC string of a password under a fresh salt.
   * @throws PasswordPoolBusyError
   */
  async hash(password: string): Promise<string> {
    const value = await this.run(password, null);
    this.counters.hashes += 1;
    return String(value);
  }

  /**
   * Whether `password` is the one that `hash` was made of. For `null` (there is no such account) the same work is done, and the answer is no.
   * @throws PasswordPoolBusyError
   */
  async verify(hash: string | null, password: string): Promise<boolean> {
    const value = await this.run(password, hash ?? DUMMY_HASH);
    this.counters.verifies += 1;
    if (hash === null) this.counters.dummyVerifies += 1;
    return hash !== null && value === true;
  }

  /** Whether a hash was made with other parameters than new ones are: it should be replaced while its password is known. */
  isOutdated(hash: string): boolean {
    return !hash.startsWith(CURRENT_PARAMETERS);
  }

  /** Ends the threads. What still waits is rejected. */
  async onApplicationShutdown(): Promise<void> {
    this.closed = true;
    const error = new Error('the password pool is closed');
    for (const job of this.waiting.splice(0)) job.reject(error);
    await Promise.all(
      this.slots.splice(0).map(async (slot) => {
        slot.job?.reject(error);
        slot.job = null;
        await slot.worker.terminate();
      }),
    );
  }

  private run(password: string, hash: string | null): Promise<string | boolean> {
    if (this.closed) return Promise.reject(new Error('the password pool is closed'));
    if (this.waiting.length >= this.config.passwordQueue) {
      this.counters.refused += 1;
      return Promise.reject(new PasswordPoolBusyError());
    }
    return new Promise((resolve, reject) => {
      this.waiting.push({ password, hash, resolve, reject });
      this.dispatch();
      this.counters.peakQueue = Math.max(this.counters.peakQueue, this.waiting.length);
    });
  }

  private dispatch(): void {
    while (this.waiting.length > 0) {
      const slot =
        this.slots.find(({ job }) => job === null) ??
        (this.slots.length < this.size ? this.addSlot() : undefined);
      const job = slot && this.waiting.shift();
      if (!slot || !job) return;
      slot.job = job;
      slot.worker.postMessage({ id: this.nextId++, password: job.password, hash: job.hash });
    }
  }

  /** A thread that answers jobs. */
  protected createWorker(): Worker {
    return new Worker(new URL('./password.worker.mjs', import.meta.url), {
      execArgv: [],
      env: {},
      name: 'passwords',
    });
  }

  private addSlot(): Slot {
    const worker = this.createWorker();
    const slot: Slot = { worker, job: null };
    this.slots.push(slot);
    worker.on('message', (answer: Answer) => this.finish(slot, answer));
    worker.on('error', (error) => this.drop(slot, error));
    worker.on('exit', () => this.drop(slot, new Error('a password worker ended')));
    // An idle thread must not keep a process alive whose other work is done.
    worker.unref();
    return slot;
  }

  private finish(slot: Slot, answer: Answer): void {
    const job = slot.job;
    slot.job = null;
    if ('value' in answer) job?.resolve(answer.value);
    else job?.reject(new Error(answer.error));
    this.dispatch();
  }

  /** A thread that died takes its job with it, and no other; the next job gets a new thread. */
  private drop(slot: Slot, error: Error): void {
    const index = this.slots.indexOf(slot);
    if (index < 0) return;
    this.slots.splice(index, 1);
    this.counters.crashes += 1;
    this.log.error({ err: error, component: 'passwords' }, 'a password worker died; another takes its place');
    slot.job?.reject(error);
    slot.job = null;
    this.dispatch();
  }
}
