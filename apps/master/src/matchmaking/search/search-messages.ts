import type { Leftover } from '@ranked/matchmaker';
import type { Candidate, PastWait } from '@ranked/store';
import type { WaitingColumns } from '@ranked/store/waiting-players';
import type { QueueConfig } from '../../config/queue-config.js';
import type { LeftoverTexts } from './leftover-texts.js';

/**
 * What a search is asked. Players go as the text that the database gave: made into objects and copied as such, a hundred
 * thousand of them would stop the sender for half a second.
 */
export interface SearchRequest {
  readonly queue: QueueConfig;
  /** Unix ms. */
  readonly now: number;
  /** Everybody who waits, in parts. Who is in two of them counts as he is in the later one. */
  readonly pages: readonly WaitingColumns[];
  /** Places, counted over all pages, of players who cannot be matched now. */
  readonly away: Uint32Array;
  /** JSON list of `[who blocks, whom]`. */
  readonly blockedPairs: string;
  readonly servers: readonly Candidate[];
}

/** What it found, as columns that change hands instead of being copied. */
export interface SearchAnswer {
  /** Players who could have been matched. */
  readonly players: number;
  /** Per match the place of its server in the request. */
  readonly servers: Uint32Array;
  /** Match by match and team by team the places of the players in the request. */
  readonly rows: Uint32Array;
  /** Since when each of them waited, Unix ms. */
  readonly queuedAt: Float64Array;
  /** Places of the members of parties that are larger than a team. */
  readonly oversized: Uint32Array;
  /** Some of the waits that end with these matches. */
  readonly waits: readonly PastWait[];
  /** Why each entry was left over. */
  readonly leftovers: LeftoverTexts;
  /** The reason of all of them, where the matchmaker was not even asked. */
  readonly others: Leftover | undefined;
}

/** To the thread: the pages of a search one by one, then all the rest. */
export type ToSearchThread =
  { readonly page: WaitingColumns } | { readonly search: Omit<SearchRequest, 'pages'> };

/** From the thread, once per search. */
export type FromSearchThread = { readonly answer: SearchAnswer } | { readonly error: string };
