import { randomBytes } from 'node:crypto';

/** What time it is. Everything in the master asks this, so that tests bring their own time. */
export abstract class Clock {
  /** Unix milliseconds. */
  abstract now(): number;

  /**
   * Milliseconds since some fixed moment, for time-outs: unlike `now()` they do not jump when the machine's clock is set.
   * A clock made for tests has one time for both.
   */
  elapsed(): number {
    return this.now();
  }
}

/** The machine's clock. */
export class SystemClock extends Clock {
  now(): number {
    return Date.now();
  }

  override elapsed(): number {
    return performance.now();
  }
}

/** Where unpredictable bytes come from. */
export abstract class RandomSource {
  /** `count` fresh bytes. */
  abstract bytes(count: number): Buffer;
}

/** The operating system's cryptographic random source. */
export class SystemRandom extends RandomSource {
  bytes(count: number): Buffer {
    return randomBytes(count);
  }
}
