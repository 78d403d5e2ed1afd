const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** How long a ban may last. */
export const BAN_TERMS = [
  { value: 'hour', label: '1 hour' },
  { value: 'day', label: '1 day' },
  { value: 'week', label: '7 days' },
  { value: 'month', label: '30 days' },
  { value: 'date', label: 'Until a date' },
  { value: 'ever', label: 'For ever' },
] as const;

export type BanTerm = (typeof BAN_TERMS)[number]['value'];

const LENGTHS: Partial<Record<BanTerm, number>> = { hour: HOUR, day: DAY, week: 7 * DAY, month: 30 * DAY };

/**
 * End of a ban, Unix ms; null for ever, undefined while the date is not filled in, or past.
 * @param date as `<input type="datetime-local">` gives it, in local time
 */
export function banEnd(term: BanTerm, date: string, now: number): number | null | undefined {
  if (term === 'ever') return null;
  const length = LENGTHS[term];
  if (length !== undefined) return now + length;
  const at = new Date(date).getTime();
  return at > now ? at : undefined;
}
