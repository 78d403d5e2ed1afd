import type { Entry } from './queue.js';
import type { WaitingPool } from './waiting-pool.js';

/**
 * Whether players can fill the roles of a team. By Hall's theorem they can exactly if for every set of roles there are at least as
 * many players able to take one of it as there are places in it; so players are counted per set of roles (a bit mask).
 */
export class RoleNeeds {
  /** Number of sets of roles, the empty one included. */
  readonly sets: number;
  private readonly names: readonly string[];
  /** Per set: places of one team in it. */
  private readonly places: readonly number[];
  /** Per entry and set: its players who can take a role of the set. */
  private readonly able: Uint16Array;
  /** Per set: free players who can take a role of it. */
  private readonly free: Uint32Array;

  constructor(
    roles: Readonly<Record<string, number>>,
    private readonly teams: number,
    entries: readonly Entry[],
    pool: WaitingPool,
  ) {
    this.names = Object.keys(roles).sort();
    this.sets = 1 << this.names.length;
    this.places = Array.from({ length: this.sets }, (_, set) =>
      this.names.reduce((sum, name, bit) => sum + ((set >> bit) & 1) * (roles[name] as number), 0),
    );
    this.able = new Uint16Array(entries.length * this.sets);
    this.free = new Uint32Array(this.sets);
    for (let entry = 0; entry < entries.length; entry++) {
      for (const player of (entries[pool.row[entry] as number] as Entry).players) {
        const mask = player.roles === undefined ? this.sets - 1 : this.maskOf(player.roles);
        for (let set = 1; set < this.sets; set++) {
          if ((mask & set) === 0) continue;
          const at = entry * this.sets + set;
          this.able[at] = (this.able[at] as number) + 1;
          this.free[set] = (this.free[set] as number) + 1;
        }
      }
    }
  }

  /** An entry is not free any more. */
  take(entry: number): void {
    for (let set = 1; set < this.sets; set++)
      this.free[set] = (this.free[set] as number) - this.has(entry, set);
  }

  /** Whether the roles of a match can be filled by these entries and `others` players of any kind. */
  couldFill(entries: readonly number[], others: number): boolean {
    return this.lacking(entries, this.teams) <= others;
  }

  /** Whether these entries, which make a full team, can fill its roles. */
  fillTeam(entries: readonly number[]): boolean {
    return this.lacking(entries, 1) <= 0;
  }

  /** The set of roles of a match for which too few are free, with numbers; undefined where there are enough for each. */
  shortage(): { roles: string[]; players: number; needed: number } | undefined {
    for (let set = 1; set < this.sets; set++) {
      const needed = this.teams * (this.places[set] as number);
      const players = this.free[set] as number;
      if (players < needed) return { roles: this.namesOf(set), players, needed };
    }
    return undefined;
  }

  /** The role for which fewest more are free than a match needs. */
  scarcest(): { roles: string[]; players: number; needed: number } {
    let scarcest = 1;
    const spare = (set: number) => (this.free[set] as number) / (this.places[set] as number);
    for (let set = 2; set < this.sets; set *= 2) if (spare(set) < spare(scarcest)) scarcest = set;
    return {
      roles: this.namesOf(scarcest),
      players: this.free[scarcest] as number,
      needed: this.teams * (this.places[scarcest] as number),
    };
  }

  private lacking(entries: readonly number[], teams: number): number {
    let most = 0;
    for (let set = 1; set < this.sets; set++) {
      let lacking = teams * (this.places[set] as number);
      for (const entry of entries) lacking -= this.has(entry, set);
      if (lacking > most) most = lacking;
    }
    return most;
  }

  private has(entry: number, set: number): number {
    return this.able[entry * this.sets + set] as number;
  }

  private namesOf(set: number): string[] {
    return this.names.filter((_, bit) => ((set >> bit) & 1) === 1);
  }

  private maskOf(roles: readonly string[]): number {
    return this.names.reduce((mask, name, bit) => (roles.includes(name) ? mask | (1 << bit) : mask), 0);
  }
}
