const WHOLE = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const TENTHS = new Intl.NumberFormat('en-US', { minimumFractionDigits: 1, maximumFractionDigits: 1 });

/** What stands where there is no value. */
export const NO_VALUE = '–';

/** A whole number with separators: `12,480`. */
export function wholeText(value: number | null | undefined): string {
  return value === null || value === undefined ? NO_VALUE : WHOLE.format(value);
}

/** One decimal: `25.3`. */
export function tenthsText(value: number | null | undefined): string {
  return value === null || value === undefined ? NO_VALUE : TENTHS.format(value);
}

/** A part of one as a percentage: `63%`. */
export function percentText(part: number | null | undefined): string {
  return part === null || part === undefined ? NO_VALUE : `${WHOLE.format(part * 100)}%`;
}

/** A change, with its sign: `+12`, `−8`, `±0`. */
export function changeText(before: number | null, after: number | null): string {
  if (before === null || after === null) return NO_VALUE;
  const change = Math.round(after) - Math.round(before);
  if (change === 0) return '±0';
  return change > 0 ? `+${WHOLE.format(change)}` : `−${WHOLE.format(-change)}`;
}

/** A count with its noun: `1 match`, `8 players`. */
export function countText(count: number, one: string, many = `${one}s`): string {
  return `${WHOLE.format(count)} ${count === 1 ? one : many}`;
}
