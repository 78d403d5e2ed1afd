import type { EntryColumns } from './entry-columns.js';
import type { Group } from './group.js';
import type { Lineup } from './lineup.js';
import type { Meetings } from './meetings.js';
import { packParties } from './pack-parties.js';
import type { QueueRules } from './queue.js';
import type { RoleNeeds } from './role-needs.js';
import type { ServerBoard } from './server-board.js';
import { SoloSearch } from './solo-search.js';
import { NONE } from './strength-list.js';
import type { WaitingPool } from './waiting-pool.js';

/** Times that a choice is taken back before the search gives up. */
const MAX_RETREATS = 256;
/** See {@link GroupSearch.nearest}. */
const MARGIN = 4;
/** The same for those who have waited beyond the limit. */
const LAST_MARGIN = 64;

/** What a search has to respect beside the places in the teams and the roles. */
export interface Respect {
  /** Players reach one region in common. */
  readonly latency: boolean;
  /** Those who block each other do not meet. */
  readonly blocked: boolean;
  /** Opponents of the last match do not meet. */
  readonly repeats: boolean;
  /** Every team has a party or none has. */
  readonly parties: boolean;
  /** Every team can fill its roles. */
  readonly roles: boolean;
}

/** Everything by which entries may or may not be in one match. */
export interface Limits {
  readonly queue: QueueRules;
  readonly columns: EntryColumns;
  readonly pool: WaitingPool;
  readonly lineup: Lineup;
  readonly board: ServerBoard;
  readonly meetings: Meetings | undefined;
  readonly roles: RoleNeeds | undefined;
  /** Whether the pool has a field for each region of the board. */
  readonly byRegion: boolean;
}

/** Finds groups among the entries that are free. */
export class GroupSearch {
  /** What may never be broken. */
  readonly hard: Respect;
  private readonly preferences: readonly Respect[];
  private readonly solo: SoloSearch;
  private readonly needed: number;
  /** Whether parties fit into teams depends on their sizes alone. */
  private readonly fits = new Map<string, boolean>();

  constructor(private readonly limits: Limits) {
    const { queue, pool, meetings, roles, byRegion } = limits;
    this.needed = queue.teams * queue.size;
    this.solo = new SoloSearch(pool, this.needed);
    const rule = pool.solo ? 'mixed' : (queue.parties ?? 'mixed');
    this.hard = {
      latency: byRegion,
      blocked: meetings !== undefined,
      repeats: false,
      parties: rule === 'only-against-parties',
      roles: roles !== undefined,
    };
    const wished: Respect[] = [];
    for (const parties of rule === 'mixed'
      ? [false]
      : rule === 'against-parties-first'
        ? [true, false]
        : [true]) {
      if (meetings !== undefined) wished.push({ ...this.hard, parties, repeats: true });
      wished.push({ ...this.hard, parties });
    }
    this.preferences = wished;
  }

  /** Whether strength alone decides, so that no search could be better than the one for single players. */
  get plain(): boolean {
    return this.limits.pool.solo && !this.hard.latency && !this.hard.blocked && !this.hard.roles;
  }

  /**
   * A group around `anchor` no wider than `window` that meets as many of the queue's wishes as possible; where there is none and
   * `reach` is wider than the window, the nearest within that.
   */
  find(anchor: number, window: number, reach: number): Group | undefined {
    for (const respect of this.preferences) {
      const group = this.nearest(anchor, window, respect);
      if (group !== undefined) return group;
    }
    return reach > window ? this.nearest(anchor, reach, this.hard, LAST_MARGIN) : undefined;
  }

  /**
   * The group found around `anchor` that respects what it has to and is no wider than `limit`. Regions with a free place come
   * first. `margin`: where some of the nearest may not fit with the others, so many times as many are looked at.
   */
  nearest(anchor: number, limit: number, respect: Respect, margin = MARGIN): Group | undefined {
    const { pool, board } = this.limits;
    if (!respect.latency) return this.inField(anchor, pool.everywhere, limit, respect, margin);
    let best: Group | undefined;
    let bestOpen = false;
    for (let field = 0; field < pool.everywhere; field++) {
      if (pool.place(field, anchor) < 0) continue;
      const open = board.isOpen(field);
      if (bestOpen && !open) continue;
      const group = this.inField(anchor, field, limit, respect, margin);
      if (group === undefined) continue;
      if (best !== undefined && bestOpen === open && group.spread >= best.spread) continue;
      best = group;
      bestOpen = open;
    }
    return best;
  }

  private inField(
    anchor: number,
    field: number,
    limit: number,
    respect: Respect,
    margin: number,
  ): Group | undefined {
    const { pool } = this.limits;
    if (pool.solo) {
      const group = this.solo.search(anchor, field, this.passOver(anchor, respect));
      if (group === undefined || group.spread > limit) return undefined;
      // The next field's search overwrites what this one found.
      if (this.holds(group.entries, respect)) return { entries: group.entries.slice(), spread: group.spread };
    }
    return this.fill(anchor, this.candidates(anchor, field, limit, respect, margin), limit, respect);
  }

  private passOver(anchor: number, respect: Respect): ((entry: number) => boolean) | undefined {
    const { meetings } = this.limits;
    if (meetings === undefined || !(respect.blocked || respect.repeats)) return undefined;
    return (entry) =>
      (respect.blocked && meetings.mayNotMeet(anchor, entry)) ||
      (respect.repeats && meetings.metLately(anchor, entry));
  }

  /** Whether nobody in a full group minds anybody else, and its teams can be made. */
  holds(entries: readonly number[], respect: Respect): boolean {
    for (let i = 1; i < entries.length; i++) {
      for (let k = 0; k < i; k++) {
        if (this.mind(entries[i] as number, entries[k] as number, respect)) return false;
      }
    }
    if (!respect.roles && !respect.parties) return true;
    return this.limits.lineup.divide(entries, respect.parties) !== undefined;
  }

  private mind(a: number, b: number, respect: Respect): boolean {
    const { meetings } = this.limits;
    if (meetings === undefined) return false;
    return (respect.blocked && meetings.mayNotMeet(a, b)) || (respect.repeats && meetings.metLately(a, b));
  }

  /** The nearest entries are taken as long as they fit, and given back when they lead nowhere. */
  private fill(
    anchor: number,
    candidates: readonly number[],
    limit: number,
    respect: Respect,
  ): Group | undefined {
    const { pool, roles, queue } = this.limits;
    const { strength, size } = pool;
    const { needed } = this;
    const reachable = candidates.length;
    /** Players among the candidates from a place on: what can still be had. */
    const supply = new Array<number>(reachable + 1).fill(0);
    for (let i = reachable - 1; i >= 0; i--) {
      supply[i] = (supply[i + 1] as number) + (size[candidates[i] as number] as number);
    }
    const chosen = [anchor];
    let retreats = 0;
    /** Of parties one per team comes first where every team has to have one. */
    const partiesFirst = respect.parties && (size[anchor] as number) > 1 ? queue.teams : 0;
    const extend = (from: number, players: number, weakest: number, strongest: number): Group | undefined => {
      if (players === needed) {
        const full = (!respect.roles && !respect.parties) || this.holds(chosen, respect);
        return full ? { entries: chosen.slice(), spread: strongest - weakest } : undefined;
      }
      const partiesOnly = chosen.length < partiesFirst;
      for (let i = from; i < reachable && retreats <= MAX_RETREATS; i++) {
        if (players + (supply[i] as number) < needed) return undefined;
        const candidate = candidates[i] as number;
        const more = size[candidate] as number;
        if (partiesOnly && more === 1) continue;
        const low = Math.min(weakest, strength[candidate] as number);
        const high = Math.max(strongest, strength[candidate] as number);
        if (players + more > needed || high - low > limit) continue;
        if (!this.fit(chosen, candidate)) continue;
        if (chosen.some((one) => one === candidate || this.mind(one, candidate, respect))) continue;
        chosen.push(candidate);
        const left = needed - players - more;
        const able = !respect.roles || roles === undefined || roles.couldFill(chosen, left);
        // Once every team has its party, the others come in their order again.
        const next = partiesOnly && chosen.length === partiesFirst ? 0 : i + 1;
        const group = able ? extend(next, players + more, low, high) : undefined;
        if (group !== undefined) return group;
        chosen.pop();
        if (able) retreats++;
      }
      return undefined;
    };
    const centre = strength[anchor] as number;
    return extend(0, size[anchor] as number, centre, centre);
  }

  /**
   * The free entries that matter to the anchor, nearest first, the longer-waiting one first where that is equal: of each size as
   * many on either side as could be in one match with it.
   */
  private candidates(
    anchor: number,
    field: number,
    limit: number,
    respect: Respect,
    margin: number,
  ): number[] {
    const { pool, queue } = this.limits;
    const { strength, size } = pool;
    const centre = strength[anchor] as number;
    const room = this.needed - (size[anchor] as number);
    const passOver = this.passOver(anchor, respect);
    const times = respect.roles || respect.blocked ? margin : 1;
    const found: number[] = [];
    const lists = pool.lists(field);
    // With a single player in a team that must not face a party, all are single.
    const largest = respect.parties && size[anchor] === 1 ? 1 : Math.min(room, queue.size);
    for (let players = 1; players <= largest; players++) {
      const list = lists[players];
      if (list === undefined || list.entries.length === 0) continue;
      const most = times * Math.floor(room / players);
      const home = list.placeOf(centre);
      const take = (place: number): number => {
        const entry = list.entries[place] as number;
        if (entry === anchor || passOver?.(entry) === true) return 0;
        found.push(entry);
        return 1;
      };
      for (
        let place = list.below(home), count = 0;
        count < most && place !== NONE;
        place = list.below(place)
      ) {
        if (centre - (list.strengths[place] as number) > limit) break;
        count += take(place);
      }
      for (
        let place = list.atOrAbove(home), count = 0;
        count < most && place !== NONE;
        place = list.atOrAbove(place + 1)
      ) {
        if ((list.strengths[place] as number) - centre > limit) break;
        count += take(place);
      }
    }
    const distance = (entry: number) => Math.abs((strength[entry] as number) - centre);
    return found.sort((a, b) => distance(a) - distance(b) || a - b);
  }

  /** Whether the chosen entries and one more go into the teams whole. A single player always does where a place is free. */
  private fit(chosen: readonly number[], candidate: number): boolean {
    const { pool, queue } = this.limits;
    const { size } = pool;
    if (size[candidate] === 1) return true;
    const sizes: number[] = [size[candidate] as number];
    for (const entry of chosen) if ((size[entry] as number) > 1) sizes.push(size[entry] as number);
    sizes.sort((a, b) => b - a);
    const key = sizes.join();
    let fits = this.fits.get(key);
    if (fits === undefined) {
      fits = packParties(sizes, queue.teams, queue.size) !== undefined;
      this.fits.set(key, fits);
    }
    return fits;
  }
}
