import fc from 'fast-check';
import { EventQueue } from '../src/event-queue.js';

test('events come by their time, those of one moment in the order in which they were scheduled', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(20)), fc.array(fc.nat(20)), (early, late) => {
      const queue = new EventQueue<number>();
      const expected: { at: number; event: number }[] = [];
      const taken: { at: number; event: number }[] = [];
      const put = (at: number) => {
        queue.schedule(at, expected.length);
        expected.push({ at, event: expected.length });
      };
      early.forEach(put);
      // Some are taken before the rest is scheduled, as in a run: what comes later lies in the future.
      for (let i = 0; i < early.length / 2; i++) taken.push(queue.next()!);
      const now = taken.at(-1)?.at ?? 0;
      late.forEach((after) => put(now + after));
      for (let next = queue.next(); next !== undefined; next = queue.next()) taken.push(next);
      expected.sort((a, b) => a.at - b.at || a.event - b.event);
      expect(taken.map(({ at, event }) => ({ at, event }))).toEqual(expected);
      expect(queue.length).toBe(0);
    }),
  );
});
