import fc from 'fast-check';
import type { Entry, Player, QueueRules, ServerSlot } from '../src/index.js';
import { NOW, rules } from './population.js';

const REGIONS = ['as', 'eu', 'us'];
const ROLES = ['damage', 'healer', 'tank'];

/** Rules with any of the limits and wishes. */
export function anyRules(teams: number, size: number): fc.Arbitrary<QueueRules> {
  return fc
    .record(
      {
        parties: fc.constantFrom(
          'mixed' as const,
          'against-parties-first' as const,
          'only-against-parties' as const,
        ),
        roles: fc.constantFrom<Record<string, number>>(
          { tank: 1 },
          size > 1 ? { tank: 1, healer: 1 } : { healer: 1 },
        ),
        latency: fc.constant({ good: 40, max: 100 }),
        repeats: fc.constantFrom('avoid' as const, 'allow' as const),
        build: fc.constantFrom('1', '2'),
        probationShare: fc.constantFrom(0, 0.5, 1),
        search: fc.constantFrom('fast' as const, { steps: 300 }),
      },
      { requiredKeys: [] },
    )
    .map((wished) => ({ ...rules(teams, size), ...wished }));
}

export const anyServersOfAKind: fc.Arbitrary<ServerSlot[]> = fc
  .array(
    fc.record(
      {
        region: fc.constantFrom(...REGIONS),
        free: fc.integer({ min: 0, max: 4 }),
        build: fc.constantFrom('1', '2'),
        probation: fc.boolean(),
        failedLately: fc.boolean(),
      },
      { requiredKeys: ['region', 'free'] },
    ),
    { maxLength: 8 },
  )
  .map((list) => list.map((slot, i) => ({ id: `s${(i * 5) % 11}`, ...slot })));

/** Entries whose players name each other, some measured to some regions. */
export function anyWishfulEntries(largest: number, maxLength: number): fc.Arbitrary<Entry[]> {
  const names = fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 3 });
  const player = fc.record({
    mu: fc.integer({ min: 20, max: 32 }),
    latencies: fc.option(
      fc.dictionary(fc.constantFrom(...REGIONS), fc.constantFrom(10, 60, 100, 101, 300), { maxKeys: 3 }),
      { freq: 2 },
    ),
    roles: fc.option(fc.subarray(ROLES), { freq: 1 }),
    blocked: fc.option(names, { freq: 1 }),
    lastOpponents: fc.option(names, { freq: 1 }),
  });
  const wait = fc.constantFrom(0, 1000, 20_000, 59_999, 60_000, 90_000);
  return fc
    .array(fc.record({ wait, players: fc.array(player, { minLength: 1, maxLength: largest }) }), {
      maxLength,
    })
    .map((list) => {
      let count = 0;
      return list.map(({ wait: ms, players }, i) => ({
        id: `e${(i * 7919) % 1009}`,
        joinedAt: NOW - ms,
        players: players.map(({ mu, latencies, roles, blocked, lastOpponents }): Player => ({
          id: `p${count++}`,
          rating: { mu, sigma: 2 },
          ...(latencies && { latencies }),
          ...(roles && { roles }),
          ...(blocked && { blocked: blocked.map((name) => `p${name}`) }),
          ...(lastOpponents && { lastOpponents: lastOpponents.map((name) => `p${name}`) }),
        })),
      }));
    });
}
