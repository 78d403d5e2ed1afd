import fc from 'fast-check';
import { radixOrder } from '../src/radix-order.js';

function ordered(keys: readonly number[]): number[] {
  const steps = radixOrder(Float64Array.from(keys));
  for (;;) {
    const step = steps.next();
    if (step.done === true) return [...step.value];
  }
}

it('orders as a stable comparison sort does, whatever the numbers', () => {
  const key = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.constantFrom(0, -0, 1, -1, Number.MIN_VALUE, -Number.MIN_VALUE, Number.MAX_VALUE, 1.7e12, 1.7e12 + 1),
  );
  fc.assert(
    fc.property(fc.array(key, { maxLength: 300 }), (keys) => {
      const expected = [...keys.keys()].sort((a, b) => (keys[a] as number) - (keys[b] as number) || a - b);
      expect(ordered(keys)).toEqual(expected);
    }),
  );
});
