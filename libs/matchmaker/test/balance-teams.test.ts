import fc from 'fast-check';
import { TeamBalancer, type Party } from '../src/balance-teams.js';
import { packParties } from '../src/pack-parties.js';

const cost = (parties: readonly Party[], teamOf: readonly number[], teams: number) => {
  const sums = new Array<number>(teams).fill(0);
  parties.forEach(
    ({ strength }, i) => (sums[teamOf[i] as number] = (sums[teamOf[i] as number] ?? 0) + strength),
  );
  const mean = sums.reduce((a, b) => a + b, 0) / teams;
  return sums.reduce((total, s) => total + (s - mean) ** 2, 0);
};

/** The smallest cost of all assignments that fill the teams, by trying every one. */
function bestCost(parties: readonly Party[], teams: number, size: number): number {
  let best = Infinity;
  const teamOf: number[] = [];
  const room = new Array<number>(teams).fill(size);
  const place = (i: number): void => {
    const party = parties[i];
    if (party === undefined) {
      best = Math.min(best, cost(parties, teamOf, teams));
      return;
    }
    for (let team = 0; team < teams; team++) {
      if ((room[team] as number) < party.size) continue;
      room[team] = (room[team] as number) - party.size;
      teamOf[i] = team;
      place(i + 1);
      room[team] = (room[team] as number) + party.size;
    }
  };
  place(0);
  return best;
}

const singles = (length: number) =>
  fc
    .array(fc.integer({ min: 0, max: 1000 }), { minLength: length, maxLength: length })
    .map((list) => list.map((strength): Party => ({ size: 1, strength })));

function expectFull(
  parties: readonly Party[],
  teamOf: readonly number[] | undefined,
  teams: number,
  size: number,
) {
  const counts = new Array<number>(teams).fill(0);
  parties.forEach(
    (party, i) => (counts[teamOf?.[i] ?? -1] = (counts[teamOf?.[i] ?? -1] ?? NaN) + party.size),
  );
  expect(counts).toEqual(new Array<number>(teams).fill(size));
}

describe('even teams', () => {
  it.each([
    [2, 2],
    [2, 4],
    [3, 2],
    [4, 2],
  ])('%d teams of %d single players: none better among all divisions', (teams, size) => {
    const balancer = new TeamBalancer(teams, size);
    fc.assert(
      fc.property(singles(teams * size), (parties) => {
        const teamOf = balancer.balance(parties);
        expectFull(parties, teamOf, teams, size);
        expect(cost(parties, teamOf ?? [], teams)).toBeCloseTo(bestCost(parties, teams, size), 6);
      }),
      { numRuns: 30 },
    );
  });

  it('with parties: none better among all divisions', () => {
    const balancer = new TeamBalancer(2, 5);
    const sizes = fc.constantFrom(
      [3, 2, 2, 2, 1],
      [2, 2, 1, 1, 1, 1, 1, 1],
      [4, 1, 5],
      [5, 5],
      [3, 3, 2, 1, 1],
    );
    fc.assert(
      fc.property(
        sizes,
        fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 8, maxLength: 8 }),
        (list, strengths) => {
          const parties = list.map((size, i) => ({ size, strength: size * (strengths[i] as number) }));
          const teamOf = balancer.balance(parties);
          expectFull(parties, teamOf, 2, 5);
          expect(cost(parties, teamOf ?? [], 2)).toBeCloseTo(bestCost(parties, 2, 5), 6);
        },
      ),
    );
  });

  it.each([
    [2, 16],
    [4, 8],
    [2, 50],
    [10, 10],
  ])('%d teams of %d: strengths of 0 to 1000 end within one player in a hundred', (teams, size) => {
    const balancer = new TeamBalancer(teams, size);
    fc.assert(
      fc.property(singles(teams * size), (parties) => {
        const teamOf = balancer.balance(parties);
        expectFull(parties, teamOf, teams, size);
        // One player exchanged for another cannot make it better.
        const before = cost(parties, teamOf ?? [], teams);
        for (let i = 0; i < parties.length; i += 7) {
          for (let j = 0; j < parties.length; j += 5) {
            const swapped = [...(teamOf ?? [])];
            [swapped[i], swapped[j]] = [swapped[j] as number, swapped[i] as number];
            expect(cost(parties, swapped, teams)).toBeGreaterThan(before - 1e-6);
          }
        }
      }),
      { numRuns: 5 },
    );
  });

  it('large teams with parties that only fit one way', () => {
    const parties = [6, 6, 6, 5, 5, 5, 5, 4, 4, 4].map((size, i) => ({ size, strength: size * (100 + i) }));
    expectFull(parties, new TeamBalancer(5, 10).balance(parties), 5, 10);
  });
});

describe('packing parties', () => {
  it.each<[number[], number, number, boolean]>([
    [[], 2, 5, true],
    [[5, 5], 2, 5, true],
    [[3, 3, 2, 2], 2, 5, true],
    [[3, 3, 3], 2, 5, false],
    [[4, 4, 2], 2, 5, false],
    // Largest first into the first team with room would fail here.
    [[5, 4, 4, 3, 2, 2], 2, 10, true],
    [[6, 5, 5, 4], 2, 10, true],
    [[6, 6, 4, 2, 2], 2, 10, true],
    [[7, 7, 6], 2, 10, false],
  ])('%j into %d teams of %d: %s', (sizes, teams, size, fits) => {
    const teamOf = packParties(sizes, teams, size);
    expect(teamOf !== undefined).toBe(fits);
    const counts = new Array<number>(teams).fill(0);
    teamOf?.forEach((team, i) => (counts[team] = (counts[team] ?? NaN) + (sizes[i] as number)));
    expect(Math.max(...counts)).toBeLessThanOrEqual(size);
  });
});
