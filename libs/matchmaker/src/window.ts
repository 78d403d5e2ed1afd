import type { WindowRules } from './queue.js';

const DEFAULT_LAST_RESORT_AFTER = 180;

/** Width of the window in points after a wait in milliseconds; a join in the future counts as no wait. */
export function windowWidth(window: WindowRules, waitMs: number): number {
  return Math.min(window.max, window.initial + (window.perSecond * Math.max(0, waitMs)) / 1000);
}

/** Whether the entry has waited so long that the window does not count any more. */
export function isLastResort(window: WindowRules, waitMs: number): boolean {
  return waitMs >= (window.lastResortAfter ?? DEFAULT_LAST_RESORT_AFTER) * 1000;
}
