import { setImmediate as nextTurn } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { Inject, Injectable } from '@nestjs/common';
import { LOGGER, type Logger } from '../../logging/logger.js';
import type { FromSearchThread, SearchAnswer, SearchRequest, ToSearchThread } from './search-messages.js';

/** A search that takes longer has gone wrong: a million players take some seconds. */
const LIMIT_MS = 30_000;

/** What the thread runs: always as it was built, since a thread reads no TypeScript; the path is the same from `src` and from `dist`. */
const PROGRAM = new URL('../../../dist/matchmaking/search/search.worker.js', import.meta.url);

interface Job {
  resolve(answer: SearchAnswer): void;
  reject(error: Error): void;
}

/**
 * The search of the matchmaker in a thread of its own, one at a time. The thread is made when first needed and kept; one that dies, or
 * is ended because its search took too long, takes that search with it, and the next gets a new one.
 */
@Injectable()
export class SearchThread {
  /** Since the start: searches answered, threads that died, searches ended because they took too long. */
  readonly counters = { searches: 0, crashes: 0, overdue: 0 };
  protected readonly limitMs: number = LIMIT_MS;
  private worker: Worker | undefined;
  private job: Job | undefined;
  private closed = false;

  constructor(@Inject(LOGGER) private readonly log: Logger) {}

  /**
   * What the matchmaker finds. The answer is the same as it would be on this thread.
   * @throws Error if the thread died, took too long or is closed, or the matchmaker refused its input
   */
  async search({ pages, ...rest }: SearchRequest): Promise<SearchAnswer> {
    if (this.closed) throw new Error('the search thread is closed');
    if (this.job !== undefined) throw new Error('the search thread is busy');
    const worker = (this.worker ??= this.start());
    const answer = new Promise<SearchAnswer>((resolve, reject) => {
      this.job = { resolve, reject };
    });
    const limit = setTimeout(() => this.endOverdue(worker), this.limitMs);
    // Only while somebody waits for its answer does the thread keep the process alive.
    worker.ref();
    try {
      void this.post(worker, pages, rest);
      return await answer;
    } finally {
      clearTimeout(limit);
      worker.unref();
    }
  }

  /** Ends the thread. A search that is under way is rejected. */
  async close(): Promise<void> {
    this.closed = true;
    const { worker } = this;
    if (worker === undefined) return;
    this.forget(worker, new Error('the search thread is closed'));
    await worker.terminate();
  }

  /** A thread that answers searches. */
  protected createWorker(): Worker {
    return new Worker(PROGRAM, { execArgv: [], env: {}, name: 'search' });
  }

  private start(): Worker {
    const worker = this.createWorker();
    worker.on('message', (message: FromSearchThread) => this.finish(message));
    worker.on('error', (error) => this.drop(worker, error));
    worker.on('exit', () => this.drop(worker, new Error('the search thread ended')));
    return worker;
  }

  /** One message per page, with other work of the event loop between them. What is sent to a thread that has ended is lost. */
  private async post(
    worker: Worker,
    pages: SearchRequest['pages'],
    rest: Omit<SearchRequest, 'pages'>,
  ): Promise<void> {
    const send = (message: ToSearchThread) => worker.postMessage(message);
    for (const page of pages) {
      send({ page });
      await nextTurn();
    }
    send({ search: rest });
  }

  private finish(message: FromSearchThread): void {
    const { job } = this;
    this.job = undefined;
    if ('error' in message) {
      job?.reject(new Error(message.error));
      return;
    }
    this.counters.searches += 1;
    job?.resolve(message.answer);
  }

  private endOverdue(worker: Worker): void {
    this.counters.overdue += 1;
    this.log.error({ component: 'search', limitMs: this.limitMs }, 'a search took too long and was ended');
    this.forget(worker, new Error('the search took too long'));
    void worker.terminate();
  }

  private drop(worker: Worker, error: Error): void {
    if (this.worker !== worker) return;
    this.counters.crashes += 1;
    this.log.error(
      { err: error, component: 'search' },
      'the search thread died; the next search gets another',
    );
    this.forget(worker, error);
  }

  private forget(worker: Worker, error: Error): void {
    if (this.worker !== worker) return;
    this.worker = undefined;
    this.job?.reject(error);
    this.job = undefined;
  }
}
