import fc from 'fast-check';
import { gaussian } from '@ranked/rating';
import type { Entry, QueueRules, ServerSlot } from '../src/index.js';

export const NOW = 1_700_000_000_000;

/** Rules with a window of 100 points that grows by 10 a second up to 400, and a last resort after a minute. */
export function rules(teams: number, size: number, window: Partial<QueueRules['window']> = {}): QueueRules {
  return {
    name: `${teams}x${size}`,
    teams,
    size,
    window: { initial: 100, perSecond: 10, max: 400, lastResortAfter: 60, ...window },
    model: gaussian({ beta: 25 / 6 }),
  };
}

/** An entry whose players all stand `points` above the mean (48 points are one unit of mu) and that waited for `seconds`. */
export function entry(id: string, points: number, seconds = 0, players = 1): Entry {
  return {
    id,
    joinedAt: NOW - seconds * 1000,
    players: Array.from({ length: players }, (_, i) => ({
      id: `${id}.${i}`,
      rating: { mu: 25 + points / 48, sigma: 2 },
    })),
  };
}

export const server = (id: string, free: number): ServerSlot => ({ id, region: 'eu', free });

/** Entries of up to `largest` players, many with equal ratings and equal times. */
export function anyEntries(largest: number, maxLength: number): fc.Arbitrary<Entry[]> {
  const rating = fc.record({
    mu: fc.oneof(fc.integer({ min: 20, max: 30 }), fc.double({ min: -20, max: 70, noNaN: true })),
    sigma: fc.double({ min: 0.1, max: 9, noNaN: true }),
  });
  const wait = fc.oneof(fc.constantFrom(0, 1000, 59_999, 60_000), fc.integer({ min: -1000, max: 90_000 }));
  return fc
    .array(fc.record({ wait, ratings: fc.array(rating, { minLength: 1, maxLength: largest }) }), {
      maxLength,
    })
    .map((list) =>
      list.map(({ wait: ms, ratings }, i) => ({
        // Ids in an order that is not that of the list.
        id: `e${(i * 7919) % 1009}`,
        joinedAt: NOW - ms,
        players: ratings.map((r, k) => ({ id: `p${i}.${k}`, rating: r })),
      })),
    );
}

export const anyServers: fc.Arbitrary<ServerSlot[]> = fc
  .array(fc.integer({ min: 0, max: 6 }), { maxLength: 6 })
  .map((free) => free.map((places, i) => server(`s${(i * 5) % 7}`, places)));
