import type { GaussianParameters } from '@ranked/rating';

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
}

/** One queue: what is played, and who is matched with whom. */
export interface QueueConfig {
  name: string;
  /** Number of teams. */
  teams: number;
  /** Players in each team. */
  size: number;
  /** The argument of `ratingModel` of @ranked/rating, complete. */
  rating: { model: string } & GaussianParameters;
  window: QueueWindow;
}
