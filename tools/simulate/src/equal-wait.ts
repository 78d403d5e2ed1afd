/** Windows between which one is looked for, in points: from hardly anybody to everybody. */
const NARROWEST = 1;
const WIDEST = 4000;
/** Runs that the search takes; each halves what is left, as a ratio. */
const RUNS = 10;

/**
 * The narrowest fixed window, in points, by which players wait no longer than `target` seconds, as far as ten runs can tell: of all
 * windows with an equal wait the one with the evenest matches. Wider windows wait less, so it is found by bisection; the widest
 * tried where none waits so little.
 *
 * @param waitOf runs the policy with a window and returns how long players waited, in seconds
 */
export function windowOfEqualWait(target: number, waitOf: (window: number) => number): number {
  let narrow = NARROWEST;
  let wide = WIDEST;
  for (let run = 0; run < RUNS; run++) {
    const window = Math.sqrt(narrow * wide);
    if (waitOf(window) <= target) wide = window;
    else narrow = window;
  }
  return wide;
}
