import { describe, expect, test } from '@jest/globals';
import { addressKey } from '../src/limits/address-key.js';
import { TokenBuckets } from '../src/limits/token-buckets.js';
import { ManualClock } from './support/manual-clock.js';

describe('token buckets', () => {
  test('let a burst through, then the lasting rate', () => {
    const clock = new ManualClock();
    const buckets = new TokenBuckets(clock, { perSecond: 2, burst: 3, maxKeys: 10 });
    expect([1, 2, 3].map(() => buckets.take('a'))).toEqual([0, 0, 0]);
    expect(buckets.take('a')).toBe(500);
    clock.advance(499);
    expect(buckets.take('a')).toBe(1);
    clock.advance(1);
    expect(buckets.take('a')).toBe(0);
    expect(buckets.take('a')).toBe(500);
    expect(buckets.counters).toMatchObject({ taken: 4, refused: 3 });
  });

  test('a refused attempt costs nothing: the promised time is kept', () => {
    const clock = new ManualClock();
    const buckets = new TokenBuckets(clock, { perSecond: 1, burst: 1, maxKeys: 10 });
    buckets.take('a');
    const waitMs = buckets.take('a');
    for (let i = 0; i < 50; i++) buckets.take('a');
    clock.advance(waitMs);
    expect(buckets.take('a')).toBe(0);
  });

  test('a long pause gives no more than the burst', () => {
    const clock = new ManualClock();
    const buckets = new TokenBuckets(clock, { perSecond: 100, burst: 2, maxKeys: 10 });
    buckets.take('a');
    clock.advance(3_600_000);
    expect([1, 2, 3].map(() => buckets.take('a') === 0)).toEqual([true, true, false]);
  });

  test('rates that are no whole number of milliseconds keep their promise', () => {
    const clock = new ManualClock();
    const buckets = new TokenBuckets(clock, { perSecond: 0.3, burst: 7, maxKeys: 10 });
    for (let i = 0; i < 200; i++) {
      const waitMs = buckets.take('a');
      if (waitMs > 0) {
        clock.advance(waitMs);
        expect(buckets.take('a')).toBe(0);
      }
    }
    expect(buckets.counters.refused).toBeGreaterThan(50);
  });

  test('keys do not share', () => {
    const buckets = new TokenBuckets(new ManualClock(), { perSecond: 1, burst: 1, maxKeys: 10 });
    expect([buckets.take('a'), buckets.take('b')]).toEqual([0, 0]);
  });

  test('a flood of keys is forgotten, the one in use is not', () => {
    const buckets = new TokenBuckets(new ManualClock(), { perSecond: 1, burst: 1, maxKeys: 100 });
    buckets.take('attacker');
    for (let i = 0; i < 10_000; i++) {
      buckets.take(`flood ${i}`);
      expect(buckets.take('attacker')).toBeGreaterThan(0);
    }
    expect(buckets.size).toBe(100);
    expect(buckets.counters.forgotten).toBe(10_001 - 100);
  });
});

describe('the key of an address', () => {
  test.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::9', '2001:db8:1:2::/64'],
    ['2001:0db8:0001:0002::9', '2001:db8:1:2::/64'],
    ['2001:DB8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['64:ff9b::192.0.2.7', '64:ff9b:0:0::/64'],
    [undefined, 'unknown'],
    ['', ''],
  ])('%p is %p', (address, key) => expect(addressKey(address)).toBe(key));
});
