import Type from 'typebox';
import type { TInteger, TNumber, TSchema, TString, TUnsafe } from 'typebox';

/**
 * No U+0000, which PostgreSQL cannot store, and no lone surrogate, which is no Unicode text and does not survive
 * UTF-8. JSON can spell both with `\u` escapes, so the UTF-8 check of the bytes does not see them. Patterns are
 * matched with the `u` flag: a proper surrogate pair is one code point and passes.
 */
const UNICODE_TEXT = '^[^\\u0000\\ud800-\\udfff]*$';

/** The last millisecond that a `Date` can hold; below 2^53, so every allowed integer is exact. */
const LAST_MILLISECOND = 8_640_000_000_000_000;

/** Unicode text of `min` to `max` code points. */
export function text(min: number, max: number, description: string): TString {
  return Type.String({ minLength: min, maxLength: max, pattern: UNICODE_TEXT, description });
}

/** A UUID in its canonical lower-case text form (RFC 9562 §4), so that equal ids are equal strings. */
export function uuid(description: string): TString {
  return Type.String({
    pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$',
    description,
  });
}

/** An integer of `min` to `max`, both inclusive. */
export function integer(min: number, max: number, description: string): TInteger {
  return Type.Integer({ minimum: min, maximum: max, description });
}

/** Any finite number (JSON can spell ones that overflow to infinity; those are refused). */
export function finite(description: string): TNumber {
  return Type.Number({ description });
}

/** A finite number of `min` to `max`, both inclusive. */
export function between(min: number, max: number, description: string): TNumber {
  return Type.Number({ minimum: min, maximum: max, description });
}

/** A time in Unix milliseconds. */
export function time(description: string): TInteger {
  return integer(0, LAST_MILLISECOND, `${description} (Unix milliseconds)`);
}

/** One of a fixed set of strings. */
export function oneOf<const Values extends readonly string[]>(
  values: Values,
  description: string,
): TUnsafe<Values[number]> {
  return Type.Unsafe<Values[number]>({ type: 'string', enum: [...values], description });
}

/**
 * An object with free names and values of one schema. Written out, because typebox's own `Record` tests only the
 * names that match `^.*$` and a name with a line break does not: its value would go unchecked.
 */
export function record<Value>(
  name: TString,
  value: TSchema & { readonly '~static'?: Value },
  max: number,
  description: string,
): TUnsafe<{ [name: string]: Value }> {
  return Type.Unsafe<{ [name: string]: Value }>({
    type: 'object',
    propertyNames: name,
    additionalProperties: value,
    maxProperties: max,
    description,
  });
}
