/**
 * The least id that a match made at `since` (ms) or later can have: the master makes UUIDs of version 7, which begin with
 * their time (RFC 9562 §5.7).
 */
export function firstIdSince(since: number): string {
  const time = Math.max(0, Math.floor(since)).toString(16).padStart(12, '0').slice(-12);
  return `${time.slice(0, 8)}-${time.slice(8)}`;
}
