import { explainLeftover, windowWidth, type Leftover } from '@ranked/matchmaker';
import type { QueueLeftover, WaitingEntry } from '@ranked/store';
import type { QueueEntryView } from '../api/contract.js';
import type { BookedQueue } from './queue-book.js';

/** Under this the news of a queue have the reason of all who are not named. */
const OTHERS = '*';
/** Older news are no news: no master asks its matchmaker about this queue. */
const NEWS_LAST_MS = 30_000;

/**
 * Those who wait, as an operator sees them: window, nearest other, and why they are not matched, in the words of the master's
 * matchmaker, or while it says nothing as window and nearest other let it be guessed.
 * @param booked undefined for a queue that is not configured: then there are no points and no window
 * @param news what the matchmaker said last
 */
export function waitingViews(
  entries: readonly WaitingEntry[],
  booked: BookedQueue | undefined,
  now: number,
  news: QueueLeftover | null,
): QueueEntryView[] {
  const initial = booked?.model.initial();
  const fresh = news !== null && now - news.at < NEWS_LAST_MS ? news : null;
  const rated = entries.map((entry) => {
    const mu = entry.mu ?? initial?.mu ?? 0;
    const sigma = entry.sigma ?? initial?.sigma ?? 0;
    return { entry, mu, sigma, rating: booked ? Math.round(booked.model.displayRating({ mu, sigma })) : 0 };
  });
  const nearest = nearestOthers(rated.map(({ rating }) => rating));
  return rated.map(({ entry, mu, sigma, rating }, index) => {
    const waitMs = Math.max(0, now - entry.joinedAt);
    const window = booked ? Math.round(windowWidth(booked.config.window, waitMs)) : null;
    const own = booked ? (nearest[index] ?? null) : null;
    return {
      accountId: entry.accountId,
      displayName: entry.displayName,
      joinedAt: entry.joinedAt,
      waitMs,
      lastSeen: entry.lastSeen,
      rating,
      mu,
      sigma,
      window,
      nearest: own,
      reason: reasonTold(fresh, entry) ?? reasonOf(booked, entries.length, waitMs, window, own),
    };
  });
}

/** Of each number the distance to the nearest other; null for one that is alone. */
export function nearestOthers(numbers: readonly number[]): (number | null)[] {
  const order = numbers.map((number, index) => ({ number, index })).sort((a, b) => a.number - b.number);
  const distances: (number | null)[] = numbers.map(() => null);
  order.forEach(({ number, index }, place) => {
    const below = order[place - 1];
    const above = order[place + 1];
    const gaps = [below && number - below.number, above && above.number - number].filter(
      (gap) => gap !== undefined,
    );
    distances[index] = gaps.length === 0 ? null : Math.min(...gaps);
  });
  return distances;
}

/** What the matchmaker said of him; null if he came later. */
function reasonTold(
  news: QueueLeftover | null,
  { accountId, partyId, joinedAt }: WaitingEntry,
): string | null {
  if (news === null || joinedAt > news.at) return null;
  const leftover = news.entries[partyId ?? accountId] ?? news.entries[OTHERS];
  // The master wrote it as its matchmaker gave it.
  return leftover === undefined ? null : explainLeftover(leftover as Leftover);
}

function reasonOf(
  booked: BookedQueue | undefined,
  waiting: number,
  waitMs: number,
  window: number | null,
  nearest: number | null,
): string | null {
  if (!booked) return 'no master runs this queue';
  const { teams, size, window: rules } = booked.config;
  const missing = teams * size - waiting;
  if (missing > 0) return `${missing} more ${missing === 1 ? 'player is' : 'players are'} needed`;
  if (window === null || nearest === null) return null;
  if (waitMs >= rules.lastResortAfter * 1000) return 'no free server, or too few players who are there';
  if (nearest > window) return `window ${window}, nearest ${nearest}`;
  return 'the window fits: no free server, or the others do not fit each other';
}
