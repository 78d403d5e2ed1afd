import fc from 'fast-check';
import { propose, type Entry, type ProposeInput, type ProposeResult } from '../src/index.js';
import { anyEntries, anyServers, entry, NOW, rules, server } from './population.js';

const shapes: [teams: number, size: number, largest: number][] = [
  [2, 1, 1],
  [2, 2, 1],
  [2, 2, 2],
  [2, 5, 1],
  [2, 5, 5],
  [3, 3, 3],
  [6, 1, 1],
  [2, 9, 9],
];

const strength = ({ players }: Entry) =>
  (players.reduce((sum, { rating }) => sum + rating.mu, 0) / players.length) * 48;

describe.each(shapes)('%d teams of %d, entries of up to %d players', (teams, size, largest) => {
  const queue = rules(teams, size);
  const check = (test: (input: ProposeInput, result: ProposeResult, byId: Map<string, Entry>) => void) =>
    fc.assert(
      fc.property(anyEntries(largest, 40), anyServers, (entries, servers) => {
        const input = { now: NOW, queue, entries, servers };
        test(input, propose(input), new Map(entries.map((e) => [e.id, e])));
      }),
    );

  it('every entry is in one match or left over, never both, never twice', () => {
    check(({ entries }, { matches, leftovers }) => {
      const seen = [
        ...matches.flatMap(({ entryIds }) => entryIds),
        ...leftovers.map(({ entryId }) => entryId),
      ];
      expect(seen.sort()).toEqual(entries.map(({ id }) => id).sort());
    });
  });

  it('teams are full, hold the players of their entries, each once, and parties whole', () => {
    check((_input, { matches }, byId) => {
      for (const match of matches) {
        expect(match.teams.map((team) => team.length)).toEqual(Array.from({ length: teams }, () => size));
        const members = match.entryIds.map((id) => byId.get(id) as Entry);
        const ids = members.flatMap(({ players }) => players.map(({ id }) => id));
        expect(match.teams.flat().sort()).toEqual(ids.sort());
        for (const { players } of members) {
          const homes = players.map(({ id }) => match.teams.findIndex((team) => team.includes(id)));
          expect(new Set(homes).size).toBe(1);
        }
      }
    });
  });

  it('nobody is farther from anybody than the window of the longest waiting allows', () => {
    check((_input, { matches }, byId) => {
      for (const { entryIds, spread, window, lastResort, longestWaitMs } of matches) {
        const members = entryIds.map((id) => byId.get(id) as Entry);
        const strengths = members.map(strength);
        const wait = Math.max(0, ...members.map(({ joinedAt }) => NOW - joinedAt));
        expect(longestWaitMs).toBe(wait);
        expect(window).toBeCloseTo(Math.min(400, 100 + wait / 100), 9);
        expect(spread).toBeCloseTo(Math.max(...strengths) - Math.min(...strengths), 6);
        expect(spread <= window || wait >= 60_000).toBe(true);
        expect(lastResort).toBe(spread > window);
      }
    });
  });

  it('no server gets more than it has places for', () => {
    check(({ servers }, { matches, leftovers }) => {
      for (const { id, free } of servers) {
        expect(matches.filter(({ serverId }) => serverId === id).length).toBeLessThanOrEqual(free);
      }
      const places = servers.reduce((sum, { free }) => sum + free, 0);
      if (leftovers.some(({ reason }) => reason === 'no_server')) expect(matches).toHaveLength(places);
    });
  });

  it('the order of the input makes no difference', () => {
    fc.assert(
      fc.property(
        anyEntries(largest, 40),
        anyServers,
        fc.infiniteStream(fc.nat()),
        (entries, servers, keys) => {
          const shuffled = <T>(list: readonly T[]) =>
            list
              .map((value) => ({ value, key: keys.next().value }))
              .sort((a, b) => a.key - b.key)
              .map(({ value }) => value);
          const result = propose({ now: NOW, queue, entries, servers });
          expect(
            propose({ now: NOW, queue, entries: shuffled(entries), servers: shuffled(servers) }),
          ).toEqual(result);
        },
      ),
    );
  });

  it('a reason given for waiting is true', () => {
    check(({ entries }, { leftovers }) => {
      const players = entries.reduce((sum, { players: list }) => sum + list.length, 0);
      for (const leftover of leftovers) {
        if (leftover.reason === 'window') expect(leftover.nearest).toBeGreaterThan(leftover.window);
        if (leftover.reason === 'not_enough_players') {
          expect(leftover.needed).toBe(teams * size);
          expect(leftover.players).toBeLessThan(leftover.needed);
          expect(leftover.players).toBeLessThanOrEqual(players);
        }
        if (leftover.reason === 'no_fit') expect(largest).toBeGreaterThan(1);
      }
    });
  });

  it('alone with those whom it needs, one beyond the limit is matched, whatever the distance', () => {
    const others = fc.array(fc.integer({ min: -5000, max: 5000 }), {
      minLength: teams * size - 1,
      maxLength: teams * size - 1,
    });
    fc.assert(
      fc.property(others, fc.integer({ min: 60, max: 10_000 }), (points, wait) => {
        const entries = [entry('first', 0, wait), ...points.map((p, i) => entry(`other${i}`, p))];
        const { matches } = propose({ now: NOW, queue, entries, servers: [server('s', 1)] });
        expect(matches).toHaveLength(1);
      }),
    );
  });
});

describe('single players', () => {
  it('after a round, no two who are left could have been matched', () => {
    const queue = rules(2, 1);
    fc.assert(
      fc.property(anyEntries(1, 60), (entries) => {
        const byId = new Map(entries.map((e) => [e.id, e]));
        const { leftovers } = propose({ now: NOW, queue, entries, servers: [server('s', 100)] });
        const left = leftovers.map(({ entryId }) => byId.get(entryId) as Entry);
        left.forEach((a, i) => {
          for (const b of left.slice(i + 1)) {
            const wait = Math.max(0, NOW - a.joinedAt, NOW - b.joinedAt);
            expect(wait).toBeLessThan(60_000);
            expect(Math.abs(strength(a) - strength(b))).toBeGreaterThan(
              Math.min(400, 100 + wait / 100) - 1e-6,
            );
          }
        });
      }),
    );
  });
});
