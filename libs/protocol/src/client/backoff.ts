/**
 * Exponential backoff with full jitter: the n-th wait is uniform in [0, min(maxMs, baseMs · 2^n)), so that clients
 * which lost the same master do not come back in waves.
 */
export class Backoff {
  readonly #baseMs: number;
  readonly #maxMs: number;
  readonly #random: () => number;
  #failures = 0;

  /** @param random a number of [0, 1) */
  constructor(baseMs: number, maxMs: number, random: () => number) {
    this.#baseMs = baseMs;
    this.#maxMs = maxMs;
    this.#random = random;
  }

  /** The next wait, in ms. */
  next(): number {
    const bound = Math.min(this.#maxMs, this.#baseMs * 2 ** this.#failures);
    if (bound < this.#maxMs) this.#failures++;
    return Math.floor(this.#random() * bound);
  }

  /** Begins again with the shortest wait. */
  reset(): void {
    this.#failures = 0;
  }
}
