import type { ServerQuery, ServerRow } from '../api/contract.js';
import { STATES_BY_TROUBLE } from './server-state.js';

type Order = (a: ServerRow, b: ServerRow) => number;

const byName: Order = (a, b) =>
  a.name.localeCompare(b.name, 'en', { numeric: true }) || (a.id < b.id ? -1 : 1);
const byNumber =
  (of: (row: ServerRow) => number): Order =>
  (a, b) =>
    of(a) - of(b) || byName(a, b);

const ORDERS: Readonly<Record<NonNullable<ServerQuery['sort']>, Order>> = {
  name: byName,
  problems: byNumber(
    ({ state, trust }) => 2 * STATES_BY_TROUBLE.indexOf(state) + (trust.level === 'watch' ? 0 : 1),
  ),
  load: byNumber(({ load }) => -(load ?? -1)),
  players: byNumber(({ players }) => -players),
  lastSeen: byNumber(({ lastSeen }) => lastSeen),
  certificate: byNumber(({ certificateExpiresAt }) => certificateExpiresAt),
};

/** A sorted copy. */
export function sortServers(rows: readonly ServerRow[], sort: NonNullable<ServerQuery['sort']>): ServerRow[] {
  return [...rows].sort(ORDERS[sort]);
}
