import fc from 'fast-check';
import { hashText, IdIndex } from '../src/id-index.js';

function filled(ids: readonly string[]): { index: IdIndex; repeated: number | undefined } {
  const index = new IdIndex(ids, Int32Array.from(ids, hashText));
  const steps = index.fill();
  for (;;) {
    const step = steps.next();
    if (step.done === true) return { index, repeated: step.value };
  }
}

const id = fc.oneof(fc.string({ minLength: 1, maxLength: 3 }), fc.uuid());

it('finds each id where it is, and no other', () => {
  fc.assert(
    fc.property(fc.uniqueArray(id, { maxLength: 200 }), id, (ids, other) => {
      const { index, repeated } = filled(ids);
      expect(repeated).toBeUndefined();
      ids.forEach((one, place) => expect(index.placeOf(one)).toBe(place));
      if (!ids.includes(other)) expect(index.placeOf(other)).toBeUndefined();
    }),
  );
});

it('names the first place whose id stands at an earlier place too', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 1 }), { maxLength: 60 }), (ids) => {
      const expected = ids.findIndex((one, place) => ids.indexOf(one) < place);
      expect(filled(ids).repeated).toBe(expected < 0 ? undefined : expected);
    }),
  );
});

it('tells ids apart whose hashes are equal', () => {
  const ids = ['a', 'b', 'c', 'a'];
  const steps = new IdIndex(ids, new Int32Array(4)).fill();
  expect(steps.next()).toEqual({ done: true, value: 3 });
});
