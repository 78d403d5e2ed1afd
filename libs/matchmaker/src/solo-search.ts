import type { Group } from './group.js';
import { NONE, type StrengthList } from './strength-list.js';
import type { WaitingPool } from './waiting-pool.js';

/**
 * The group of `players` single players around `anchor` with the smallest spread, or undefined when there are not that many. In
 * the order of strength such a group has no gaps, so only `players` groups need to be looked at.
 */
export function searchSolo(pool: WaitingPool, anchor: number, players: number): Group | undefined {
  const list = pool.lists[1] as StrengthList;
  const { strength } = pool;
  const home = pool.place[anchor] as number;
  const near: number[] = [anchor];
  for (let i = list.below(home); i !== NONE && near.length < players; i = list.below(i)) {
    near.push(list.entries[i] as number);
  }
  near.reverse();
  const below = near.length - 1;
  for (
    let i = list.atOrAbove(home + 1);
    i !== NONE && near.length < below + players;
    i = list.atOrAbove(i + 1)
  ) {
    near.push(list.entries[i] as number);
  }
  let best = -1;
  let spread = Infinity;
  for (let start = 0; start <= below && start + players <= near.length; start++) {
    const weakest = strength[near[start] as number] as number;
    const strongest = strength[near[start + players - 1] as number] as number;
    if (strongest - weakest < spread) {
      spread = strongest - weakest;
      best = start;
    }
  }
  return best < 0 ? undefined : { entries: near.slice(best, best + players), spread };
}
