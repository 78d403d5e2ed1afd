import { ChallengeCache } from '../src/index.js';
import { TestClock } from './channel-fixture.js';

function challenge(n: number): Buffer {
  const bytes = Buffer.alloc(64);
  bytes.writeUInt32LE(n, 60);
  return bytes;
}

test('seen for 240 s, both ends inclusive, and forgotten then', () => {
  const clock = new TestClock();
  const cache = new ChallengeCache({ now: clock.now });
  expect(cache.add(challenge(1))).toBe(true);
  clock.ms += 240_000;
  expect(cache.add(challenge(1))).toBe(false);
  clock.ms += 1;
  expect(cache.add(challenge(2))).toBe(true);
  expect(cache.size).toBe(1);
  expect(cache.add(challenge(1))).toBe(true);
});

test('a second sight does not prolong the first', () => {
  const clock = new TestClock();
  const cache = new ChallengeCache({ now: clock.now, ttlMs: 10 });
  cache.add(challenge(1));
  clock.ms += 10;
  expect(cache.add(challenge(1))).toBe(false);
  clock.ms += 1;
  expect(cache.add(challenge(1))).toBe(true);
});

test('never more than its capacity: the oldest goes, counted', () => {
  const clock = new TestClock();
  const cache = new ChallengeCache({ now: clock.now, capacity: 100 });
  for (let i = 0; i < 250; i++) expect(cache.add(challenge(i))).toBe(true);
  expect(cache.size).toBe(100);
  expect(cache.evicted).toBe(150);
  expect(cache.add(challenge(249))).toBe(false);
  expect(cache.add(challenge(150))).toBe(false);
  expect(cache.add(challenge(149))).toBe(true);
});

test('a clock that steps back forgets nothing early', () => {
  const clock = new TestClock();
  const cache = new ChallengeCache({ now: clock.now });
  cache.add(challenge(1));
  clock.ms -= 100_000;
  cache.add(challenge(2));
  expect(cache.add(challenge(1))).toBe(false);
  clock.ms += 240_001;
  expect(cache.add(challenge(1))).toBe(false);
});

test('what is put in is copied: the frame’s memory may be reused', () => {
  const cache = new ChallengeCache({ now: () => 0 });
  const bytes = challenge(1);
  cache.add(bytes);
  bytes.fill(7);
  expect(cache.add(bytes)).toBe(true);
  expect(cache.add(challenge(1))).toBe(false);
});
