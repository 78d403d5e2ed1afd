import fc from 'fast-check';
import { ApiError } from '../src/api/api-error.js';
import {
  LiveStream,
  RETRY_MAX_MS,
  retryDelay,
  SILENCE_MS,
  type LiveEvent,
  type LiveState,
} from '../src/live/live-stream.js';

/** A stream by hand: what is opened, what comes, what time passes. */
class Bench {
  readonly events: LiveEvent[] = [];
  readonly states: LiveState[] = [];
  readonly opened: { signal: AbortSignal; controller: ReadableStreamDefaultController<Uint8Array> }[] = [];
  timers: { task: () => void; ms: number }[] = [];
  now = 1_000_000;
  readonly stream: LiveStream;

  constructor(public refuse: Error | null = null) {
    this.stream = new LiveStream({
      open: (signal) => this.#open(signal),
      onEvent: (event) => this.events.push(event),
      onState: (state) => this.states.push(state),
      now: () => this.now,
      random: () => 0.5,
      schedule: (task, ms) => {
        const timer = { task, ms };
        this.timers.push(timer);
        return () => {
          this.timers = this.timers.filter((one) => one !== timer);
        };
      },
    });
    this.stream.start();
  }

  #open(signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
    if (this.refuse !== null) return Promise.reject(this.refuse);
    return Promise.resolve(
      new ReadableStream<Uint8Array>({
        start: (controller) => {
          this.opened.push({ signal, controller });
          signal.addEventListener('abort', () => controller.error(signal.reason));
        },
      }),
    );
  }

  get last() {
    const last = this.opened.at(-1);
    if (last === undefined) throw new Error('Nothing was opened');
    return last;
  }

  async say(text: string): Promise<void> {
    this.last.controller.enqueue(new TextEncoder().encode(text));
    await this.turn();
  }

  hello(): Promise<void> {
    return this.say('event: hello\ndata: {"at":1,"version":"1","topics":["overview"]}\n\n');
  }

  /** Lets the promises that are settled run on. */
  async turn(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
  }

  async fire(): Promise<number> {
    const [timer] = this.timers.splice(0, 1);
    if (timer === undefined) throw new Error('No timer is set');
    timer.task();
    await this.turn();
    return timer.ms;
  }
}

test('it is live when the server has greeted, and hands on what comes', async () => {
  const bench = new Bench();
  await bench.turn();
  expect(bench.states).toEqual([]);
  await bench.hello();
  await bench.say('event: trouble\ndata: {"text":"no database"}\n\n');
  expect(bench.states).toEqual([{ kind: 'live', since: bench.now }]);
  expect(bench.events.map((event) => event.name)).toEqual(['hello', 'trouble']);
});

test('events that it does not know are passed over', async () => {
  const bench = new Bench();
  await bench.turn();
  await bench.say('event: weather\ndata: not even JSON\n\n');
  expect(bench.events).toEqual([]);
  expect(bench.states).toEqual([]);
});

test('a stream that ends is opened again, later each time, until one greets', async () => {
  const bench = new Bench();
  await bench.turn();
  await bench.hello();
  bench.last.controller.close();
  await bench.turn();
  expect(bench.states.at(-1)).toMatchObject({
    kind: 'reconnecting',
    since: bench.now,
    retryAt: bench.now + 375,
  });
  const brokenSince = bench.now;
  bench.refuse = new ApiError('nobody there', 'unreachable', 0);
  const pauses: number[] = [];
  for (let count = 0; count < 8; count++) {
    bench.now += 1000;
    pauses.push(await bench.fire());
  }
  expect(pauses).toEqual([375, 750, 1500, 3000, 6000, 11_250, 11_250, 11_250]);
  expect(bench.states.at(-1)).toMatchObject({
    kind: 'reconnecting',
    since: brokenSince,
    reason: 'nobody there',
  });
  bench.refuse = null;
  await bench.fire();
  await bench.hello();
  expect(bench.states.at(-1)).toEqual({ kind: 'live', since: bench.now });
  bench.last.controller.close();
  await bench.turn();
  expect(bench.states.at(-1)).toMatchObject({ kind: 'reconnecting', retryAt: bench.now + 375 });
});

test('silence is taken for a break', async () => {
  const bench = new Bench();
  await bench.turn();
  await bench.hello();
  expect(bench.timers.map((timer) => timer.ms)).toEqual([SILENCE_MS]);
  await bench.say(': still here\n\n');
  expect(bench.timers.map((timer) => timer.ms)).toEqual([SILENCE_MS]);
  await bench.fire();
  expect(bench.last.signal.aborted).toBe(true);
  expect(bench.states.at(-1)).toMatchObject({
    kind: 'reconnecting',
    reason: 'Nothing came for half a minute.',
  });
});

test('data that is not JSON is taken for a break', async () => {
  const bench = new Bench();
  await bench.turn();
  await bench.say('event: overview\ndata: {\n\n');
  expect(bench.states.at(-1)).toMatchObject({ kind: 'reconnecting', reason: 'The connection broke.' });
});

test('it waits as long as the server asks', async () => {
  const bench = new Bench(new ApiError('busy', 'busy', 503, 20_000));
  await bench.turn();
  expect(bench.states.at(-1)).toMatchObject({ kind: 'reconnecting', retryAt: bench.now + 20_000 });
});

test('a token that is not taken is not tried again', async () => {
  const bench = new Bench(new ApiError('no', 'unauthenticated', 401));
  await bench.turn();
  expect(bench.states).toEqual([]);
  expect(bench.timers).toEqual([]);
});

test('a stopped stream says and tries nothing more', async () => {
  const bench = new Bench();
  await bench.turn();
  await bench.hello();
  bench.stream.stop();
  await bench.turn();
  expect(bench.last.signal.aborted).toBe(true);
  expect(bench.timers).toEqual([]);
  expect(bench.states).toHaveLength(1);
});

test('pauses grow and have a bound, whatever chance says', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 2000 }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (attempt, random) => {
        const delay = retryDelay(attempt, random);
        expect(delay).toBeGreaterThan(0);
        expect(delay).toBeLessThanOrEqual(RETRY_MAX_MS);
      },
    ),
  );
});
