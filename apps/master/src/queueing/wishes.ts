import type { JoinQueue } from '@ranked/protocol';
import type { MemberWishes } from '@ranked/store';

/** What a player says of himself to be matched by. Nobody checks it. */
export type Wishes = Pick<JoinQueue, 'latencies' | 'roles'>;

/** The same as the rows hold it: JSON text, null for what he did not say. */
export function wishesOf({ latencies, roles }: Wishes): MemberWishes {
  return {
    latencies:
      latencies === undefined || Object.keys(latencies).length === 0 ? null : JSON.stringify(latencies),
    roles: roles === undefined ? null : JSON.stringify([...new Set(roles)]),
  };
}
