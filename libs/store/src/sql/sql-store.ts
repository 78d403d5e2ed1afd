import { StoreError } from '../store-error.js';
import { NOT_LEADER } from '../store.js';
import type { Store, StoreMetrics } from '../store.js';
import type { Sealer } from '../sealer.js';
import type { Backend, Lease } from './backend.js';
import { Fifo } from './fifo.js';
import { TransactionHandle } from './tx.js';
import type { ReadTx, Tx, TxContext } from './tx.js';

/** Jobs in one shared commit at most; and no job joins one that has been open this long. */
const GROUP_JOBS = 128;
const GROUP_MS = 20;
/** Times a job is run again after a deadlock before its error is passed on. */
const MAX_RETRIES = 5;

type Lock = 'tick' | 'alone';

interface Job {
  readonly order: number;
  readonly fn: (tx: Tx) => Promise<unknown>;
  readonly lock: Lock | undefined;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
  retries: number;
}

/** The transaction rules, the same for both databases; see `Store` for what they promise. */
export class SqlStore implements Store {
  readonly metrics: StoreMetrics = {
    writes: 0,
    failed: 0,
    retries: 0,
    groups: 0,
    groupedJobs: 0,
    largestGroup: 0,
    queueDepth: 0,
    peakQueueDepth: 0,
    refusedBusy: 0,
    longestTransactionMs: 0,
  };

  readonly #backend: Backend;
  readonly #context: TxContext;
  readonly #maxQueued: number;
  readonly #single = new Fifo<Job>();
  readonly #grouped = new Fifo<Job>();
  #order = 0;
  #lanesInUse = 0;
  #groupOpen = false;
  #reads = 0;
  #closing: Promise<void> | undefined;
  #idle: (() => void) | undefined;

  constructor(backend: Backend, context: TxContext, maxQueued: number) {
    this.#backend = backend;
    this.#context = context;
    this.#maxQueued = maxQueued;
  }

  get dialect(): 'sqlite' | 'postgres' {
    return this.#backend.dialect.name;
  }

  get sealer(): Sealer {
    return this.#context.sealer;
  }

  async read<T>(fn: (tx: ReadTx) => Promise<T>): Promise<T> {
    this.#assertOpen();
    if (this.#reads >= this.#maxQueued) throw this.#busy('too many reads are in flight');
    this.#reads += 1;
    let broken = true;
    let lease: Lease | undefined;
    try {
      lease = await this.#backend.reader();
      const handle = new TransactionHandle(lease.connection, this.#context);
      try {
        return await fn(handle);
      } finally {
        await handle.end();
        broken = false;
      }
    } finally {
      await lease?.release(broken);
      this.#reads -= 1;
      this.#settle();
    }
  }

  write<T>(name: string, fn: (tx: Tx) => Promise<T>, options?: { lock: 'alone' }): Promise<T>;
  write<T>(
    name: string,
    fn: (tx: Tx) => Promise<T>,
    options: { lock: 'tick' },
  ): Promise<T | typeof NOT_LEADER>;
  write<T>(
    name: string,
    fn: (tx: Tx) => Promise<T>,
    options?: { lock: Lock },
  ): Promise<T | typeof NOT_LEADER> {
    return this.#enqueue(this.#single, name, fn, options?.lock);
  }

  writeGrouped<T>(name: string, fn: (tx: Tx) => Promise<T>): Promise<T> {
    return this.#enqueue(this.#grouped, name, fn);
  }

  close(): Promise<void> {
    this.#closing ??= this.#drain().then(() => this.#backend.close());
    return this.#closing;
  }

  #enqueue<T>(queue: Fifo<Job>, name: string, fn: (tx: Tx) => Promise<T>, lock?: Lock): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#assertOpen();
      if (this.#single.length + this.#grouped.length >= this.#maxQueued) {
        throw this.#busy(`the write queue is full, ${name} was refused`);
      }
      // The value that reaches resolve is what fn gave (or NOT_LEADER, in the overload that says so).
      queue.push({
        order: this.#order++,
        fn,
        lock,
        resolve: resolve as (value: unknown) => void,
        reject,
        retries: 0,
      });
      this.#countQueue();
      this.#pump();
    });
  }

  /** Starts what may start: the older head first; grouped jobs in one lane, so they never wait for each other. */
  #pump(): void {
    while (this.#lanesInUse < this.#backend.lanes) {
      const single = this.#single.peek();
      const grouped = this.#groupOpen ? undefined : this.#grouped.peek();
      if (single !== undefined && (grouped === undefined || single.order < grouped.order)) {
        this.#single.shift();
        this.#occupy(this.#runSingle(single));
      } else if (grouped !== undefined) {
        this.#groupOpen = true;
        this.#occupy(
          this.#runGroup().finally(() => {
            this.#groupOpen = false;
          }),
        );
      } else {
        break;
      }
    }
    this.#countQueue();
  }

  #occupy(work: Promise<void>): void {
    this.#lanesInUse += 1;
    void work.finally(() => {
      this.#lanesInUse -= 1;
      this.#pump();
      this.#settle();
    });
  }

  async #runSingle(job: Job): Promise<void> {
    try {
      const value = await this.#transaction(async (lease) => {
        if (job.lock === 'tick' && !(await this.#backend.tryTickLock(lease.connection))) return NOT_LEADER;
        return this.#runJob(lease, job);
      }, job.lock === 'alone');
      this.metrics.writes += 1;
      job.resolve(value);
    } catch (error) {
      this.#failJob(job, error, this.#single);
    }
  }

  async #runGroup(): Promise<void> {
    const committed: { job: Job; value: unknown }[] = [];
    const failed: { job: Job; error: unknown }[] = [];
    const taken: Job[] = [];
    try {
      await this.#transaction(async (lease) => {
        const opened = this.#context.now();
        for (
          let job = this.#nextOfGroup(taken, opened);
          job !== undefined;
          job = this.#nextOfGroup(taken, opened)
        ) {
          await lease.connection.run('SAVEPOINT job', []);
          try {
            const value = await this.#runJob(lease, job);
            await lease.connection.run('RELEASE SAVEPOINT job', []);
            committed.push({ job, value });
          } catch (error) {
            failed.push({ job, error });
            await takeBack(lease, error);
          }
        }
      });
    } catch (error) {
      // Nothing of the group is durable. Where not even BEGIN succeeded, those that would have shared it hear of it.
      if (taken.length === 0) while (taken.length < GROUP_JOBS && this.#take(taken) !== undefined);
      for (const job of taken) {
        this.#failJob(job, failed.find((failure) => failure.job === job)?.error ?? error, this.#grouped);
      }
      return;
    }
    this.metrics.groups += 1;
    this.metrics.groupedJobs += committed.length;
    this.metrics.largestGroup = Math.max(this.metrics.largestGroup, committed.length);
    this.metrics.writes += committed.length;
    for (const { job, value } of committed) job.resolve(value);
    for (const { job, error } of failed) this.#failJob(job, error, this.#grouped);
  }

  /** The next job of an open group; none when a write that came earlier waits, or the group is large or old. */
  #nextOfGroup(taken: Job[], opened: number): Job | undefined {
    const next = this.#grouped.peek();
    if (next === undefined || taken.length >= GROUP_JOBS) return undefined;
    const single = this.#single.peek();
    if (taken.length > 0) {
      if (single !== undefined && single.order < next.order) return undefined;
      // By the store's clock; should that be set back, the number of jobs still ends the group.
      if (this.#context.now() - opened >= GROUP_MS) return undefined;
    }
    return this.#take(taken);
  }

  #take(taken: Job[]): Job | undefined {
    const job = this.#grouped.shift();
    if (job !== undefined) taken.push(job);
    this.#countQueue();
    return job;
  }

  async #runJob(lease: Lease, job: Job): Promise<unknown> {
    const handle = new TransactionHandle(lease.connection, this.#context);
    try {
      return await job.fn(handle);
    } finally {
      await handle.end();
    }
  }

  async #transaction<T>(work: (lease: Lease) => Promise<T>, alone = false): Promise<T> {
    const lease = await this.#backend.writer();
    let broken = true;
    try {
      await this.#backend.begin(lease.connection, alone);
      broken = false;
      const began = performance.now();
      try {
        const value = await work(lease);
        await lease.connection.run('COMMIT', []);
        return value;
      } catch (error) {
        // SQLite may have rolled back by itself (disk full); a lost connection cannot. Both lose nothing here.
        broken = await lease.connection.run('ROLLBACK', []).then(
          () => false,
          () => true,
        );
        throw error;
      } finally {
        this.metrics.longestTransactionMs = Math.max(
          this.metrics.longestTransactionMs,
          performance.now() - began,
        );
      }
    } finally {
      await lease.release(broken);
    }
  }

  #failJob(job: Job, error: unknown, queue: Fifo<Job>): void {
    if (job.retries < MAX_RETRIES && this.#backend.canRetry(error)) {
      job.retries += 1;
      this.metrics.retries += 1;
      queue.push({ ...job, order: this.#order++ });
      this.#countQueue();
      return;
    }
    this.metrics.failed += 1;
    if (error instanceof StoreError && error.code === 'busy') this.metrics.refusedBusy += 1;
    job.reject(error);
  }

  #assertOpen(): void {
    if (this.#closing !== undefined) throw new StoreError('closed', 'the store is closed');
  }

  #busy(message: string): StoreError {
    this.metrics.refusedBusy += 1;
    return new StoreError('busy', message);
  }

  #countQueue(): void {
    this.metrics.queueDepth = this.#single.length + this.#grouped.length;
    this.metrics.peakQueueDepth = Math.max(this.metrics.peakQueueDepth, this.metrics.queueDepth);
  }

  #isIdle(): boolean {
    return this.#lanesInUse === 0 && this.#reads === 0 && this.#single.length + this.#grouped.length === 0;
  }

  #settle(): void {
    if (this.#isIdle()) this.#idle?.();
  }

  async #drain(): Promise<void> {
    if (this.#isIdle()) return;
    await new Promise<void>((resolve) => {
      this.#idle = resolve;
    });
  }
}

/** Undoes one job of a group. Where even that fails the transaction is lost, and the job's error says why. */
async function takeBack(lease: Lease, cause: unknown): Promise<void> {
  try {
    await lease.connection.run('ROLLBACK TO SAVEPOINT job', []);
    await lease.connection.run('RELEASE SAVEPOINT job', []);
  } catch {
    throw cause;
  }
}
