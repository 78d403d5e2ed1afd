import { Forecast } from './forecast.js';
import type { Limits } from './group-search.js';
import { matchWorth, waitedShare } from './match-worth.js';
import type { Entry, ProposeInput, Proposal, ServerSlot } from './queue.js';
import { worstLatency } from './reach.js';
import { windowWidth } from './window.js';

/** A match that is decided but not yet written down. */
export interface Draft {
  /** In the order of waiting. */
  readonly members: readonly number[];
  /** The team per member. */
  readonly teamOf: readonly number[];
  readonly spread: number;
  readonly server: ServerSlot;
}

/** Writes matches down, with what explains them. */
export class Proposer {
  private readonly teamStrengths: Float64Array;
  private readonly forecast: Forecast;
  private readonly placeOf: Int32Array;
  private readonly filled: Int32Array;
  private readonly costs: Float64Array;

  constructor(
    private readonly input: ProposeInput,
    private readonly limits: Limits,
  ) {
    const { teams, size } = input.queue;
    this.teamStrengths = new Float64Array(teams);
    this.placeOf = new Int32Array(teams);
    this.filled = new Int32Array(teams);
    this.costs = new Float64Array(limits.board.regions.length);
    this.forecast = new Forecast(input.queue.model, teams, size);
  }

  idOf(entry: number): string {
    return this.limits.columns.ids[this.rowOf(entry)] as string;
  }

  private rowOf(entry: number): number {
    return this.limits.pool.row[entry] as number;
  }

  private entryOf(entry: number): Entry {
    return this.input.entries[this.rowOf(entry)] as Entry;
  }

  /** Milliseconds; 0 for who joined in the future by the caller's clock. */
  waitOf(entry: number): number {
    return Math.max(0, this.input.now - (this.limits.pool.joinedAt[entry] as number));
  }

  /** That of the one who has waited longest. */
  longestWaitOf(members: readonly number[]): number {
    let longest = 0;
    for (let i = 0; i < members.length; i++) longest = Math.max(longest, this.waitOf(members[i] as number));
    return longest;
  }

  /** {@link worstLatency} of several entries. */
  slowest(members: readonly number[], region: string, unmeasured?: number): number | undefined {
    if (!this.limits.columns.hasLatencies) return undefined;
    let worst: number | undefined;
    for (const member of members) {
      const ms = worstLatency(this.entryOf(member), region, unmeasured);
      if (ms !== undefined && (worst === undefined || ms > worst)) worst = ms;
    }
    return worst;
  }

  /**
   * Per region of the board the milliseconds by which the slowest exceeds a good latency; Infinity where somebody cannot play.
   * Overwritten by the next call.
   */
  regionCosts(members: readonly number[]): Float64Array {
    const { board, queue, byRegion } = this.limits;
    const { costs } = this;
    if (!byRegion || queue.latency === undefined) return costs;
    const { good, max } = queue.latency;
    for (let region = 0; region < costs.length; region++) {
      const slowest = this.slowest(members, board.regions[region] as string, Infinity) ?? 0;
      costs[region] = slowest > max ? Infinity : Math.max(0, slowest - good);
    }
    return costs;
  }

  /** What a match is worth to the queue; see {@link matchWorth}. */
  worthOf(
    { members, teamOf, spread }: Omit<Draft, 'server'>,
    slowest: number | undefined,
    repeats: number,
  ): number {
    const { queue } = this.input;
    const { strength, size } = this.limits.pool;
    const { teamStrengths } = this;
    // A loop: `fill` takes longer than two additions.
    for (let team = 0; team < teamStrengths.length; team++) teamStrengths[team] = 0;
    let waited = 0;
    for (let i = 0; i < members.length; i++) {
      const member = members[i] as number;
      const team = teamOf[i] as number;
      teamStrengths[team] =
        (teamStrengths[team] as number) + (size[member] as number) * (strength[member] as number);
      waited += waitedShare(queue, this.waitOf(member)) / members.length;
    }
    return matchWorth(queue, {
      teamStrengths,
      spread,
      waited,
      worstLatency: slowest,
      repeated: repeats > 0,
      unequalParties: queue.parties === 'against-parties-first' && !this.equalParties(members, teamOf),
    });
  }

  /** Whether every team has a party or none has. */
  private equalParties(members: readonly number[], teamOf: readonly number[]): boolean {
    const { size } = this.limits.pool;
    const withParty = new Set(teamOf.filter((_, i) => (size[members[i] as number] as number) > 1));
    return withParty.size === 0 || withParty.size === this.input.queue.teams;
  }

  /** The proposal. Players stand in the order of their entries, and the first entry's team comes first. */
  write(draft: Draft): Proposal {
    const { members, server, spread } = draft;
    const { queue } = this.input;
    const teams = queue.size === 1 ? this.singles(members) : this.teamsOf(draft);
    const { waits, entryIds, longestWaitMs } = this.entriesOf(members);
    const window = windowWidth(queue.window, longestWaitMs);
    const slowest = this.slowest(members, server.region);
    const repeats = this.limits.meetings?.repeats(members) ?? 0;
    return {
      queue: queue.name,
      serverId: server.id,
      region: server.region,
      teams,
      entryIds,
      waits,
      quality: this.forecast.quality(),
      odds: this.forecast.odds(),
      worth: this.worthOf(draft, slowest, repeats),
      spread,
      window,
      lastResort: spread > window,
      longestWaitMs,
      worstLatency: slowest,
      repeats,
    };
  }

  private entriesOf(members: readonly number[]): {
    waits: number[];
    entryIds: string[];
    longestWaitMs: number;
  } {
    let longestWaitMs = 0;
    const waits = new Array<number>(members.length);
    const entryIds = new Array<string>(members.length);
    for (let i = 0; i < members.length; i++) {
      const member = members[i] as number;
      const wait = this.waitOf(member);
      waits[i] = wait;
      if (wait > longestWaitMs) longestWaitMs = wait;
      entryIds[i] = this.idOf(member);
    }
    return { waits, entryIds, longestWaitMs };
  }

  /** {@link teamsOf} for teams of one player. */
  private singles(members: readonly number[]): string[][] {
    const { columns } = this.limits;
    const ids = new Array<string[]>(members.length);
    for (let i = 0; i < members.length; i++) {
      // Where all are single, players are numbered as entries are.
      const player = this.rowOf(members[i] as number);
      ids[i] = [columns.playerIds[player] as string];
      this.foresee(i, player);
    }
    return ids;
  }

  /** The ids of the players; {@link forecast} knows their ratings until the next call. */
  private teamsOf({ members, teamOf }: Draft): string[][] {
    const { columns } = this.limits;
    const { teams, size } = this.input.queue;
    const { placeOf, filled } = this;
    placeOf.fill(-1);
    filled.fill(0);
    const ids = new Array<string[]>(teams);
    let used = 0;
    for (let i = 0; i < members.length; i++) {
      const row = this.rowOf(members[i] as number);
      const team = teamOf[i] as number;
      if (placeOf[team] === -1) {
        // Arrays of the full length from the start: one that grows keeps room for more, for as long as the match is kept.
        ids[used] = new Array<string>(size);
        placeOf[team] = used++;
      }
      const place = placeOf[team] as number;
      const first = columns.firstPlayer[row] as number;
      const players = columns.size[row] as number;
      for (let player = first; player < first + players; player++) {
        const at = filled[place] as number;
        filled[place] = at + 1;
        (ids[place] as string[])[at] = columns.playerIds[player] as string;
        this.foresee(place * size + at, player);
      }
    }
    return ids;
  }

  private foresee(at: number, player: number): void {
    const { ratings } = this.limits.columns;
    this.forecast.put(at, ratings[2 * player] as number, ratings[2 * player + 1] as number);
  }
}
