import type { PresenceChanges } from '../game-servers/presence-board.js';
import type { PlayerChanges } from '../queueing/player-presence.js';
import type { FoundMatches } from './search/found-matches.js';
import type { ServerLogLine } from '../game-servers/server-log-buffer.js';

/** A match whose server did not take it, as the allow courier found out. */
export interface RefusedAllow {
  matchId: string;
  serverId: string;
  attempt: number;
}

/** What this node knows and the rows do not yet: taken from memory before the transaction, put back if it fails. */
export interface TickInputs {
  presence: PresenceChanges;
  logs: ServerLogLine[];
  players: PlayerChanges;
  refused: RefusedAllow[];
  /** Servers that finished a match. */
  finishers: string[];
  /** Queues that are too long for the tick, and how many waited in each when it was seen last. */
  long: ReadonlyMap<string, number>;
  /** Matches found between the ticks, by queue. Forgotten when the rows have them, not before. */
  found: ReadonlyMap<string, FoundMatches>;
}
