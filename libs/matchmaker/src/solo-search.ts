import type { Group } from './group.js';
import { NONE, type StrengthList } from './strength-list.js';
import type { WaitingPool } from './waiting-pool.js';

/**
 * Finds groups of single players. In the order of strength the group with the smallest spread has no gaps, so only as many groups
 * as a match has players need to be looked at.
 */
export class SoloSearch {
  /** Places around the anchor, in ascending order. */
  private readonly near: Int32Array;
  /** What was found last: one for each search would be a tenth of what the collector has to look after. */
  private readonly found: { readonly entries: number[]; spread: number };

  /** `players`: those of a match. */
  constructor(
    private readonly pool: WaitingPool,
    private readonly players: number,
  ) {
    this.near = new Int32Array(2 * players - 1);
    this.found = { entries: new Array<number>(players).fill(0), spread: Infinity };
  }

  /**
   * The group around `anchor` with the smallest spread, or undefined when there are not that many. `passOver`: entries that
   * cannot be in one match with the anchor. Overwritten by the next call.
   */
  search(anchor: number, field: number, passOver?: (entry: number) => boolean): Group | undefined {
    const { pool, players, near } = this;
    const list = pool.lists(field)[1] as StrengthList;
    if (players === 2) return this.nearest(list, pool.place(field, anchor), passOver);
    const { strengths, entries } = list;
    const home = pool.place(field, anchor);
    // From the middle outwards on both sides.
    let first = players - 1;
    near[first] = home;
    for (let i = list.below(home); i !== NONE && first > 0; i = list.below(i)) {
      if (passOver === undefined || !passOver(entries[i] as number)) near[--first] = i;
    }
    let end = players;
    for (let i = list.atOrAbove(home + 1); i !== NONE && end < near.length; i = list.atOrAbove(i + 1)) {
      if (passOver === undefined || !passOver(entries[i] as number)) near[end++] = i;
    }
    let best = -1;
    let spread = Infinity;
    for (let start = first; start < players && start + players <= end; start++) {
      const width =
        (strengths[near[start + players - 1] as number] as number) -
        (strengths[near[start] as number] as number);
      if (width < spread) {
        spread = width;
        best = start;
      }
    }
    if (best < 0) return undefined;
    const { found } = this;
    for (let i = 0; i < players; i++) found.entries[i] = entries[near[best + i] as number] as number;
    found.spread = spread;
    return found;
  }

  /** The same for a match of two, which is most of what is searched: the neighbour who is nearer, of equals the weaker one. */
  private nearest(
    list: StrengthList,
    home: number,
    passOver: ((entry: number) => boolean) | undefined,
  ): Group | undefined {
    const { strengths, entries } = list;
    let below = list.below(home);
    let above = list.atOrAbove(home + 1);
    if (passOver !== undefined) {
      while (below !== NONE && passOver(entries[below] as number)) below = list.below(below);
      while (above !== NONE && passOver(entries[above] as number)) above = list.atOrAbove(above + 1);
    }
    const strength = strengths[home] as number;
    const down = below === NONE ? Infinity : strength - (strengths[below] as number);
    const up = above === NONE ? Infinity : (strengths[above] as number) - strength;
    const { found } = this;
    const own = entries[home] as number;
    if (below !== NONE && down <= up) {
      found.entries[0] = entries[below] as number;
      found.entries[1] = own;
      found.spread = down;
      return found;
    }
    if (above === NONE) return undefined;
    found.entries[0] = own;
    found.entries[1] = entries[above] as number;
    found.spread = up;
    return found;
  }
}
