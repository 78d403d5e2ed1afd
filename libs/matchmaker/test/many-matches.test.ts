import { ratingModel } from '@ranked/rating';
import { propose, type Entry, type QueueRules } from '../src/index.js';
import { NOW, rules, server } from './population.js';
import { seeded } from './seeded.js';

const model = ratingModel({ model: 'gaussian' });

function crowd(players: number, largest: number): Entry[] {
  const { uniform, normal } = seeded(players);
  const entries: Entry[] = [];
  for (let left = players, i = 0; left > 0; i++) {
    const size = 1 + Math.floor(uniform() * Math.min(largest, left));
    left -= size;
    entries.push({
      // In an order that is not that of the list.
      id: `e${(i * 7919) % 10_007}`,
      joinedAt: NOW - Math.floor(uniform() * 60_000),
      players: Array.from({ length: size }, (_, k) => ({
        id: `p${i}.${k}`,
        rating: { mu: 25 + 6 * normal(), sigma: 1 + 5 * uniform() },
      })),
    });
  }
  return entries;
}

// Matches are written many at a time: more than that, so that nothing of one is found in another.
describe.each<[string, Partial<QueueRules>, number, number]>([
  ['one against one', rules(2, 1), 1, 1500],
  ['one against one, better search', { ...rules(2, 1), search: { steps: 500 } }, 1, 1500],
  ['four for themselves', rules(4, 1), 1, 1500],
  ['parties of three', rules(2, 3), 3, 1500],
  ['parties of three, better search', { ...rules(2, 3), search: { steps: 100 } }, 3, 1500],
])('%s', (_name, rulesOf, largest, players) => {
  const queue = { ...(rulesOf as QueueRules), model };
  const entries = crowd(players, largest);
  const { matches } = propose({ now: NOW, queue, entries, servers: [server('s1', 900), server('s2', 900)] });
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  const ratings = new Map(entries.flatMap((entry) => entry.players.map(({ id, rating }) => [id, rating])));

  it('every proposal says what its own entries and players are', () => {
    expect(matches.length).toBeGreaterThan(200);
    for (const { entryIds, waits, teams, longestWaitMs, quality, odds } of matches) {
      const members = entryIds.map((id) => byId.get(id) as Entry);
      expect(waits).toEqual(members.map(({ joinedAt }) => NOW - joinedAt));
      expect(longestWaitMs).toBe(Math.max(...waits));
      const ids = members.flatMap((entry) => entry.players.map(({ id }) => id));
      expect(teams.flat().sort()).toEqual(ids.sort());
      const rated = teams.map((team) => team.map((id) => ratings.get(id) ?? model.initial()));
      expect(quality).toBe(model.quality(rated));
      if (teams.length > 2) continue;
      const { win, draw } = model.predict(rated);
      expect(odds).toEqual([...win, draw]);
    }
  });
});
