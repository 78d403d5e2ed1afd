import fc from 'fast-check';
import { REPLAY_WINDOW, ReplayWindow, type CounterVerdict } from '../src/replay-window.js';

/** The window as the sentence has it: the last 512 counters, a set of those seen. */
class PlainWindow {
  readonly #seen = new Set<number>();
  #highest = -1;

  check(counter: number): CounterVerdict {
    if (counter <= this.#highest - 512) return 'stale';
    return this.#seen.has(counter) ? 'replay' : 'new';
  }

  accept(counter: number): void {
    this.#seen.add(counter);
    this.#highest = Math.max(this.#highest, counter);
  }
}

test.each<[string, number[], number, CounterVerdict]>([
  ['the first', [], 0, 'new'],
  ['the first again', [0], 0, 'replay'],
  ['a gap that was left open', [0, 2], 1, 'new'],
  ['the oldest of 512', [0, 511], 0, 'replay'],
  ['one older than 512', [0, 512], 0, 'stale'],
  ['never seen, and older than 512', [1, 600], 88, 'stale'],
  ['never seen, the oldest inside', [1, 600], 89, 'new'],
  ['far behind a jump', [0, 1_000_000], 0, 'stale'],
  ['just behind a jump', [0, 1_000_000], 999_999, 'new'],
  ['beyond every jump', [0, 1_000_000], 2 ** 53, 'new'],
])('%s', (_name, accepted, counter, verdict) => {
  const window = new ReplayWindow();
  for (const each of accepted) window.accept(each);
  expect(window.check(counter)).toBe(verdict);
});

test('a frame replayed after 600 further ones is stale, not new', () => {
  const window = new ReplayWindow();
  for (let counter = 0; counter <= 600; counter++) window.accept(counter);
  for (let counter = 0; counter <= 600; counter++) {
    expect(window.check(counter)).toBe(counter > 600 - REPLAY_WINDOW ? 'replay' : 'stale');
  }
});

test('agrees with a plain list in any order of counters', () => {
  const step = fc.oneof(fc.integer({ min: -700, max: 40 }), fc.integer({ min: -40, max: 3000 }));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
      const window = new ReplayWindow();
      const plain = new PlainWindow();
      let highest = 0;
      for (const offset of steps) {
        const counter = Math.max(0, highest + offset);
        const verdict = window.check(counter);
        expect(verdict).toBe(plain.check(counter));
        if (verdict !== 'new') continue;
        window.accept(counter);
        plain.accept(counter);
        highest = Math.max(highest, counter);
      }
    }),
    { numRuns: 300 },
  );
});

test('looking remembers nothing, and a reset forgets everything', () => {
  const window = new ReplayWindow();
  expect(window.check(5)).toBe('new');
  expect(window.check(5)).toBe('new');
  window.accept(700);
  window.reset();
  expect(window.check(0)).toBe('new');
  expect(window.check(700)).toBe('new');
});
