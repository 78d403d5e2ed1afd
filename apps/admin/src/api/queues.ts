import type { PageQuery } from './basics.js';

/** `GET /api/queues` → `QueueSummary[]`; also in the overview, and the event `queues`. */
export interface QueueSummary {
  name: string;
  /** False: nobody serves it any more (not in the queues file), but players or ratings are left. */
  configured: boolean;
  waiting: number;
  /** Of those who wait now; null when nobody does. */
  meanWaitMs: number | null;
  longestWaitMs: number | null;
  /** Matches made and players matched in the last ten minutes. */
  matchesMade: number;
  playersMatched: number;
  /** Mean wait of these; null without any. */
  meanWaitToMatchMs: number | null;
  /** Servers that could take a match of it now. */
  serversFree: number;
}

/** `GET /api/queues/:name` */
export interface QueueDetail extends QueueSummary {
  /** As the master runs it; null when it is not configured. */
  config: QueueConfigView | null;
  distribution: QueueDistribution;
}

/** A queue of the queues file, as it is; members that the dashboard does not know are passed on. */
export interface QueueConfigView {
  name: string;
  teams: number;
  size: number;
  rating: { model: string; [parameter: string]: unknown };
  window: {
    initial: number;
    perSecond: number;
    max: number;
    lastResortAfter: number;
    curve?: [seconds: number, points: number][];
  };
  ranks?: { provisional: number; tiers?: { name: string; from: number }[]; tierMargin?: number };
  [other: string]: unknown;
}

/** For plots: how many fall between `edges[i]` and `edges[i + 1]`; one edge more than counts. */
export interface Histogram {
  edges: number[];
  counts: number[];
}

export interface QueueDistribution {
  /** Display points of everybody who has a rating in the queue, and of those who wait. */
  ratings: Histogram;
  waitingRatings: Histogram;
  /** Waits of those who wait, seconds. */
  waits: Histogram;
}

/** `GET /api/queues/:name/entries` → `Page<QueueEntryView>`; CSV: yes. */
export interface QueueEntryQuery extends PageQuery {
  sort?: 'wait' | 'rating';
}

/** A player who waits. */
export interface QueueEntryView {
  accountId: string;
  displayName: string;
  joinedAt: number;
  waitMs: number;
  /** Last sign of life. */
  lastSeen: number;
  /** Display points. */
  rating: number;
  mu: number;
  sigma: number;
  /** Display points by which an opponent may differ now; null when the queue is not configured. */
  window: number | null;
  /** Display points to the nearest other who waits; null when he is alone. */
  nearest: number | null;
  /** Why he is not matched, in words: `window 74, nearest 131`. */
  reason: string | null;
  partyId?: string | null;
}

/** `POST /api/queues/:name/entries/:accountId/remove` */
export interface RemoveEntryBody {
  /** 1 to 200 characters. */
  reason: string;
}
