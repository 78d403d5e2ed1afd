import fc from 'fast-check';
import type { Entry, QueueRules } from '@ranked/matchmaker';
import { gaussian } from '@ranked/rating';
import { firstComePolicy } from '../src/first-come-policy.js';

const model = gaussian({ beta: 25 / 6 });
const rules = (teams: number, size: number): QueueRules => ({
  name: 'q',
  teams,
  size,
  window: { initial: 100, perSecond: 10, max: 400 },
  latency: { good: 50, max: 100 },
  model,
});
/** `points` above the mean: 48 are one unit of mu. */
const entry = (
  id: string,
  points: number,
  size = 1,
  latencies: Record<string, number> = { eu: 30 },
): Entry => ({
  id,
  joinedAt: 0,
  players: Array.from({ length: size }, (_, i) => ({
    id: `${id}.${i}`,
    rating: { mu: 25 + points / 48, sigma: 2 },
    latencies,
  })),
});
const matched = (queue: QueueRules, window: number, entries: Entry[], regions = ['eu', 'us']) =>
  firstComePolicy(queue, regions, window, 'p').match(0, entries);

test('the longest waiting takes the next in the queue within the window, not the nearest', () => {
  const entries = [entry('a', 0), entry('far', 101), entry('b', 90), entry('near', 1)];
  expect(matched(rules(2, 1), 100, entries).map(({ entryIds }) => entryIds)).toEqual([
    ['a', 'b'],
    ['far', 'near'],
  ]);
  expect(matched(rules(2, 1), Infinity, entries)[0]?.entryIds).toEqual(['a', 'far']);
  expect(matched(rules(2, 1), 0.5, entries)).toEqual([]);
});

test('who shares no region does not meet, and the match is played where the slowest is nearest', () => {
  const entries = [
    entry('a', 0, 1, { eu: 90, us: 40 }),
    entry('b', 0, 1, { eu: 20, us: 101 }),
    entry('c', 0, 1, { eu: 101, us: 60 }),
  ];
  expect(matched(rules(2, 1), 100, entries)).toEqual([
    { entryIds: ['a', 'b'], teams: [['a.0'], ['b.0']], region: 'eu' },
  ]);
  expect(matched(rules(2, 1), 100, [entries[0]!, entries[2]!])[0]?.region).toBe('us');
  expect(matched(rules(2, 1), 100, [entries[1]!, entries[2]!])).toEqual([]);
});

test('teams are full, parties whole, nobody plays twice and nobody is out of the first one’s window', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.record({ points: fc.integer({ min: -300, max: 300 }), size: fc.integer({ min: 1, max: 3 }) }),
        {
          maxLength: 40,
        },
      ),
      (list) => {
        const entries = list.map(({ points, size }, i) => entry(`e${i}`, points, size));
        const byId = new Map(entries.map((one, i) => [one.id, { one, points: list[i]!.points }]));
        const matches = matched(rules(2, 3), 150, entries);
        const players = matches.flatMap(({ teams }) => teams.flat());
        expect(new Set(players).size).toBe(players.length);
        for (const { teams, entryIds } of matches) {
          expect(teams.map((team) => team.length)).toEqual([3, 3]);
          const first = byId.get(entryIds[0]!)!.points;
          for (const id of entryIds) {
            const { one, points } = byId.get(id)!;
            expect(Math.abs(points - first)).toBeLessThanOrEqual(150);
            const homes = new Set(
              one.players.map((player) => teams.findIndex((team) => team.includes(player.id))),
            );
            expect(homes.size).toBe(1);
          }
        }
      },
    ),
  );
});
