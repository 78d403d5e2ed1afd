import type { PageQuery } from './basics.js';

/** `GET /api/players` → `Page<PlayerRow>`; CSV: yes. */
export interface PlayerQuery extends PageQuery {
  /** Start of the login name or of the display name in any case, or a whole id. */
  q?: string;
  /** Only those who are banned now. */
  banned?: boolean;
}

export interface PlayerRow {
  id: string;
  username: string;
  displayName: string;
  createdAt: number;
  ban: BanView | null;
  place: PlayerPlace;
}

export interface BanView {
  /** Null: for ever. */
  until: number | null;
  reason: string | null;
}

/** Where he is. */
export type PlayerPlace =
  | { kind: 'away' }
  | { kind: 'queue'; queue: string; joinedAt: number }
  | { kind: 'match'; matchId: string; queue: string };

/** `GET /api/players/:id` */
export interface PlayerDetail extends PlayerRow {
  ratings: PlayerRating[];
  /** Logins that are in force, newest first, 50 at most. */
  sessions: PlayerSession[];
}

export interface PlayerRating {
  queue: string;
  /** Display points. */
  display: number;
  mu: number;
  sigma: number;
  games: number;
  wins: number;
  tier: string | null;
  lastMatchAt: number | null;
  /** Place on the leaderboard, 1 is best. */
  rank: number;
  of: number;
}

/** A login: what lets the player connect. */
export interface PlayerSession {
  /** Ticket id; no secret. */
  id: string;
  createdAt: number;
  expiresAt: number;
}

/** `GET /api/players/:id/ratings?queue=duel` → `RatingHistory`: his last 500 rated matches in it, oldest first. */
export interface RatingHistory {
  queue: string;
  points: { matchId: string; at: number; display: number; before: number; sigma: number }[];
}

/** `GET /api/players/:id/matches` → `Page<PlayerMatch>`, newest first; CSV: yes. */
export interface PlayerMatch {
  matchId: string;
  queue: string;
  serverId: string;
  startedAt: number | null;
  endedAt: number | null;
  outcome: 'win' | 'draw' | 'loss' | 'void' | 'abandoned';
  /** Display points; null when the match does not count. */
  before: number | null;
  after: number | null;
}

/** `POST /api/players/:id/ban`. He leaves the queue, and his connection ends within a second. Impact: his live match. */
export interface BanBody {
  /** End of the ban; null for ever. */
  until: number | null;
  /** 1 to 200 characters; the player can be shown it. */
  reason: string;
}

/** `POST /api/players/:id/unban`, `POST /api/players/:id/end-sessions` (all his logins and connections end). */
export interface ReasonBody {
  /** 1 to 200 characters. */
  reason: string;
}

/** `POST /api/players/:id/rename`: the display name; the login name stays. */
export interface RenameBody {
  /** 1 to 32 characters, nothing invisible. */
  displayName: string;
  reason: string;
}
