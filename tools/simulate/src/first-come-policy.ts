import type { Entry, QueueRules } from '@ranked/matchmaker';
import type { Policy, ProposedMatch } from './policy.js';

/** Entries behind the first that are looked at for its match; more were never needed to fill one that could be filled. */
const MOST_LOOKED_AT = 2000;

/**
 * What most small games begin with: whoever has waited longest takes those who come next in the queue, of the strengths within
 * `window` points of his own, and the window stays as it is however long he waits. Latency limits hold; nothing is balanced.
 */
export function firstComePolicy(
  queue: QueueRules,
  regions: readonly string[],
  window: number,
  name: string,
): Policy {
  return {
    name,
    match: (_now, entries) => new Pass(queue, regions, window, entries).matches(),
  };
}

/** One look at the queue. */
class Pass {
  private readonly taken: Uint8Array;
  private readonly strengths: Float64Array;

  constructor(
    private readonly queue: QueueRules,
    private readonly regions: readonly string[],
    private readonly window: number,
    private readonly entries: readonly Entry[],
  ) {
    this.taken = new Uint8Array(entries.length);
    this.strengths = Float64Array.from(entries, (entry) => strengthOf(entry, queue.model.pointsPerUnit));
  }

  matches(): ProposedMatch[] {
    const found: ProposedMatch[] = [];
    for (let first = 0; first < this.entries.length; first++) {
      if (this.taken[first] === 1) continue;
      const match = this.matchOf(first);
      if (match !== undefined) found.push(match);
    }
    return found;
  }

  private matchOf(first: number): ProposedMatch | undefined {
    const { entries, queue, strengths, window } = this;
    const teams: string[][] = Array.from({ length: queue.teams }, () => []);
    let regions = this.regions;
    const members: number[] = [];
    let missing = queue.teams * queue.size;
    const end = Math.min(entries.length, first + MOST_LOOKED_AT);
    for (let place = first; place < end && missing > 0; place++) {
      if (this.taken[place] === 1) continue;
      if (Math.abs(strengths[place]! - strengths[first]!) > window) continue;
      const entry = entries[place]!;
      const team = emptiest(teams);
      if (team.length + entry.players.length > queue.size) continue;
      const common = regions.filter((region) => this.reaches(entry, region));
      if (common.length === 0) continue;
      regions = common;
      team.push(...entry.players.map(({ id }) => id));
      missing -= entry.players.length;
      members.push(place);
    }
    if (missing > 0) return undefined;
    for (const place of members) this.taken[place] = 1;
    const region = this.nearest(regions, members);
    return { entryIds: members.map((place) => entries[place]!.id), teams, region };
  }

  private reaches(entry: Entry, region: string): boolean {
    const { latency } = this.queue;
    return latency === undefined || slowest([entry], region) <= latency.max;
  }

  private nearest(regions: readonly string[], members: readonly number[]): string {
    const match = members.map((place) => this.entries[place]!);
    return regions.reduce((best, region) => (slowest(match, region) < slowest(match, best) ? region : best));
  }
}

function strengthOf({ players }: Entry, pointsPerUnit: number): number {
  return (pointsPerUnit * players.reduce((sum, { rating }) => sum + rating.mu, 0)) / players.length;
}

function emptiest(teams: readonly string[][]): string[] {
  return teams.reduce((least, team) => (team.length < least.length ? team : least));
}

function slowest(entries: readonly Entry[], region: string): number {
  let worst = 0;
  for (const { players } of entries) {
    for (const { latencies } of players) worst = Math.max(worst, latencies?.[region] ?? 0);
  }
  return worst;
}
