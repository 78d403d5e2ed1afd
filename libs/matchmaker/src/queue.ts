import type { Rating, RatingModel } from '@ranked/rating';

/**
 * How far apart in strength the entries of one match may be, and how that grows with the wait. Widths are in display points
 * (`RatingModel.pointsPerUnit` of them to one unit of `mu`).
 */
export interface WindowRules {
  /** Width for an entry that has just joined. */
  readonly initial: number;
  /** What each second of waiting adds; with a {@link curve} each second after its last point. */
  readonly perSecond: number;
  /** The widest it gets. */
  readonly max: number;
  /** Seconds of waiting after which an entry takes the nearest opponents whatever the distance. 180 unless given. */
  readonly lastResortAfter?: number;
  /** `[seconds, width]`, both ascending: straight lines from `initial` at 0 s through these points. */
  readonly curve?: readonly (readonly [seconds: number, width: number])[];
}

/** Round trips between players and the region of a server, in milliseconds. */
export interface LatencyRules {
  /** Up to here a latency makes no difference. */
  readonly good: number;
  /** Nobody plays at a latency beyond this, however long he has waited. */
  readonly max: number;
}

/**
 * Whether parties of two or more may meet teams without one. `mixed`: they may. `against-parties-first`: only where the window
 * holds no match in which every team has a party or none has. `only-against-parties`: never.
 */
export type PartyRule = 'mixed' | 'against-parties-first' | 'only-against-parties';

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
  /** `mixed` unless given. */
  readonly parties?: PartyRule;
  /** Per role the number of players of a team who take it; the others of a team take any. None unless given. */
  readonly roles?: Readonly<Record<string, number>>;
  /** Latency makes no difference unless given. */
  readonly latency?: LatencyRules;
  /** Whether opponents of the last match are avoided while the window holds others. `avoid` unless given. */
  readonly repeats?: 'avoid' | 'allow';
  /** The build that servers must run. Any unless given. */
  readonly build?: string;
  /** The most that servers on probation get of a round's matches while others exist, 0 to 1. 0.1 unless given. */
  readonly probationShare?: number;
  /** `fast`: the longest waiting choose. Otherwise that answer is improved in at most so many steps. `fast` unless given. */
  readonly search?: 'fast' | { readonly steps: number };
}

/** Who waits. */
export interface Player {
  readonly id: string;
  readonly rating: Rating;
  /** Milliseconds per region. A player with none is taken to reach every region; otherwise a region not named is out of his reach. */
  readonly latencies?: Readonly<Record<string, number>>;
  /** The roles that he can take. Any unless given. */
  readonly roles?: readonly string[];
  /** Ids of players with whom he shares no match, on either side. It is enough that one of the two says so. */
  readonly blocked?: readonly string[];
  /** Ids of the opponents of his last match. */
  readonly lastOpponents?: readonly string[];
}

/** One or more players who wait together and will be in one team. */
export interface Entry {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly joinedAt: number;
  /** 1 to {@link QueueRules.size} players. */
  readonly players: readonly Player[];
  /** Its turn comes before that of all who are not, however long they have waited: it had a match that came to nothing. */
  readonly ahead?: boolean;
}

/** A game server and the number of matches that it can still take. */
export interface ServerSlot {
  readonly id: string;
  readonly region: string;
  readonly free: number;
  readonly build?: string;
  /** New or not yet trusted: gets {@link QueueRules.probationShare} of the matches at most. */
  readonly probation?: boolean;
  /** Gets a match only when its players have waited beyond the limit and no other server has a place. */
  readonly failedLately?: boolean;
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
  /** Player ids. The first entry of {@link entryIds} is in the first team. */
  readonly teams: string[][];
  /** Those ahead first; longest waiting first. */
  readonly entryIds: string[];
  /** Milliseconds, one per entry. */
  readonly waits: number[];
  /** `RatingModel.quality` of the teams, 0 to 1. */
  readonly quality: number;
  /** Probability of winning per team, then that of a draw. Exact for two teams (`RatingModel.predict`), else an estimate. */
  readonly odds: number[];
  /** What the match adds to the total that a better search raises (docs/matchmaking.md). */
  readonly worth: number;
  /** Points between the strongest and the weakest entry. */
  readonly spread: number;
  /** The window of the longest-waiting entry, in points. */
  readonly window: number;
  /** True where `spread` exceeds `window`, since the longest-waiting entry had waited beyond the limit. */
  readonly lastResort: boolean;
  readonly longestWaitMs: number;
  /** Milliseconds: the highest latency of any player to the server's region, as far as known. */
  readonly worstLatency: number | undefined;
  /** Pairs of players who were opponents in their last match. */
  readonly repeats: number;
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
      /** Those who could play with it make better matches with others. Only where the search is not `fast`. */
      readonly reason: 'outbid';
      /** Players who were still free when the entries had taken their turn. */
      readonly players: number;
      readonly needed: number;
    }
  | {
      /** The entries that wait do not add up to full teams. */
      readonly reason: 'no_fit';
      /** Players who were still free, this entry's included. */
      readonly players: number;
      readonly needed: number;
    }
  | {
      /** Those who could play have no region in common that all of them reach in time. */
      readonly reason: 'latency';
      /** Milliseconds that the queue allows. */
      readonly max: number;
      /** Milliseconds of the slowest in the best region; undefined where somebody reaches none of them. */
      readonly nearest: number | undefined;
    }
  | {
      /** Those who could play do not want to meet. */
      readonly reason: 'blocked';
      /** Entries still free that may not meet this one. */
      readonly entries: number;
    }
  | {
      /** Too few who can take a role are there. */
      readonly reason: 'roles';
      readonly roles: string[];
      /** Free players who can take one of them. */
      readonly players: number;
      readonly needed: number;
    }
  | {
      /** The queue lets parties meet parties only. */
      readonly reason: 'parties';
      /** Parties still free, this entry included. */
      readonly parties: number;
      readonly needed: number;
    }
  | {
      /** Opponents were found, but no server has a place. */
      readonly reason: 'no_server';
      /** Servers that could host the queue, full ones among them. */
      readonly servers: number;
    }
);

/** The answer: every entry is in exactly one of the two. */
export interface ProposeResult {
  /** Those of entries that are ahead first; the match of the longest-waiting entry first. */
  readonly matches: Proposal[];
  /** Longest waiting first. */
  readonly leftovers: Leftover[];
}
