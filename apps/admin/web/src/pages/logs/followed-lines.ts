import type { LogLineView, LogQuery } from '../../api/contract.js';

/** More lines than this are not kept on the screen; the oldest go first. */
export const MAX_FOLLOWED_LINES = 1000;

/** Lines that came by events since a list was loaded. */
export interface FollowedLines {
  /** Newest first. */
  lines: LogLineView[];
  /** Lines that came while the log was paused. */
  held: LogLineView[];
  /** Lines that were left out, by the server or for want of room. */
  skipped: number;
}

export const NO_LINES: FollowedLines = { lines: [], held: [], skipped: 0 };

/** Whether a line passes a filter, by the rules of the server: text in any case, one level. */
export function matchesFilter(
  line: LogLineView,
  filter: Pick<LogQuery, 'q' | 'level' | 'serverId'>,
): boolean {
  if (filter.level !== undefined && line.level !== filter.level) return false;
  if (filter.serverId !== undefined && line.serverId !== filter.serverId) return false;
  return filter.q === undefined || line.message.toLowerCase().includes(filter.q.toLowerCase());
}

/** Adds new lines (oldest first, as events bring them): on top, or aside while the log is paused. */
export function follow(
  before: FollowedLines,
  arrived: readonly LogLineView[],
  skipped: number,
  isPaused: boolean,
): FollowedLines {
  const newest = [...arrived].reverse();
  const grown = isPaused ? [...newest, ...before.held] : [...newest, ...before.lines];
  const kept = grown.slice(0, MAX_FOLLOWED_LINES);
  const total = before.skipped + skipped + (isPaused ? grown.length - kept.length : 0);
  return isPaused ? { ...before, held: kept, skipped: total } : { ...before, lines: kept, skipped: total };
}

/** Lets what was held aside in. */
export function release(before: FollowedLines): FollowedLines {
  return { ...before, lines: [...before.held, ...before.lines].slice(0, MAX_FOLLOWED_LINES), held: [] };
}

/** Followed lines on top of loaded ones, none twice, newest first. */
export function joinLines(followed: readonly LogLineView[], loaded: readonly LogLineView[]): LogLineView[] {
  const known = new Set(followed.map((line) => line.id));
  return [...followed, ...loaded.filter((line) => !known.has(line.id))];
}
