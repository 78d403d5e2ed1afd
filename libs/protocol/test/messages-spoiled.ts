/** A value that differs from a valid one in one place. */
export interface Spoiled {
  readonly what: string;
  readonly value: unknown;
}

const REPLACEMENTS: readonly (readonly [string, unknown])[] = [
  ['null', null],
  ['true', true],
  ['a number', 7],
  ['a fraction', 0.5],
  ['a negative number', -1],
  ['a huge number', 1e300],
  ['a string', 'x'],
  ['an empty string', ''],
  ['a NUL', 'a\u0000b'],
  ['a lone surrogate', 'a\ud800b'],
  ['a string of 5,000', 'y'.repeat(5000)],
  ['an object', {}],
  ['an empty list', []],
  ['a list of lists', [[]]],
  ['a list of 1,001 nulls', Array.from({ length: 1001 }, () => null)],
];

/** Every value that comes from taking away one member, or from putting something else in its place, at any depth. */
export function* spoil(value: unknown, path = ''): Generator<Spoiled> {
  for (const [name, replacement] of REPLACEMENTS) {
    yield { what: `${path || 'the whole'} is ${name}`, value: replacement };
  }
  if (Array.isArray(value)) {
    const list: readonly unknown[] = value;
    for (const [i, item] of list.entries()) {
      for (const spoiled of spoil(item, `${path}/${i}`)) {
        yield { what: spoiled.what, value: list.with(i, spoiled.value) };
      }
    }
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, member] of Object.entries(value)) {
      yield {
        what: `${path}/${name} is missing`,
        value: Object.fromEntries(Object.entries(value).filter(([other]) => other !== name)),
      };
      for (const spoiled of spoil(member, `${path}/${name}`)) {
        yield { what: spoiled.what, value: { ...value, [name]: spoiled.value } };
      }
    }
  }
}
