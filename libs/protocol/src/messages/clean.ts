import type { TSchema } from 'typebox';

type Cleaner = (value: unknown) => unknown;

/** Has no prototype itself, and nobody can hang anything there. */
const NOTHING = Object.freeze(Object.create(null) as object);

/**
 * A class of clean objects. Its prototype has no prototype, so neither a member of Object.prototype nor what
 * somebody hung there can be mistaken for a member of a message; unlike `Object.create(null)`, V8 keeps such
 * objects in their fast form. Each schema has a class of its own, whose objects V8 makes of the right size.
 */
export function bareClass(): new () => Record<string, unknown> {
  const Bare = function Bare() {} as unknown as new () => Record<string, unknown>;
  Object.defineProperty(Bare, 'prototype', { value: NOTHING });
  return Bare;
}

/**
 * Builds the function that copies of a value only what the schema names: known own members, deeply. What has the
 * wrong type is copied as it is, for the validator to refuse. Without a cleaner (undefined) the value has no
 * members to choose from.
 */
export function cleanerOf(schema: TSchema): Cleaner | undefined {
  const { type, properties, additionalProperties, items } = schema as {
    type?: unknown;
    properties?: Record<string, TSchema>;
    additionalProperties?: TSchema;
    items?: TSchema;
  };
  if (type === 'array') return arrayCleaner(items);
  if (type !== 'object') return undefined;
  return properties === undefined ? recordCleaner(additionalProperties) : objectCleaner(properties);
}

function objectCleaner(properties: Record<string, TSchema>): Cleaner {
  const members = Object.entries(properties).map(([name, schema]) => ({ name, clean: cleanerOf(schema) }));
  const Bare = bareClass();
  return (value) => {
    if (!isObject(value)) return value;
    const copy = new Bare();
    for (const { name, clean } of members) {
      if (!Object.hasOwn(value, name)) continue;
      const member = value[name];
      if (member !== undefined) copy[name] = clean === undefined ? member : clean(member);
    }
    return copy;
  };
}

function recordCleaner(schema: TSchema | undefined): Cleaner {
  const clean = schema === undefined ? undefined : cleanerOf(schema);
  const Bare = bareClass();
  return (value) => {
    if (!isObject(value)) return value;
    const copy = new Bare();
    for (const name of Object.keys(value)) {
      if (name === '__proto__') continue;
      const member = value[name];
      copy[name] = clean === undefined ? member : clean(member);
    }
    return copy;
  };
}

function arrayCleaner(schema: TSchema | undefined): Cleaner {
  const clean = schema === undefined ? undefined : cleanerOf(schema);
  return (value) => {
    if (!Array.isArray(value)) return value;
    const list: readonly unknown[] = value;
    const copy: unknown[] = [];
    // By index, so that a hole becomes `undefined` and is refused; array methods pass over holes.
    for (let i = 0; i < list.length; i++) {
      const item = list[i];
      copy.push(clean === undefined ? item : clean(item));
    }
    return copy;
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
