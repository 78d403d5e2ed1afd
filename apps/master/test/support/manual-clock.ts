import { Clock } from '../../src/clock/clock.js';

/** A clock that stands still until a test moves it. */
export class ManualClock extends Clock {
  constructor(private ms = 1_800_000_000_000) {
    super();
  }

  now(): number {
    return this.ms;
  }

  advance(ms: number): void {
    this.ms += ms;
  }
}
