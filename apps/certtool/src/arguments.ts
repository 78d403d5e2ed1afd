import { isIP } from 'node:net';
import { InvalidArgumentError } from 'commander';

const UNITS: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/** Reads a duration such as `30d`, `12h` or `2w`. Returns seconds. */
export function durationArgument(text: string): number {
  const [, count, unit] = /^(\d{1,6})([smhdw])$/.exec(text) ?? [];
  const seconds = Number(count) * (UNITS[unit ?? ''] ?? NaN);
  if (!Number.isFinite(seconds))
    throw new InvalidArgumentError('A number and a unit was expected: 90s, 30m, 12h, 30d or 2w.');
  return seconds;
}

/** Reads the life of a certificate: whole days, at most a hundred years. */
export function daysArgument(text: string): number {
  const days = /^\d{1,5}$/.test(text) ? Number(text) : NaN;
  if (!(days >= 1 && days <= 36_525))
    throw new InvalidArgumentError('A whole number of days from 1 to 36525 was expected.');
  return days;
}

/** Reads the life of an operator's certificate: whole days, at most a year. */
export function operatorDaysArgument(text: string): number {
  const days = /^\d{1,3}$/.test(text) ? Number(text) : NaN;
  if (!(days >= 1 && days <= 365))
    throw new InvalidArgumentError('A whole number of days from 1 to 365 was expected.');
  return days;
}

/** Reads a reason that is kept and shown to others. */
export function reasonArgument(text: string): string {
  if (text.length < 1 || text.length > 200 || /[\p{C}\p{Zl}\p{Zp}]/u.test(text)) {
    throw new InvalidArgumentError('1 to 200 characters without control characters were expected.');
  }
  return text;
}

/** Reads a host name or an IP address without a port. */
export function hostArgument(text: string): string {
  const label = '[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?';
  const hostName = new RegExp(`^${label}(\\.${label})*$`, 'i');
  if (isIP(text) === 0 && !(text.length <= 253 && hostName.test(text))) {
    throw new InvalidArgumentError('A host name or an IP address, without a port, was expected.');
  }
  return text;
}
