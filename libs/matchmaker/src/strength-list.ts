/** No entry in this direction. */
export const NONE = -1;

/**
 * Entries in ascending order of strength, from which entries are taken away and never come back. The nearest entry still there on
 * either side of a place is found in almost constant time (disjoint sets with path halving: each place points to the next
 * one still there).
 */
export class StrengthList {
  private readonly up: Int32Array;
  private readonly down: Int32Array;

  /** `entries` in ascending order of `strengths`, which stand at the same places. */
  constructor(
    readonly entries: Uint32Array,
    readonly strengths: Float64Array,
  ) {
    // One place more at either end: where the search runs out.
    this.up = new Int32Array(entries.length + 1);
    for (let i = 0; i < this.up.length; i++) this.up[i] = i;
    this.down = this.up.slice();
  }

  /** The first place whose entry is at least as strong. */
  placeOf(strength: number): number {
    let low = 0;
    let high = this.entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.strengths[middle] as number) < strength) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The first place from `place` upwards whose entry is still there, or {@link NONE}. */
  atOrAbove(place: number): number {
    const found = root(this.up, place);
    return found === this.entries.length ? NONE : found;
  }

  /** The first place below `place` whose entry is still there, or {@link NONE}. */
  below(place: number): number {
    return root(this.down, place) - 1;
  }

  take(place: number): void {
    this.up[place] = place + 1;
    this.down[place + 1] = place;
  }
}

function root(next: Int32Array, start: number): number {
  let place = start;
  for (;;) {
    const step = next[place] as number;
    if (step === place) return place;
    const further = next[step] as number;
    next[place] = further;
    place = further;
  }
}
