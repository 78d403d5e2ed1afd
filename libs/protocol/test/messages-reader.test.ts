import fc from 'fast-check';
import Type from 'typebox';
import type { TSchema } from 'typebox';
import { MESSAGE_TABLE } from '../src/messages/index.js';
import { finite, integer, oneOf, record, text, uuid } from '../src/messages/fields.js';
import { plainReader, readerOf, REFUSED, type Reader } from '../src/messages/reader.js';
import { SAMPLES } from './messages-samples.js';
import { spoil } from './messages-spoiled.js';

/** The generated reader, and the plain one that its verdicts must be those of. */
function readersOf(schema: TSchema): { generated: Reader; plain: Reader } {
  const generated = readerOf(schema);
  if (generated === undefined) throw new Error('this Node forbids code generation');
  return { generated, plain: plainReader(schema) };
}

/** Both readers say the same; returns what they say. */
function agreed(schema: TSchema, value: unknown): unknown {
  const { generated, plain } = readersOf(schema);
  const read = generated(value);
  expect(read).toEqual(plain(value));
  return read;
}

describe('the generated reader and the plain one agree', () => {
  test.each(
    SAMPLES.map((sample) => [`${sample.service} ${sample.direction} ${sample.type}`, sample] as const),
  )(
    '%s: whole, without each of its members, and with each of them replaced',
    (_, { service, direction, type, full }) => {
      const schemas: Readonly<Record<number, TSchema>> = MESSAGE_TABLE[service][direction];
      const { generated, plain } = readersOf(schemas[type] as TSchema);
      expect(generated(full)).toEqual(full);
      for (const { value } of spoil(full)) expect(generated(value)).toEqual(plain(value));
    },
  );

  const everyKind = Type.Object({
    name: text(1, 3, 'Text.'),
    id: Type.Optional(uuid('An id.')),
    whole: Type.Optional(integer(-1, 2, 'Whole.')),
    real: Type.Optional(finite('Real.')),
    flag: Type.Optional(Type.Boolean()),
    kind: Type.Optional(oneOf(['a', 'b'], 'Kind.')),
    list: Type.Optional(Type.Array(text(0, 1, 'Item.'), { minItems: 1, maxItems: 2 })),
    inner: Type.Optional(Type.Object({ 'odd "name"\n': Type.Boolean(), deep: Type.Array(Type.Object({})) })),
    free: Type.Optional(record<number>(text(1, 2, 'Name.'), finite('Value.'), 2, 'Free names.')),
  });

  test.each<[string, unknown, boolean]>([
    ['the least', { name: 'a' }, true],
    ['three code points in six units', { name: '🎲🎲🎲' }, true],
    ['four code points', { name: '🎲🎲🎲🎲' }, false],
    ['none', { name: '' }, false],
    ['a lone surrogate', { name: '\ud800' }, false],
    ['an inherited name', Object.create({ name: 'a' }) as unknown, false],
    ['a member set to undefined', { name: 'a', id: undefined }, true],
    ['null where a member is optional', { name: 'a', real: null }, false],
    ['an infinite number', { name: 'a', real: Infinity }, false],
    ['the least integer', { name: 'a', whole: -1 }, true],
    ['one below it', { name: 'a', whole: -2 }, false],
    ['a fraction', { name: 'a', whole: 0.5 }, false],
    ['one of an enumeration', { name: 'a', kind: 'b' }, true],
    ['none of it', { name: 'a', kind: 'c' }, false],
    ['an empty list', { name: 'a', list: [] }, false],
    ['two items', { name: 'a', list: ['', 'x'] }, true],
    ['three items', { name: 'a', list: ['', '', ''] }, false],
    // A hole, which no JSON has but a caller who encodes may.
    ['a hole', { name: 'a', list: Array.from({ length: 2 }).fill('x', 1) }, false],
    ['a list for an object', { name: 'a', inner: [] }, false],
    ['an odd name', { name: 'a', inner: { 'odd "name"\n': true, deep: [{ gone: 1 }] } }, true],
    ['free names', { name: 'a', free: { x: 1, yy: 2 } }, true],
    ['too many free names', { name: 'a', free: { x: 1, y: 2, z: 3 } }, false],
    ['a free name that is too long', { name: 'a', free: { xxx: 1 } }, false],
    ['a string', 'a', false],
    ['nothing', null, false],
  ])('%s', (_, value, fits) => expect(agreed(everyKind, value) !== REFUSED).toBe(fits));

  test('any value at all', () => {
    const { generated, plain } = readersOf(everyKind);
    const part = fc.oneof(fc.anything(), fc.constantFrom('a', 1, true, ['x'], { x: 1 }));
    const names = Object.keys((everyKind as { properties: object }).properties);
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...names), part), (value) => {
        expect(generated(value)).toEqual(plain(value));
      }),
      { numRuns: 500 },
    );
  });
});

test('a keyword that the generated reader does not know is obeyed all the same', () => {
  const schema = Type.Object({ even: Type.Integer({ multipleOf: 2 }) });
  expect(agreed(schema, { even: 4 })).toEqual({ even: 4 });
  expect(agreed(schema, { even: 5 })).toBe(REFUSED);
});
