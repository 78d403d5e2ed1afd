import type { Group } from './group.js';
import { packParties } from './pack-parties.js';
import { NONE } from './strength-list.js';
import type { WaitingPool } from './waiting-pool.js';

/** Times that a choice is taken back before the search gives up. */
const MAX_RETREATS = 256;

/**
 * Finds groups where entries have several players. Whether parties fit into teams depends on their sizes alone and is
 * remembered from one search to the next.
 */
export class PartySearch {
  private readonly fits = new Map<string, boolean>();

  constructor(
    private readonly pool: WaitingPool,
    private readonly teams: number,
    private readonly size: number,
  ) {}

  /**
   * A group around `anchor` that fills all teams, within `window` if one was found there, else the nearest found whatever the
   * distance. Undefined when the parties do not fit.
   */
  search(anchor: number, window: number): Group | undefined {
    const candidates = this.candidates(anchor);
    return (
      this.fill(anchor, candidates, window) ??
      (window < Infinity ? this.fill(anchor, candidates, Infinity) : undefined)
    );
  }

  /** The nearest entries are taken as long as they fit, and given back when they lead nowhere. */
  private fill(anchor: number, candidates: readonly number[], window: number): Group | undefined {
    const { strength, size } = this.pool;
    const centre = strength[anchor] as number;
    const needed = this.teams * this.size;
    let reachable = 0;
    while (reachable < candidates.length) {
      if (Math.abs((strength[candidates[reachable] as number] as number) - centre) > window) break;
      reachable++;
    }
    /** Players among the candidates from a place on: what can still be had. */
    const supply = new Array<number>(reachable + 1).fill(0);
    for (let i = reachable - 1; i >= 0; i--) {
      supply[i] = (supply[i + 1] as number) + (size[candidates[i] as number] as number);
    }
    const chosen = [anchor];
    let retreats = 0;
    const extend = (from: number, players: number, weakest: number, strongest: number): Group | undefined => {
      if (players === needed) return { entries: chosen.slice(), spread: strongest - weakest };
      for (let i = from; i < reachable && retreats <= MAX_RETREATS; i++) {
        if (players + (supply[i] as number) < needed) return undefined;
        const candidate = candidates[i] as number;
        const more = size[candidate] as number;
        const low = Math.min(weakest, strength[candidate] as number);
        const high = Math.max(strongest, strength[candidate] as number);
        if (players + more > needed || high - low > window || !this.fit(chosen, candidate)) continue;
        chosen.push(candidate);
        const group = extend(i + 1, players + more, low, high);
        if (group !== undefined) return group;
        chosen.pop();
        retreats++;
      }
      return undefined;
    };
    return extend(0, size[anchor] as number, centre, centre);
  }

  /**
   * The free entries that matter to the anchor, nearest first, the longer-waiting one first where that is equal: of each size as
   * many on either side as could be in one match with it.
   */
  private candidates(anchor: number): number[] {
    const { strength, lists, size } = this.pool;
    const centre = strength[anchor] as number;
    const room = this.teams * this.size - (size[anchor] as number);
    const found: number[] = [];
    lists.forEach((list, players) => {
      if (list.entries.length === 0) return;
      const most = Math.floor(room / players);
      const home = list.placeOf(centre);
      let place = list.below(home);
      for (let count = 0; count < most && place !== NONE; count++) {
        found.push(list.entries[place] as number);
        place = list.below(place);
      }
      place = list.atOrAbove(home);
      for (let count = 0; count < most && place !== NONE;) {
        const entry = list.entries[place] as number;
        if (entry !== anchor) {
          found.push(entry);
          count++;
        }
        place = list.atOrAbove(place + 1);
      }
    });
    const distance = (entry: number) => Math.abs((strength[entry] as number) - centre);
    return found.sort((a, b) => distance(a) - distance(b) || a - b);
  }

  /** Whether the chosen entries and one more go into the teams whole. A single player always does where a place is free. */
  private fit(chosen: readonly number[], candidate: number): boolean {
    const { size } = this.pool;
    if (size[candidate] === 1) return true;
    const sizes = [...chosen, candidate]
      .map((entry) => size[entry] as number)
      .filter((players) => players > 1);
    sizes.sort((a, b) => b - a);
    const key = sizes.join();
    let fits = this.fits.get(key);
    if (fits === undefined) {
      fits = packParties(sizes, this.teams, this.size) !== undefined;
      this.fits.set(key, fits);
    }
    return fits;
  }
}
