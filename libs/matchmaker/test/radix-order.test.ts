import fc from 'fast-check';
import { radixOrder } from '../src/radix-order.js';

it('orders as a stable comparison sort does, whatever the numbers', () => {
  const key = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.constantFrom(0, -0, 1, -1, Number.MIN_VALUE, -Number.MIN_VALUE, Number.MAX_VALUE, 1.7e12, 1.7e12 + 1),
  );
  fc.assert(
    fc.property(fc.array(key, { maxLength: 300 }), (keys) => {
      const indices = Uint32Array.from(keys, (_, i) => i);
      const expected = [...indices].sort((a, b) => (keys[a] as number) - (keys[b] as number) || a - b);
      expect([...radixOrder(indices, Float64Array.from(keys))]).toEqual(expected);
      expect([...indices]).toEqual([...keys.keys()]);
    }),
  );
});
