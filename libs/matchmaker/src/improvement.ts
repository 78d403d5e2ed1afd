import type { Appraisal } from './appraisal.js';
import type { Draft } from './draft.js';
import type { GroupSearch, Limits } from './group-search.js';
import type { ServerSlot } from './queue.js';
import type { StrengthList } from './strength-list.js';
import { isLastResort, windowWidth } from './window.js';

/** How many places up in the order of strength partners for an exchange are looked for. */
const LEAST_REACH = 8;
/** How far up matches are taken apart to bring those who wait in, and how many sets of them are tried. */
const MOST_REBUILT = 200;
const MOST_SETS = 3;
/** Gains below this are rounding. */
const LEAST_GAIN = 1e-9;
/** Matches tried between two pauses. */
const TRIED_PER_STEP = 500;
const WAITING = -1;
/** Found opponents but no server: those stay as they are. */
const OUTSIDE = -2;

interface Rated extends Draft {
  readonly worth: number;
}

/**
 * Local search: exchanges entries between matches, and between matches and those who wait, as long as the total worth rises. It
 * begins with the matches of the greedy search and accepts nothing that is worse, so it never ends below them. Who has
 * waited beyond the limit, or is ahead of the others, and has a match keeps one.
 */
export class Improvement {
  readonly matches: Rated[];
  /** Per entry its match. */
  private readonly matchOf: Int32Array;
  private readonly needed: number;
  private readonly reach: number;

  constructor(
    private readonly limits: Limits,
    private readonly search: GroupSearch,
    private readonly appraisal: Appraisal,
    drafts: readonly Draft[],
    isOutside: (entry: number) => boolean,
  ) {
    const { pool, queue } = limits;
    this.needed = queue.teams * queue.size;
    this.reach = Math.max(LEAST_REACH, 2 * this.needed);
    this.matches = drafts.map((draft) => ({ ...draft, worth: this.worth(draft) }));
    this.matchOf = new Int32Array(pool.row.length).fill(WAITING);
    for (let entry = 0; entry < pool.row.length; entry++) if (isOutside(entry)) this.matchOf[entry] = OUTSIDE;
    this.matches.forEach(({ members }, match) => {
      for (const member of members) this.matchOf[member] = match;
    });
  }

  isWaiting(entry: number): boolean {
    return this.matchOf[entry] === WAITING;
  }

  /** At most `budget` matches are tried; yields between portions of the work. */
  *run(budget: number): Generator<void, void> {
    const { pool } = this.limits;
    let left = budget;
    let untilPause = TRIED_PER_STEP;
    for (let gained = true; gained && left > 0;) {
      gained = false;
      for (const list of pool.lists(pool.everywhere)) {
        for (let place = 0; place < list.entries.length && left > 0; place++) {
          const [tried, better] = this.improveAt(list, place);
          left -= tried;
          untilPause -= tried;
          gained ||= better;
          if (untilPause > 0) continue;
          untilPause = TRIED_PER_STEP;
          yield;
        }
      }
    }
  }

  /** The first gain found around a place, and how many matches were tried. */
  private improveAt(list: StrengthList, place: number): [tried: number, gained: boolean] {
    const a = list.entries[place] as number;
    if (this.matchOf[a] === OUTSIDE) return [0, false];
    let tried = 0;
    if (this.matchOf[a] === WAITING && this.limits.pool.solo) {
      for (const { matches, waiting } of this.surroundings(list, place)) {
        tried += matches.length + 1;
        if (this.rebuild(matches, waiting)) return [tried, true];
      }
    }
    for (let next = place + 1; next <= place + this.reach && next < list.entries.length; next++) {
      const b = list.entries[next] as number;
      const [one, other] = [this.matchOf[a] as number, this.matchOf[b] as number];
      if (one === other || other === OUTSIDE) continue;
      tried += one === WAITING || other === WAITING ? 1 : 2;
      if (this.exchange(a, b)) return [tried, true];
    }
    return [tried, false];
  }

  private exchange(a: number, b: number): boolean {
    const one = this.matches[this.matchOf[a] as number];
    const other = this.matches[this.matchOf[b] as number];
    // Whose match would be lost has to be able to wait.
    if (one === undefined && this.mustPlay(b)) return false;
    if (other === undefined && this.mustPlay(a)) return false;
    const before = (one?.worth ?? 0) + (other?.worth ?? 0);
    const changed = one && this.formed(replaced(one.members, a, b), one.server);
    if (one !== undefined && changed === undefined) return false;
    const changedToo = other && this.formed(replaced(other.members, b, a), other.server);
    if (other !== undefined && changedToo === undefined) return false;
    if ((changed?.worth ?? 0) + (changedToo?.worth ?? 0) <= before + LEAST_GAIN) return false;
    const [from, to] = [this.matchOf[a] as number, this.matchOf[b] as number];
    if (changed !== undefined) this.matches[from] = changed;
    if (changedToo !== undefined) this.matches[to] = changedToo;
    this.matchOf[a] = to;
    this.matchOf[b] = from;
    return true;
  }

  /** Takes matches apart and makes one more of their entries and those who wait. */
  private rebuild(matches: readonly number[], waiting: readonly number[]): boolean {
    const count = matches.length;
    const old = matches.map((match) => this.matches[match] as Rated);
    const { strength } = this.limits.pool;
    const all = [...waiting, ...old.flatMap(({ members }) => members)];
    all.sort((x, y) => (strength[x] as number) - (strength[y] as number) || x - y);
    const groups = Array.from({ length: count + 1 }, (_, i) =>
      all.slice(i * this.needed, (i + 1) * this.needed).sort((x, y) => x - y),
    );
    let total = 0;
    const made: Rated[] = [];
    for (let i = 0; i < groups.length; i++) {
      const members = groups[i] as number[];
      // The last of them goes to a new place, which is asked for only when all else is settled.
      const server = old[i]?.server ?? this.promising(members);
      const rated = server && this.formed(members, server);
      if (rated === undefined) return false;
      made.push(rated);
      total += rated.worth;
    }
    if (total <= old.reduce((sum, { worth }) => sum + worth, 0) + LEAST_GAIN) return false;
    const last = made[count] as Rated;
    const server = this.limits.board.take(
      this.costs(last.members),
      this.appraisal.idOf(last.members[0] as number),
      false,
    );
    if (server === undefined) return false;
    made[count] = { ...last, server, worth: this.worth({ ...last, server }) };
    made.forEach((rated, i) => {
      const match = matches[i] ?? this.matches.length;
      this.matches[match] = rated;
      for (const member of rated.members) this.matchOf[member] = match;
    });
    return true;
  }

  /** The matches above a waiting entry up to those of enough others who wait, and up to a few matches beyond. */
  private *surroundings(
    list: StrengthList,
    place: number,
  ): Generator<{ readonly matches: readonly number[]; readonly waiting: readonly number[] }, void> {
    const matches: number[] = [];
    const waiting = [list.entries[place] as number];
    let sets = 0;
    const end = Math.min(list.entries.length, place + MOST_REBUILT);
    for (let next = place + 1; next < end && sets < MOST_SETS; next++) {
      const entry = list.entries[next] as number;
      const match = this.matchOf[entry] as number;
      if (match === OUTSIDE || matches.includes(match)) continue;
      if (match !== WAITING) matches.push(match);
      else if (waiting.length < this.needed) waiting.push(entry);
      else continue;
      if (matches.length === 0 || waiting.length < this.needed) continue;
      sets++;
      yield { matches, waiting };
    }
  }

  /** A match of these entries, if the queue's rules allow it. */
  private formed(members: readonly number[], server: ServerSlot): Rated | undefined {
    const { pool, queue, lineup, board, byRegion } = this.limits;
    let [weakest, strongest] = [Infinity, -Infinity];
    for (const member of members) {
      weakest = Math.min(weakest, pool.strength[member] as number);
      strongest = Math.max(strongest, pool.strength[member] as number);
    }
    const spread = strongest - weakest;
    const wait = this.appraisal.longestWaitOf(members);
    if (spread > windowWidth(queue.window, wait) && !isLastResort(queue.window, wait)) return undefined;
    if (byRegion) {
      const field = board.regions.indexOf(server.region);
      if (members.some((member) => pool.place(field, member) < 0)) return undefined;
    }
    if (!this.search.holds(members, this.search.hard)) return undefined;
    const wished = queue.parties !== undefined && queue.parties !== 'mixed';
    const teamOf = (wished ? lineup.divide(members, true) : undefined) ?? lineup.divide(members, false);
    if (teamOf === undefined) return undefined;
    const draft = { members, teamOf, spread, server };
    return { ...draft, worth: this.worth(draft) };
  }

  private worth(draft: Draft): number {
    const slowest = this.appraisal.slowest(draft.members, draft.server.region);
    return this.appraisal.worthOf(draft, slowest, this.limits.meetings?.repeats(draft.members) ?? 0);
  }

  /** Some server in the region where a new match would go, full or not. */
  private promising(members: readonly number[]): ServerSlot | undefined {
    return this.limits.board.next(this.costs(members));
  }

  private costs(members: readonly number[]): Float64Array {
    return this.appraisal.regionCosts(members);
  }

  private mustPlay(entry: number): boolean {
    return (
      entry < this.limits.pool.ahead || isLastResort(this.limits.queue.window, this.appraisal.waitOf(entry))
    );
  }
}

function replaced(members: readonly number[], old: number, by: number): number[] {
  return members.map((member) => (member === old ? by : member)).sort((a, b) => a - b);
}
