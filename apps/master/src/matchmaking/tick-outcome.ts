import type { CalledOffMatch } from './called-off-match.js';
import type { QueueNews } from './queue-news.js';
import type { LongQueue } from './search/long-queues.js';

/** A server that holds a match which is not (or no longer) its own, and has to be told. */
export interface StrayMatch {
  serverId: string;
  matchId: string;
  reason: string;
}

/** What a tick has committed. Everything that is sent because of it is sent from this, or from the rows. */
export interface TickOutcome {
  /** False if another node holds the tick: then only this node's own presence was written. */
  leader: boolean;
  /** Players who wait, after this tick. */
  waiting: number;
  created: string[];
  /** Those of them whose players are asked first whether they are ready. */
  proposed: string[];
  moved: number;
  calledOff: CalledOffMatch[];
  abandoned: string[];
  stale: number;
  /** When it looked for stale queue entries; not given if it did not. */
  sweptAt?: number;
  stray: StrayMatch[];
  /** Servers that get no new matches for a while, because they did not take one. */
  failedServers: string[];
  /** What those who wait may know, by queue. */
  news: QueueNews[];
  /** Queues that are too long to be searched in a tick. */
  long: LongQueue[];
  /** Servers with a match that was acknowledged and did not start in time, once per match. */
  unstarted: string[];
}

/** An outcome in which nothing has happened yet. */
export function emptyOutcome(): TickOutcome {
  return {
    leader: true,
    waiting: 0,
    created: [],
    proposed: [],
    moved: 0,
    calledOff: [],
    abandoned: [],
    stale: 0,
    stray: [],
    failedServers: [],
    news: [],
    long: [],
    unstarted: [],
  };
}
