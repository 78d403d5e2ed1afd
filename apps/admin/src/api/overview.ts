import type { QueueSummary } from './queues.js';

/** `GET /api/overview`, and the event `overview`. */
export interface Overview {
  at: number;
  players: {
    /** Connected to a master. Null when no master has reported for half a minute. */
    online: number | null;
    waiting: number;
    /** In a match that runs or is about to. */
    playing: number;
  };
  servers: Record<ServerState, number>;
  matches: {
    reserving: number;
    /** Players are being asked whether they are there. */
    checking: number;
    ready: number;
    running: number;
    /** Of the last hour. */
    finished: number;
    abandoned: number;
    cancelled: number;
  };
  queues: QueueSummary[];
  waits: {
    /** Mean wait until the match was made, of players matched in the last ten minutes; null without any. */
    meanMs: number | null;
    /** Longest that somebody waits now; null when nobody does. */
    longestMs: number | null;
  };
  nodes: MasterNode[];
  refusals: {
    /** Handshakes and requests refused in the last hour. */
    lastHour: number;
    /** By cause, largest first, 20 at most. */
    byCause: { cause: string; count: number }[];
  };
  maintenance: MaintenanceView;
  /** What is wrong, worst first. Empty: all is well. */
  alarms: Alarm[];
}

/**
 * - `online` takes matches · `full` has no free place · `closed` says that it takes none · `draining` an operator lets it run
 *   empty · `resting` failed lately and is left alone for a while
 * - `silent` is marked online but has not been heard of for three heartbeats · `offline`
 * - `revoked` its certificate is revoked · `expired` its certificate ran out
 */
export type ServerState =
  'online' | 'full' | 'closed' | 'draining' | 'resting' | 'silent' | 'offline' | 'revoked' | 'expired';

/** A master process, as its last sample tells. */
export interface MasterNode {
  nodeId: string;
  /** When the sample was written. */
  at: number;
  /** Present: a sample came in the last half minute. */
  present: boolean;
  playersConnected: number;
  serversConnected: number;
  /** Duration of the last tick and of the longest since the sample before, ms. */
  tickMs: number;
  tickLongestMs: number;
  /** Failed ticks since the process started. */
  ticksFailed: number;
  /** Clock of the master minus that of the dashboard, ms, as far as a sample can tell (it may be 15 s old). */
  clockOffsetMs: number;
}

export interface MaintenanceView {
  on: boolean;
  /** Shown to players. */
  message: string | null;
  /** Since when it is as it is; null if it was never switched. */
  since: number | null;
}

/**
 * Something an operator should look at.
 * @example { "severity": "critical", "kind": "server-silent", "text": "eu-1 has not been heard of for 41 s; 2 matches are on it.",
 *   "since": 1763820000000, "link": { "page": "servers", "id": "3f2c1a90-…" } }
 */
export interface Alarm {
  severity: 'critical' | 'warning' | 'info';
  kind:
    | 'no-master'
    | 'server-silent'
    | 'server-lost-match'
    | 'server-resting'
    | 'certificate-expiring'
    | 'certificate-expired'
    | 'operator-certificate-expiring'
    | 'queue-stuck'
    | 'no-server-for-queue'
    | 'clock-off'
    | 'ticks-slow'
    | 'ticks-failing'
    | 'refusals-high'
    | 'audit-broken'
    | 'maintenance';
  /** A sentence; where many are alike it counts them. */
  text: string;
  since: number | null;
  /** Where to go: a page, and the thing on it. */
  link: {
    page: 'servers' | 'queues' | 'matches' | 'certificates' | 'audit' | 'settings';
    id?: string;
  } | null;
}

/**
 * `GET /api/overview/history`: the last hour, for plots. Columns of the same length, one entry per sample, oldest first;
 * null where no master wrote one.
 */
export interface OverviewHistory {
  /** Time from one entry to the next, 10,000 ms. */
  stepMs: number;
  at: number[];
  playersOnline: (number | null)[];
  playersWaiting: (number | null)[];
  serversOnline: (number | null)[];
  matchesRunning: (number | null)[];
  /** Mean wait of the players who were matched in the ten minutes before. */
  meanWaitMs: (number | null)[];
  /** The longest tick of any master. */
  tickMs: (number | null)[];
  /** Handshakes and requests refused within the step. */
  refusals: (number | null)[];
  /** Waiting players by queue; a queue that appears in any sample has a column. */
  waitingByQueue: Record<string, (number | null)[]>;
  /** Servers by state, as the master counts them. */
  serversByState: Record<string, (number | null)[]>;
  matchesByState: Record<string, (number | null)[]>;
}
