import { describe, expect, test } from '@jest/globals';
import { propose, type ProposeInput } from '@ranked/matchmaker';
import { ratingModel } from '@ranked/rating';
import type { QueueConfig } from '../src/config/queue-config.js';
import { matchmakingRules } from '../src/config/matchmaking-rules.js';
import { StepwiseSearch } from '../src/matchmaking/search/stepwise-search.js';

const DUEL: QueueConfig = {
  ...{ name: 'duel', teams: 2, size: 1, rating: { model: 'gaussian' }, ranks: { provisional: 0.5 } },
  window: { initial: 100, perSecond: 10, max: 400, lastResortAfter: 60 },
};

/** `players` who wait for a duel, by strengths that are no order of theirs. */
function inputOf(players: number): ProposeInput {
  const entries = Array.from({ length: players }, (_, n) => ({
    id: `p${n}`,
    joinedAt: n,
    players: [{ id: `p${n}`, rating: { mu: 20 + ((n * 7919) % 1000) / 100, sigma: 2 } }],
  }));
  const queue = matchmakingRules(DUEL, ratingModel(DUEL.rating));
  return { now: 5_000, queue, entries, servers: [{ id: 's', region: 'eu', free: players }] };
}

describe('a search whose matches are taken as they are found', () => {
  test('gives every match once, in order, and then the answer that the whole search gives', async () => {
    const input = inputOf(8_001);
    const search = new StepwiseSearch(input);
    expect(await search.begin()).toBe(true);
    const taken = [];
    for (const match of search.matches()) {
      // The search has not ended while there are matches to take.
      if (taken.length === 0) expect(() => search.result).toThrow('has not ended');
      taken.push(match);
    }
    const whole = propose(input);
    expect(whole.matches.length).toBeGreaterThan(3_900);
    expect(taken).toEqual(whole.matches);
    expect(search.result).toEqual(whole);
  });

  test('that finds none has its answer at once', async () => {
    const input = inputOf(1);
    const search = new StepwiseSearch(input);
    expect(await search.begin()).toBe(false);
    expect([...search.matches()]).toEqual([]);
    expect(search.result).toEqual(propose(input));
  });
});
