import fc from 'fast-check';
import { radixOrder } from '../src/radix-order.js';

function ordered(keys: readonly number[]): number[] {
  const steps = radixOrder(Float64Array.from(keys));
  for (;;) {
    const step = steps.next();
    if (step.done === true) return [...step.value];
  }
}

const anyKey = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(0, -0, 1, -1, Number.MIN_VALUE, -Number.MIN_VALUE, Number.MAX_VALUE, 1.7e12, 1.7e12 + 1),
);
/** Times of joining: many in one millisecond. */
const time = fc.integer({ min: 0, max: 60 }).map((ms) => 1.7e12 + ms);
const strength = fc.double({ min: -1000, max: 3000, noNaN: true });
/** One far from all others, so that these share a bucket. */
const outlier = fc.oneof({ weight: 1, arbitrary: fc.constant(1e300) }, { weight: 50, arbitrary: strength });

it.each([
  ['any numbers', anyKey],
  ['times', time],
  ['strengths', strength],
  ['strengths and outliers', outlier],
])('orders %s as a stable comparison sort does', (_name, key) => {
  fc.assert(
    fc.property(fc.array(key, { maxLength: 2000, size: 'max' }), (keys) => {
      const expected = [...keys.keys()].sort((a, b) => (keys[a] as number) - (keys[b] as number) || a - b);
      expect(ordered(keys)).toEqual(expected);
    }),
    { numRuns: 60 },
  );
});

it.each([10, 400, 1000])('hands back %d keys in that order', (length) => {
  fc.assert(
    fc.property(fc.array(outlier, { minLength: length, maxLength: length }), (keys) => {
      const sorted = new Float64Array(length);
      for (const steps = radixOrder(Float64Array.from(keys), sorted); steps.next().done !== true;);
      expect(sorted).toEqual(Float64Array.from(ordered(keys), (place) => keys[place] as number));
    }),
    { numRuns: 10 },
  );
});
