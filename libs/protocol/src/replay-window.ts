/** How many of the latest counters are remembered. */
export const REPLAY_WINDOW = 512;

const WORD_BITS = 32;
/** One word more than the window, so that moving on clears a whole word and never a counter still inside (RFC 6479 §2). */
const WORDS = REPLAY_WINDOW / WORD_BITS + 1;

/** `new`: not seen and not too old. `replay`: inside the window and seen. `stale`: older than the window. */
export type CounterVerdict = 'new' | 'replay' | 'stale';

/**
 * The sliding window of RFC 6479 over the last 512 counters, as a ring of 32-bit words.
 * Looking (`check`) and remembering (`accept`) are apart, because nothing may be remembered of a frame
 * that a later check refuses.
 */
export class ReplayWindow {
  readonly #words = new Uint32Array(WORDS);
  /** The highest counter accepted; −1 before the first. */
  #highest = -1;

  /** What is known of a counter. Changes nothing. */
  check(counter: number): CounterVerdict {
    if (counter > this.#highest) return 'new';
    if (counter <= this.#highest - REPLAY_WINDOW) return 'stale';
    const word = this.#words[Math.floor(counter / WORD_BITS) % WORDS] as number;
    return (word >>> (counter % WORD_BITS)) & 1 ? 'replay' : 'new';
  }

  /** Remembers a counter that `check` called new. */
  accept(counter: number): void {
    const index = Math.floor(counter / WORD_BITS);
    if (counter > this.#highest) {
      const current = Math.floor(this.#highest / WORD_BITS);
      const passed = Math.min(index - current, WORDS);
      for (let i = 1; i <= passed; i++) this.#words[(current + i) % WORDS] = 0;
      this.#highest = counter;
    }
    const slot = index % WORDS;
    this.#words[slot] = (this.#words[slot] as number) | (1 << (counter % WORD_BITS));
  }

  /** Forgets everything: the direction has new keys, and its counter starts at 0 again. */
  reset(): void {
    this.#words.fill(0);
    this.#highest = -1;
  }
}
