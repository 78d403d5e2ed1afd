import { packParties } from './pack-parties.js';

/** Up to this many ways to divide a match are all tried: 6v6, 3 teams of 3, 4 of 2. */
const MAX_DIVISIONS = 5000;
/** Exchanges between teams in a match too large for that; far more than were ever needed. */
const MAX_EXCHANGES = 1000;

/** Players who stay together, and the sum of their strengths. */
export interface Party {
  readonly size: number;
  readonly strength: number;
}

/**
 * Divides parties that together fill `teams` teams of `size` players so that the teams are equally strong: the sum over the
 * teams of (strength - mean)^2 is smallest, which for two teams is the smallest difference. Exact for small matches, otherwise
 * a good division improved by exchanges.
 */
export class TeamBalancer {
  /** Per list of party sizes: the divisions of such parties, since they do not depend on the strengths. */
  private readonly divisions = new Map<string, Divisions>();

  constructor(
    private readonly teams: number,
    private readonly size: number,
  ) {}

  /**
   * The team per party, or undefined when the parties do not fit. `allowed` refuses divisions; in a match too large to try all,
   * only the one that would be chosen without it is shown to it.
   */
  balance(parties: readonly Party[], allowed?: Allowed): readonly number[] | undefined {
    if (countDivisions(parties.length, this.teams) <= MAX_DIVISIONS)
      return this.divideExactly(parties, allowed);
    const teamOf = divideWell(parties, this.teams, this.size);
    return teamOf === undefined || allowed?.(teamOf) === false ? undefined : teamOf;
  }

  private divideExactly(parties: readonly Party[], allowed?: Allowed): number[] | undefined {
    const order = strongestFirst(parties);
    const sizes = order.map((index) => (parties[index] as Party).size);
    const key = sizes.join();
    let divisions = this.divisions.get(key);
    if (divisions === undefined) {
      divisions = allDivisions(sizes, this.teams, this.size);
      this.divisions.set(key, divisions);
    }
    const teamOf = new Array<number>(parties.length);
    const read = (number: number) => {
      for (let position = 0; position < order.length; position++) {
        teamOf[order[position] as number] = divisions[number * order.length + position] as number;
      }
      return teamOf;
    };
    const best = mostEven(
      divisions,
      order.map((index) => (parties[index] as Party).strength),
      this.teams,
      allowed && ((number) => allowed(read(number))),
    );
    return best === undefined ? undefined : read(best);
  }
}

/** Whether a division (the team per party) may be chosen. */
export type Allowed = (teamOf: readonly number[]) => boolean;

/** An upper bound of the number of ways to put `parties` parties into teams that have no order. */
function countDivisions(parties: number, teams: number): number {
  let ways = 1;
  for (let i = 0; i < parties; i++) ways *= teams;
  for (let i = 2; i <= teams; i++) ways /= i;
  return ways;
}

/** Larger parties first, then stronger ones, then those that stand first. */
function strongestFirst(parties: readonly Party[]): number[] {
  return parties
    .map((_, i) => i)
    .sort((i, j) => {
      const [a, b] = [parties[i] as Party, parties[j] as Party];
      return b.size - a.size || b.strength - a.strength || i - j;
    });
}

function sum(values: readonly number[]): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

/** One division after another, each a team per party. */
type Divisions = Uint8Array;

/** Every division of parties of these sizes into teams that have no order. */
function allDivisions(sizes: readonly number[], teams: number, size: number): Divisions {
  const found: number[] = [];
  const room = new Array<number>(teams).fill(size);
  const teamOf: number[] = [];
  const place = (position: number): void => {
    const players = sizes[position];
    if (players === undefined) {
      for (const team of teamOf) found.push(team);
      return;
    }
    for (let team = 0; team < teams; team++) {
      const free = room[team] as number;
      if (free >= players) {
        room[team] = free - players;
        teamOf[position] = team;
        place(position + 1);
        room[team] = free;
      }
      // Empty teams are all the same: one of them is enough.
      if (free === size) break;
    }
  };
  place(0);
  return Uint8Array.from(found);
}

/** The number of the allowed division with the most even teams, the first of them if several are. */
function mostEven(
  divisions: Divisions,
  strengths: readonly number[],
  teams: number,
  allowed?: (number: number) => boolean,
): number | undefined {
  const parties = strengths.length;
  const mean = sum(strengths) / teams;
  const gaps = new Float64Array(teams);
  let best: number | undefined;
  let bestCost = Infinity;
  for (let start = 0, number = 0; start < divisions.length; start += parties, number++) {
    // How far each team is from the mean: sums of squares of the strengths themselves would cancel.
    gaps.fill(-mean);
    for (let i = 0; i < parties; i++) {
      const team = divisions[start + i] as number;
      gaps[team] = (gaps[team] as number) + (strengths[i] as number);
    }
    let cost = 0;
    for (let team = 0; team < teams; team++) cost += (gaps[team] as number) * (gaps[team] as number);
    // Asked last: few divisions are better than all before them.
    if ((cost < bestCost || best === undefined) && allowed?.(number) !== false) {
      bestCost = cost;
      best = number;
    }
  }
  return best;
}

function divideWell(parties: readonly Party[], teams: number, size: number): readonly number[] | undefined {
  const teamOf =
    divideGreedily(parties, teams, size) ??
    packParties(
      parties.map((p) => p.size),
      teams,
      size,
    );
  if (teamOf === undefined) return undefined;
  const strengths = new Array<number>(teams).fill(0);
  parties.forEach(({ strength }, i) => {
    const team = teamOf[i] as number;
    strengths[team] = (strengths[team] as number) + strength;
  });
  for (let exchange = 0; exchange < MAX_EXCHANGES; exchange++) {
    if (!exchangeBest(parties, teamOf, strengths)) break;
  }
  return teamOf;
}

/** Each party goes to the weakest team that has room for it. */
function divideGreedily(parties: readonly Party[], teams: number, size: number): number[] | undefined {
  const room = new Array<number>(teams).fill(size);
  const strengths = new Array<number>(teams).fill(0);
  const teamOf = new Array<number>(parties.length).fill(0);
  for (const index of strongestFirst(parties)) {
    const party = parties[index] as Party;
    let weakest = -1;
    for (let team = 0; team < teams; team++) {
      if ((room[team] as number) < party.size) continue;
      if (weakest < 0 || (strengths[team] as number) < (strengths[weakest] as number)) weakest = team;
    }
    if (weakest < 0) return undefined;
    room[weakest] = (room[weakest] as number) - party.size;
    strengths[weakest] = (strengths[weakest] as number) + party.strength;
    teamOf[index] = weakest;
  }
  return teamOf;
}

/** Exchanges the two parties of equal size by which the cost falls most; false when none makes it fall. */
function exchangeBest(parties: readonly Party[], teamOf: number[], strengths: number[]): boolean {
  let [first, second, moved, gain] = [-1, -1, 0, 0];
  for (let i = 0; i < parties.length; i++) {
    for (let j = i + 1; j < parties.length; j++) {
      const [a, b] = [parties[i] as Party, parties[j] as Party];
      const [from, to] = [teamOf[i] as number, teamOf[j] as number];
      if (from === to || a.size !== b.size) continue;
      const shift = a.strength - b.strength;
      // (x - s)^2 + (y + s)^2 is below x^2 + y^2 by 2 s (x - y - s).
      const drop = shift * ((strengths[from] as number) - (strengths[to] as number) - shift);
      if (drop > gain) [first, second, moved, gain] = [i, j, shift, drop];
    }
  }
  // Rounding alone must not go on for ever: what is gained has to be felt in the strengths.
  if (first < 0 || gain < 1e-9) return false;
  const [from, to] = [teamOf[first] as number, teamOf[second] as number];
  strengths[from] = (strengths[from] as number) - moved;
  strengths[to] = (strengths[to] as number) + moved;
  teamOf[first] = to;
  teamOf[second] = from;
  return true;
}
