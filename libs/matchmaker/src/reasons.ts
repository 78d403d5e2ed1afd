import type { Appraisal } from './appraisal.js';
import type { GroupSearch, Limits, Respect } from './group-search.js';
import type { Leftover } from './queue.js';

/** Finds out why an entry found no match: what would have had to be different. */
export class Reasons {
  constructor(
    private readonly limits: Limits,
    private readonly search: GroupSearch,
    private readonly appraisal: Appraisal,
  ) {}

  notEnough(anchor: number, needed: number): Leftover {
    const { players } = this.limits.pool;
    return { entryId: this.idOf(anchor), reason: 'not_enough_players', players, needed };
  }

  noServer(entry: number): Leftover {
    return { entryId: this.idOf(entry), reason: 'no_server', servers: this.limits.board.servers };
  }

  tooFar(anchor: number, window: number, nearest: number): Leftover {
    return { entryId: this.idOf(anchor), reason: 'window', window, nearest };
  }

  /** For an entry whose match the better search gave to others: none of them may be left, or they play already. */
  exchanged(entry: number, needed: number): Leftover {
    return { entryId: this.idOf(entry), reason: 'outbid', players: this.limits.pool.players, needed };
  }

  /** For an entry for which {@link GroupSearch.find} found nothing. */
  of(anchor: number, window: number): Leftover {
    const { limits, search } = this;
    const { pool, queue, roles, meetings, board } = limits;
    const entryId = this.idOf(anchor);
    const { hard } = search;
    const needed = queue.teams * queue.size;
    const shortage = roles?.shortage();
    if (shortage !== undefined) return { entryId, reason: 'roles', ...shortage };
    const anyDistance = search.nearest(anchor, Infinity, hard);
    // Within the window and yet not found: only a search that gave up can leave that behind.
    if (anyDistance !== undefined && anyDistance.spread > window) {
      return this.tooFar(anchor, window, anyDistance.spread);
    }
    const without = (change: Partial<Respect>) => search.nearest(anchor, Infinity, { ...hard, ...change });
    const far = hard.latency ? without({ latency: false }) : undefined;
    if (far !== undefined && queue.latency !== undefined) {
      const worst = board.regions.map((region) => this.appraisal.slowest(far.entries, region, Infinity) ?? 0);
      const nearest = Math.min(...worst);
      return {
        entryId,
        reason: 'latency',
        max: queue.latency.max,
        nearest: nearest < Infinity ? nearest : undefined,
      };
    }
    if (meetings !== undefined && without({ blocked: false }) !== undefined) {
      const entries = [...meetings.blockedBy(anchor)].filter((entry) => pool.has(entry)).length;
      return { entryId, reason: 'blocked', entries };
    }
    if (roles !== undefined && without({ roles: false }) !== undefined) {
      return { entryId, reason: 'roles', ...roles.scarcest() };
    }
    if (hard.parties && without({ parties: false }) !== undefined) {
      return { entryId, reason: 'parties', parties: pool.parties, needed: queue.teams };
    }
    return { entryId, reason: 'no_fit', players: pool.players, needed };
  }

  private idOf(entry: number): string {
    return this.appraisal.idOf(entry);
  }
}
