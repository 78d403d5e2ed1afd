import type { Draft } from './draft.js';
import type { Limits } from './group-search.js';
import { matchWorth, waitedShare } from './match-worth.js';
import type { Entry, ProposeInput } from './queue.js';
import { worstLatency } from './reach.js';

/** What a match of some entries would be like: waits, latencies, worth. */
export class Appraisal {
  private readonly teamStrengths: Float64Array;
  private readonly costs: Float64Array;

  constructor(
    private readonly input: ProposeInput,
    private readonly limits: Limits,
  ) {
    this.teamStrengths = new Float64Array(input.queue.teams);
    this.costs = new Float64Array(limits.board.regions.length);
  }

  idOf(entry: number): string {
    const { columns, pool } = this.limits;
    return columns.ids[pool.row[entry] as number] as string;
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
    const { columns, pool } = this.limits;
    if (!columns.hasLatencies) return undefined;
    let worst: number | undefined;
    for (const member of members) {
      const entry = this.input.entries[pool.row[member] as number] as Entry;
      const ms = worstLatency(entry, region, unmeasured);
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
}
