import type { PastWait } from '@ranked/store';

/** Waits of players nearest in strength that are looked at. */
const NEAREST = 16;
/** Fewer than this say nothing. */
const FEWEST = 5;

/** How long players of a queue will have waited, by the waits of others. */
export class WaitEstimate {
  /** By strength. */
  private readonly waits: readonly PastWait[];

  /** @param waits in any order; of the same strength the earlier counts as nearer */
  constructor(waits: readonly PastWait[]) {
    this.waits = waits.toSorted((a, b) => a[1] - b[1]);
  }

  /**
   * How long a player will have waited in all by the time he has a match, ms: the median of the sixteen waits nearest to him in
   * strength, of those that were at least as long as he has waited already. Undefined if there are fewer than five.
   * @param strength in display points, as in {@link PastWait}
   */
  of(strength: number, waitedMs: number): number | undefined {
    const { waits } = this;
    let above = this.firstNotBelow(strength);
    let below = above - 1;
    const nearest: number[] = [];
    while (nearest.length < NEAREST && (below >= 0 || above < waits.length)) {
      const lower = waits[below];
      const upper = waits[above];
      const isLower =
        upper === undefined || (lower !== undefined && strength - lower[1] <= upper[1] - strength);
      const [, , waitMs] = (isLower ? lower : upper) as PastWait;
      if (isLower) below -= 1;
      else above += 1;
      if (waitMs >= waitedMs) nearest.push(waitMs);
    }
    if (nearest.length < FEWEST) return undefined;
    nearest.sort((a, b) => a - b);
    const middle = nearest.length / 2;
    return ((nearest[Math.ceil(middle) - 1] ?? 0) + (nearest[Math.floor(middle)] ?? 0)) / 2;
  }

  private firstNotBelow(strength: number): number {
    let low = 0;
    let high = this.waits.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.waits[middle] as PastWait)[1] < strength) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
