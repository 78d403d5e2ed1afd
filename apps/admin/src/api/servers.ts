import type { PageQuery } from './basics.js';
import type { MatchRow } from './matches.js';
import type { ServerState } from './overview.js';

/** `GET /api/servers` → `Page<ServerRow>`; CSV: yes. */
export interface ServerQuery extends PageQuery {
  /** Part of the name, or the start of the id. */
  q?: string;
  state?: ServerState;
  region?: string;
  /** `problems` (what is wrong first) unless said. */
  sort?: 'problems' | 'name' | 'load' | 'players' | 'lastSeen' | 'certificate';
}

/** A game server that has connected at least once. */
export interface ServerRow {
  /** UUID of its certificate. */
  id: string;
  name: string;
  state: ServerState;
  region: string;
  /** What it calls its version. */
  build: string;
  /** Where players connect, `host:port`. */
  address: string;
  nodeId: string;
  /** 0 to 1, or null when it does not say. */
  load: number | null;
  players: number;
  /** Matches at once, and those that the master has on it. */
  capacity: number;
  matches: number;
  /** Queues that it serves; null for all. */
  queues: string[] | null;
  /** Last heartbeat. */
  lastSeen: number;
  connectedAt: number;
  certificateExpiresAt: number;
  trust: ServerTrust;
}

/**
 * What its record says; a server's own word counts for nothing here. `resting`: it failed and gets no match before
 * `restingUntil`. `watch`: more than a tenth of its matches of the last week came to nothing through it. `new`: fewer than
 * ten finished matches.
 */
export interface ServerTrust {
  level: 'good' | 'new' | 'watch' | 'resting';
  restingUntil: number | null;
  /** It is new or failed lately, and gets a small share of matches until it has finished five, one counted a minute. */
  probation: boolean;
  /** Matches of the last seven days. */
  finished: number;
  abandoned: number;
  cancelled: number;
}

/** `GET /api/servers/:id` */
export interface ServerDetail extends ServerRow {
  certificate: {
    uuid: string;
    issuedAt: number;
    expiresAt: number;
    masterKeyId: string;
    publicHost: string | null;
    revokedAt: number | null;
    revokeReason: string | null;
  };
  /** Live ones, and those that it lost. */
  liveMatches: MatchRow[];
  /** The newest 20. */
  commands: ServerCommandView[];
}

/** `open` not yet sent · `sent` not yet answered, sent again until it is · `acknowledged` · `failed`: see `error`. */
export type CommandState = 'open' | 'sent' | 'acknowledged' | 'failed';

/** `GET /api/servers/:id/commands` → `Page<ServerCommandView>`, newest first; also the event `commands`. */
export interface ServerCommandView {
  id: string;
  serverId: string;
  type: 'kick_player' | 'force_start' | 'cancel_match' | 'shutdown' | (string & {});
  state: CommandState;
  /** In words: `kick Ada from match 0b0e5c1e`. */
  text: string;
  createdAt: number;
  sentAt: number | null;
  ackedAt: number | null;
  failedAt: number | null;
  /** The server's own words, made printable. */
  error: string | null;
  expiresAt: number;
}

/** `GET /api/servers/:id/logs`, `GET /api/logs` (all servers) → `Page<LogLineView>`, newest first; CSV: yes. */
export interface LogQuery extends PageQuery {
  /** Text that the line contains, in any case; 200 characters at most. */
  q?: string;
  level?: 'info' | 'warn' | 'error';
  /** Of `/api/logs` only. */
  serverId?: string;
  /** Lines after this id only, for following without events. */
  after?: number;
}

/** A line that a game server logged. The newest 1,000 of each server are kept. */
export interface LogLineView {
  id: number;
  serverId: string;
  serverName: string;
  level: 'info' | 'warn' | 'error';
  at: number;
  message: string;
}

/** `POST /api/servers/:id/kick`. Impact: the player leaves that match; he can come back to it unless he is banned. */
export interface KickBody {
  matchId: string;
  accountId: string;
  /** 1 to 200 characters. */
  reason: string;
}

/** `POST /api/servers/:id/allow`: the roster of a match goes to its server once more, join tokens as they are. */
export interface AllowBody {
  matchId: string;
}

/** `POST /api/servers/:id/force-start`: a match that waits for players begins without them. */
export interface ForceStartBody {
  matchId: string;
}

/** `POST /api/servers/:id/shutdown`. Impact: its matches. */
export interface ShutdownBody {
  /** Time it has to finish its matches, seconds, 0 to 86,400. */
  graceSeconds: number;
  /** 1 to 200 characters. */
  reason: string;
}

/** `POST /api/servers/:id/drain`: no new matches; those it has are played. `{ "on": false }` ends it. Impact: its matches. */
export interface DrainBody {
  on: boolean;
}
