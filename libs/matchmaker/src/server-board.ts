import type { QueueRules, ServerSlot } from './queue.js';
import { hashText } from './id-index.js';

const DEFAULT_PROBATION_SHARE = 0.1;

/** Servers of one region that are treated alike, from which places are taken: always on the server with most of them left. */
class ServerLadder {
  /** The server whose turn it is, if it has as many places as the level. */
  private next = 0;
  private level: number;

  /** `servers` in descending order of free places; `ranks`: their places among all servers in that order. */
  constructor(
    private readonly servers: readonly ServerSlot[],
    private readonly ranks: readonly number[],
  ) {
    this.level = servers[0]?.free ?? 0;
  }

  /** Places that the next server has left; 0 where all are full. */
  get most(): number {
    return this.level;
  }

  /** The server of the next place. */
  get top(): ServerSlot {
    return this.servers[this.next] as ServerSlot;
  }

  /** Whether the next place is to be had here rather than on another ladder at the same cost. */
  isAbove(other: ServerLadder): boolean {
    if (this.level !== other.level) return this.level > other.level;
    return (this.ranks[this.next] as number) < (other.ranks[other.next] as number);
  }

  take(): ServerSlot {
    const { top } = this;
    this.next++;
    // All servers with at least `level` places have come down to exactly `level` by the time it is reached.
    const following = this.servers[this.next];
    if (following === undefined || following.free < this.level) {
      this.level--;
      this.next = 0;
    }
    return top;
  }
}

type Standing = 'trusted' | 'probation' | 'failed';

/**
 * The free places of the servers that can host a queue. The next place is on the server of the cheapest region that then has most
 * of them left, so that load spreads. Among equals the one that began with more comes first, then the one whose id sorts first.
 */
export class ServerBoard {
  /** Regions with a server for the queue, full ones among them, in ascending order. */
  readonly regions: readonly string[];
  /** Servers for the queue, full ones among them. */
  readonly servers: number;
  private readonly ladders: Record<Standing, readonly ServerLadder[]>;
  private readonly share: number;
  private readonly anyOnProbation: boolean;
  private taken = 0;
  private onProbation = 0;

  constructor(servers: readonly ServerSlot[], { build, probationShare }: QueueRules) {
    const fit = servers
      .filter((server) => build === undefined || server.build === build)
      .sort((a, b) => b.free - a.free || (a.id < b.id ? -1 : 1));
    this.servers = fit.length;
    this.regions = [...new Set(fit.map(({ region }) => region))].sort();
    const ladders = (standing: Standing) =>
      this.regions.map((name) => {
        const ranks = [...fit.keys()].filter((rank) => {
          const server = fit[rank] as ServerSlot;
          return server.region === name && standingOf(server) === standing;
        });
        return new ServerLadder(
          ranks.map((rank) => fit[rank] as ServerSlot),
          ranks,
        );
      });
    this.ladders = {
      trusted: ladders('trusted'),
      probation: ladders('probation'),
      failed: ladders('failed'),
    };
    this.anyOnProbation = fit.some((server) => standingOf(server) === 'probation');
    // Where nobody is trusted yet, somebody has to begin.
    const anyTrusted = fit.some((server) => standingOf(server) === 'trusted');
    this.share = anyTrusted ? (probationShare ?? DEFAULT_PROBATION_SHARE) : 1;
  }

  /** Whether a region has a place for a match that has not waited beyond the limit. */
  isOpen(region: number): boolean {
    const { trusted, probation } = this.ladders;
    return (trusted[region] as ServerLadder).most > 0 || (probation[region] as ServerLadder).most > 0;
  }

  /**
   * A place in the cheapest region that has one, or undefined. `costs`: per region, Infinity where the match cannot go; `key`
   * names the match when servers on probation are dealt their share; `lastResort`: any server will do.
   */
  take(costs: ArrayLike<number>, key: string, lastResort: boolean): ServerSlot | undefined {
    const { trusted, probation, failed } = this.ladders;
    const mayTry =
      this.share > 0 &&
      this.anyOnProbation &&
      (this.share === 1 ||
        (fraction(key) < this.share && this.onProbation < Math.ceil(this.share * (this.taken + 1))));
    let ladder = mayTry ? this.best(probation, costs) : undefined;
    ladder ??= this.best(trusted, costs);
    if (lastResort) ladder ??= this.best(probation, costs) ?? this.best(failed, costs);
    if (ladder === undefined) return undefined;
    const server = ladder.take();
    this.taken++;
    if (server.probation === true) this.onProbation++;
    return server;
  }

  /** The server that {@link take} would choose for a match to which no share of those on probation falls. */
  next(costs: ArrayLike<number>): ServerSlot | undefined {
    const { trusted, probation } = this.ladders;
    const ladder = this.share === 1 ? this.best(probation, costs) : undefined;
    return (ladder ?? this.best(trusted, costs))?.top;
  }

  private best(ladders: readonly ServerLadder[], costs: ArrayLike<number>): ServerLadder | undefined {
    let best: ServerLadder | undefined;
    let bestCost = Infinity;
    for (let region = 0; region < ladders.length; region++) {
      const ladder = ladders[region] as ServerLadder;
      const cost = costs[region] as number;
      if (ladder.most === 0 || cost === Infinity || cost > bestCost) continue;
      if (best !== undefined && cost === bestCost && !ladder.isAbove(best)) continue;
      best = ladder;
      bestCost = cost;
    }
    return best;
  }
}

function standingOf({ failedLately, probation }: ServerSlot): Standing {
  if (failedLately === true) return 'failed';
  return probation === true ? 'probation' : 'trusted';
}

/** A number from 0 to below 1 that looks random and depends on the text alone. */
function fraction(text: string): number {
  return (hashText(text) >>> 0) / 4294967296;
}
