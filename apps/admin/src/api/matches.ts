import type { PageQuery } from './basics.js';

export type MatchStateName =
  'checking' | 'reserving' | 'ready' | 'running' | 'finished' | 'abandoned' | 'cancelled';

/** `GET /api/matches` → `Page<MatchRow>`, newest first; CSV: yes. */
export interface MatchQuery extends PageQuery {
  state?: MatchStateName | 'live' | 'void';
  queue?: string;
  serverId?: string;
  /** Start of the match's id, or the whole of it. */
  q?: string;
}

export interface MatchRow {
  id: string;
  queue: string;
  state: MatchStateName;
  /** Of a finished match: `done` it was taken out of the ratings, `pending` the master is about to. */
  voided: 'done' | 'pending' | 'failed' | null;
  serverId: string;
  serverName: string;
  players: number;
  createdAt: number;
  stateSince: number;
  startedAt: number | null;
  endedAt: number | null;
  endReason: string | null;
  /** Since when its server is without it. */
  lostAt: number | null;
}

/** `GET /api/matches/:id` */
export interface MatchDetail extends MatchRow {
  /** 1 for the first server, one more for each after it. */
  attempt: number;
  previousServers: string[];
  reserveExpiresAt: number;
  allowAckedAt: number | null;
  ratedAt: number | null;
  teams: MatchTeam[];
  /** The rules it was made and rated by, as stored. */
  rules: unknown;
  /** As the server sent it; null before. */
  result: unknown;
  resultDigest: string | null;
  voidReason: string | null;
}

export interface MatchTeam {
  /** 0 is best; null before the end. */
  rank: number | null;
  score: number | null;
  /** 0 to 1: chance to come first, by the ratings before the match (of a live one: the present ones); null when they are not known. */
  odds: number | null;
  players: MatchPlayerView[];
}

export interface MatchPlayerView {
  accountId: string;
  displayName: string;
  /** The only id that the server knows him by. */
  playerId: string;
  queuedAt: number;
  waitMs: number;
  /** Whether he was told where to play, and whether he got his report. */
  toldAt: number | null;
  reportedAt: number | null;
  requeued: boolean | null;
  /** Display points; null where the match does not count. Of a live match: the present ones. */
  before: number | null;
  after: number | null;
  playFraction: number | null;
  stats: Record<string, number> | null;
}

/** `POST /api/matches/:id/cancel`. Before the start its players wait again, afterwards they are free. Impact: the players. */
export interface CancelMatchBody {
  /** 1 to 200 characters; players and server are told. */
  reason: string;
}

/**
 * `POST /api/matches/:id/void`: a finished match counts no more. Its queue is rated again without it by a master, some
 * seconds to minutes later; `voided` shows how far that is. Impact: the players, and how many matches are rated again.
 */
export interface VoidMatchBody {
  /** 1 to 200 characters. */
  reason: string;
}
