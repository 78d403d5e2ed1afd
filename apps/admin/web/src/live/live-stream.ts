import { ApiError } from '../api/api-error.js';
import type { Events } from '../api/contract.js';
import { EventStreamParser } from '../api/event-stream-parser.js';

/** `live` events come · `reconnecting` the stream broke, or never came up; the next try is at `retryAt`. */
export type LiveState =
  | { kind: 'connecting' }
  | { kind: 'live'; since: number }
  | { kind: 'reconnecting'; since: number; retryAt: number; reason: string };

/** An event with its data, by the name of the event. */
export type LiveEvent = { [Name in keyof Events]: { name: Name; data: Events[Name] } }[keyof Events];

const EVENT_NAMES: ReadonlySet<string> = new Set<keyof Events>([
  'hello',
  'overview',
  'servers',
  'queues',
  'matches',
  'commands',
  'logs',
  'audit',
  'trouble',
]);

/** A comment comes every 15 s: silence for longer than two of them means that nobody is there. */
export const SILENCE_MS = 35_000;
/** First and longest pause before another try. */
export const RETRY_FIRST_MS = 500;
export const RETRY_MAX_MS = 15_000;

export interface LiveStreamOptions {
  /** Opens the stream; rejects when it cannot be had. */
  open: (signal: AbortSignal) => Promise<ReadableStream<Uint8Array>>;
  onEvent: (event: LiveEvent) => void;
  onState: (state: LiveState) => void;
  /** Unix ms. */
  now?: () => number;
  /** In [0, 1). */
  random?: () => number;
  /** Runs `task` after `ms`; gives what takes it back. */
  schedule?: (task: () => void, ms: number) => () => void;
}

/** Pause before the `attempt`-th try (1 is the first), ms: doubled each time, half of it by chance, so that pages do not come back in step. */
export function retryDelay(attempt: number, random: number): number {
  const full = Math.min(RETRY_MAX_MS, RETRY_FIRST_MS * 2 ** (attempt - 1));
  return Math.round(full / 2 + (full / 2) * random);
}

/** Holds one stream of events open: opens it again when it ends, falls silent or cannot be had, until it is stopped. */
export class LiveStream {
  readonly #options: Required<LiveStreamOptions>;
  #stopped = false;
  #attempt = 0;
  #brokenSince: number | null = null;
  #abort: AbortController | null = null;
  #cancelTimer: () => void = () => undefined;

  constructor(options: LiveStreamOptions) {
    this.#options = { now: Date.now, random: Math.random, schedule: afterTimeout, ...options };
  }

  start(): void {
    void this.#run();
  }

  stop(): void {
    this.#stopped = true;
    this.#cancelTimer();
    this.#abort?.abort();
  }

  async #run(): Promise<void> {
    const abort = new AbortController();
    this.#abort = abort;
    try {
      this.#watch(abort);
      const stream = await this.#options.open(abort.signal);
      await this.#read(stream, abort);
      this.#retry('The connection ended.');
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return this.#cancelTimer();
      this.#retry(abort.signal.aborted ? 'Nothing came for half a minute.' : reasonOf(error), error);
    }
  }

  async #read(stream: ReadableStream<Uint8Array>, abort: AbortController): Promise<void> {
    const parser = new EventStreamParser();
    const decoder = new TextDecoder();
    const reader = stream.getReader();
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (done || this.#stopped) return;
        this.#watch(abort);
        for (const { event, data } of parser.push(decoder.decode(value, { stream: true }))) {
          this.#deliver(event, data);
        }
      }
    } finally {
      await reader.cancel().catch(() => undefined);
    }
  }

  #deliver(name: string, data: string): void {
    // What a newer server says beyond what this page knows is passed over.
    if (this.#stopped || !EVENT_NAMES.has(name)) return;
    if (name === 'hello') {
      this.#attempt = 0;
      this.#brokenSince = null;
      this.#options.onState({ kind: 'live', since: this.#options.now() });
    }
    this.#options.onEvent({ name, data: JSON.parse(data) as unknown } as LiveEvent);
  }

  #watch(abort: AbortController): void {
    this.#cancelTimer();
    this.#cancelTimer = this.#options.schedule(() => abort.abort(), SILENCE_MS);
  }

  #retry(reason: string, error?: unknown): void {
    this.#cancelTimer();
    if (this.#stopped) return;
    this.#attempt += 1;
    const now = this.#options.now();
    this.#brokenSince ??= now;
    const asked = error instanceof ApiError ? (error.retryAfterMs ?? 0) : 0;
    const delay = Math.max(asked, retryDelay(this.#attempt, this.#options.random()));
    this.#options.onState({ kind: 'reconnecting', since: this.#brokenSince, retryAt: now + delay, reason });
    this.#cancelTimer = this.#options.schedule(() => void this.#run(), delay);
  }
}

function reasonOf(error: unknown): string {
  return error instanceof ApiError ? error.message : 'The connection broke.';
}

function afterTimeout(task: () => void, ms: number): () => void {
  const timer = setTimeout(task, ms);
  return () => clearTimeout(timer);
}
