import type { QueueMade, QueueWaiting, ServerOverview } from '@ranked/store';
import type { QueueSummary, ServerRow } from '../api/contract.js';
import type { QueueBook } from './queue-book.js';

/** What the rows say of all queues. */
export interface QueueRows {
  waiting: readonly QueueWaiting[];
  /** Of the last ten minutes. */
  made: readonly QueueMade[];
  servers: readonly {
    overview: Pick<ServerOverview, 'queues' | 'capacity' | 'liveMatches'>;
    row: Pick<ServerRow, 'state'>;
  }[];
}

/** The queues, configured ones first in the order of the queues file, then those that only have players left. */
export function queueSummaries(book: QueueBook, rows: QueueRows, now: number): QueueSummary[] {
  const configured = book.names();
  const left = rows.waiting.map(({ queue }) => queue).filter((name) => !configured.includes(name));
  return [...configured, ...left].map((name) => {
    const waiting = rows.waiting.find(({ queue }) => queue === name);
    const made = rows.made.find(({ queue }) => queue === name);
    return {
      name,
      configured: configured.includes(name),
      waiting: waiting?.waiting ?? 0,
      meanWaitMs: waiting ? Math.max(0, now - waiting.meanJoinedAt) : null,
      longestWaitMs: waiting ? Math.max(0, now - waiting.firstJoinedAt) : null,
      matchesMade: made?.matches ?? 0,
      playersMatched: made?.players ?? 0,
      meanWaitToMatchMs:
        made?.meanWaitMs === undefined || made.meanWaitMs === null ? null : Math.round(made.meanWaitMs),
      serversFree: rows.servers.filter(
        ({ overview, row }) => row.state === 'online' && (overview.queues?.includes(name) ?? true),
      ).length,
    };
  });
}
