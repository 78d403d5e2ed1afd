/** Partial packings tried before parties are said not to fit. Up to ten or so parties never need as many. */
const MAX_ATTEMPTS = 5000;

/**
 * Puts parties of the given sizes whole into `teams` teams of `capacity` places: the team per party, or undefined when they do
 * not fit. Places may stay free. Largest party first, all teams tried, teams with equal room tried once.
 */
export function packParties(sizes: readonly number[], teams: number, capacity: number): number[] | undefined {
  const order = sizes.map((_, i) => i).sort((a, b) => (sizes[b] as number) - (sizes[a] as number) || a - b);
  const room = new Array<number>(teams).fill(capacity);
  const teamOf = new Array<number>(sizes.length).fill(0);
  let attempts = 0;
  const place = (position: number): boolean => {
    const party = order[position];
    if (party === undefined) return true;
    if (++attempts > MAX_ATTEMPTS) return false;
    const size = sizes[party] as number;
    for (let team = 0; team < teams; team++) {
      const free = room[team] as number;
      if (free < size || room.indexOf(free) < team) continue;
      room[team] = free - size;
      teamOf[party] = team;
      if (place(position + 1)) return true;
      room[team] = free;
    }
    return false;
  };
  return place(0) ? teamOf : undefined;
}
