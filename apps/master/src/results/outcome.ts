/** How a match ended for a team. */
export type Outcome = 'win' | 'loss' | 'draw';

/**
 * @param own rank of the team, 0 best
 * @param all ranks of all teams, its own among them
 * @returns `win` for the only best, `draw` for one of several best, else `loss`
 */
export function outcomeOf(own: number, all: readonly number[]): Outcome {
  const best = Math.min(...all);
  if (own !== best) return 'loss';
  return all.filter((rank) => rank === best).length === 1 ? 'win' : 'draw';
}
