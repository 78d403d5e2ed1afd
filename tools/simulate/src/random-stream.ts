/**
 * A seeded source of randomness of its own for each subject (a player, the arrivals, a match), so that one policy's decisions never
 * shift the luck of the next: every policy meets the same people at the same times.
 */
export class RandomStream {
  #state: number;

  /** `subject`: names the stream; the same seed and subject give the same numbers. */
  constructor(seed: number, subject: string) {
    let state = seed >>> 0;
    for (let i = 0; i < subject.length; i++) {
      state = Math.imul(state ^ subject.charCodeAt(i), 0x01000193) >>> 0;
      state ^= state >>> 15;
    }
    this.#state = Math.imul(state ^ (state >>> 16), 0x45d9f3b) >>> 0;
  }

  /** Uniform in [0, 1): mulberry32, good enough for crowds. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  /** A whole number from 0 to below `end`. */
  below(end: number): number {
    return Math.floor(this.next() * end);
  }

  /** Normally distributed (Box-Muller). */
  normal(mean: number, deviation: number): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.next()));
    return mean + deviation * radius * Math.cos(2 * Math.PI * this.next());
  }

  /** Exponentially distributed. */
  exponential(mean: number): number {
    return -mean * Math.log(1 - this.next());
  }

  /** Log-normally distributed: never negative, with a long tail, as lengths of matches and patience are. */
  logNormal(median: number, spread: number): number {
    return median * Math.exp(this.normal(0, spread));
  }
}
