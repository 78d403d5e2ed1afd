import { roughDurationText } from './duration.js';

/** A time as seen from now: `just now`, `12 s ago`, `in 3 d`. */
export function relativeTimeText(at: number, now: number): string {
  const age = now - at;
  if (Math.abs(age) < 2000) return 'just now';
  return age > 0 ? `${roughDurationText(age)} ago` : `in ${roughDurationText(age)}`;
}

const ABSOLUTE = new Intl.DateTimeFormat('en-GB', {
  day: '2-digit',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  timeZoneName: 'short',
});
const CLOCK = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const CLOCK_SECONDS = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});

/** Date, time and zone, to the second: `22 Nov 2026, 14:03:12 UTC`. */
export function absoluteTimeText(at: number): string {
  return ABSOLUTE.format(at);
}

/** Time of day: `14:03`. */
export function clockText(at: number): string {
  return CLOCK.format(at);
}

/** Time of day to the second: `14:03:12`. */
export function clockSecondsText(at: number): string {
  return CLOCK_SECONDS.format(at);
}

const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });

/** Day and month: `22 Nov`. */
export function dayText(at: number): string {
  return DAY.format(at);
}
