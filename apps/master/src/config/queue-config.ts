import type { LatencyRules, PartyRule } from '@ranked/matchmaker';
import type { Tier } from '@ranked/rating';

/** How far apart the players of one match may be, in display points, growing with the wait of the longest-waiting one. */
export interface QueueWindow {
  /** Points allowed at once. */
  initial: number;
  /** Points more for each second waited. */
  perSecond: number;
  /** Never more than this. */
  max: number;
  /** Seconds after which a player is matched with the nearest one, whatever the distance. */
  lastResortAfter: number;
  /** `[seconds, points]`, ascending: straight lines through these points; `perSecond` counts from the last on. */
  curve?: [seconds: number, points: number][];
}

/** What a queue shows of its players' ratings. */
export interface QueueRanks {
  /** Tiers in ascending order, `from` in display points; absent: those that fit the rating model. */
  tiers?: Tier[];
  /** Points below the boundary at which a tier is lost; absent: a quarter of the lowest step. Only with `tiers`. */
  tierMargin?: number;
  /** A rating is provisional while its sigma is above this share of a new player's. */
  provisional: number;
}

/** Whether players are asked before a match is sent to its server. */
export interface ReadyCheckConfig {
  /** Seconds in which everybody has to accept. */
  seconds: number;
}

/** One queue: what is played, and who is matched with whom. */
export interface QueueConfig {
  name: string;
  /** Number of teams. */
  teams: number;
  /** Players in each team. */
  size: number;
  /** The argument of `ratingModel` of @ranked/rating, complete. */
  rating: { model: string } & Record<string, unknown>;
  /** Index of the team that plays at home or has the better side; absent: none. */
  host?: number;
  /** How much a match of this queue counts, against 1. */
  matchImportance?: number;
  window: QueueWindow;
  /** Matches tried in order to improve on the fast search; absent: the fast search alone. */
  searchSteps?: number;
  /** Absent: nobody is asked. */
  readyCheck?: ReadyCheckConfig;
  /** Round trips between players and the region of a server, in ms; absent: they make no difference. */
  latency?: LatencyRules;
  /** Per role the number of players of a team who take it; absent: none. */
  roles?: Record<string, number>;
  /** Whether parties may meet teams without one; absent: they may. */
  parties?: PartyRule;
  /** Whether opponents of the match before are avoided; absent: they are. */
  repeats?: 'avoid' | 'allow';
  ranks: QueueRanks;
}
