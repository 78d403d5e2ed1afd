import type { WindowRules } from './queue.js';

const DEFAULT_LAST_RESORT_AFTER = 180;

/** Width of the window in points after a wait in milliseconds; a join in the future counts as no wait. */
export function windowWidth(window: WindowRules, waitMs: number): number {
  const { initial, perSecond, max, curve } = window;
  const seconds = Math.max(0, waitMs) / 1000;
  if (curve === undefined) return Math.min(max, initial + perSecond * seconds);
  let [from, width] = [0, initial];
  for (const [until, next] of curve) {
    if (seconds < until) return Math.min(max, width + ((next - width) * (seconds - from)) / (until - from));
    [from, width] = [until, next];
  }
  return Math.min(max, width + perSecond * (seconds - from));
}

/** Seconds of waiting after which the window does not count any more. */
export function lastResortAfter(window: WindowRules): number {
  return window.lastResortAfter ?? DEFAULT_LAST_RESORT_AFTER;
}

/** Whether the entry has waited so long that the window does not count any more. */
export function isLastResort(window: WindowRules, waitMs: number): boolean {
  return waitMs >= lastResortAfter(window) * 1000;
}
