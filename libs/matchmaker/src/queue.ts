import type { Rating, RatingModel } from '@ranked/rating';

/**
 * How far apart in strength the entries of one match may be, and how that grows with the wait. Widths are in display points
 * (`RatingModel.pointsPerUnit` of them to one unit of `mu`).
 */
export interface WindowRules {
  /** Width for an entry that has just joined. */
  readonly initial: number;
  /** What each second of waiting adds. */
  readonly perSecond: number;
  /** The widest it gets. */
  readonly max: number;
  /** Seconds of waiting after which an entry takes the nearest opponents whatever the distance. 180 unless given. */
  readonly lastResortAfter?: number;
}

/** What makes a match of a queue. */
export interface QueueRules {
  readonly name: string;
  /** Teams in a match, 2 or more. */
  readonly teams: number;
  /** Players in a team, 1 or more. */
  readonly size: number;
  readonly window: WindowRules;
  /** The model by which the queue's players are rated. */
  readonly model: RatingModel;
}

/** One or more players who wait together and will be in one team. */
export interface Entry {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly joinedAt: number;
  /** 1 to {@link QueueRules.size} players. */
  readonly players: readonly { readonly id: string; readonly rating: Rating }[];
}

/** A game server and the number of matches that it can still take. */
export interface ServerSlot {
  readonly id: string;
  readonly region: string;
  readonly free: number;
}

/** Everything that the answer depends on. */
export interface ProposeInput {
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly queue: QueueRules;
  /** In any order. */
  readonly entries: readonly Entry[];
  /** In any order. */
  readonly servers: readonly ServerSlot[];
}

/** A match to be made. */
export interface Proposal {
  readonly queue: string;
  readonly serverId: string;
  readonly region: string;
  /** Player ids. The longest-waiting entry is in the first team. */
  readonly teams: string[][];
  /** Longest waiting first. */
  readonly entryIds: string[];
  /** `RatingModel.quality` of the teams, 0 to 1. */
  readonly quality: number;
  /** Points between the strongest and the weakest entry. */
  readonly spread: number;
  /** The window of the longest-waiting entry, in points. */
  readonly window: number;
  /** True where `spread` exceeds `window`, since the longest-waiting entry had waited beyond the limit. */
  readonly lastResort: boolean;
  readonly longestWaitMs: number;
}

/** Why an entry goes on waiting. */
export type Leftover = { readonly entryId: string } & (
  | {
      /** Others are there, but not near enough yet. */
      readonly reason: 'window';
      /** Points: how wide the entry's window is now. */
      readonly window: number;
      /** Points: how wide it would have had to be. */
      readonly nearest: number;
    }
  | {
      readonly reason: 'not_enough_players';
      /** Players who were still free, this entry's included. */
      readonly players: number;
      /** Players that a match needs. */
      readonly needed: number;
    }
  | {
      /** The parties that wait do not add up to full teams. */
      readonly reason: 'no_fit';
    }
  | {
      /** Opponents were found, but no server has a place. */
      readonly reason: 'no_server';
    }
);

/** The answer: every entry is in exactly one of the two. */
export interface ProposeResult {
  /** The match of the longest-waiting entry first. */
  readonly matches: Proposal[];
  /** Longest waiting first. */
  readonly leftovers: Leftover[];
}
