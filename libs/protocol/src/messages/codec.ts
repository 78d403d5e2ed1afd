import { Compile } from 'typebox/compile';
import type { Static, TSchema } from 'typebox';
import { ProtocolError } from '../errors.js';
import { MAX_PLAINTEXT } from '../frame-format.js';
import { cleanerOf } from './clean.js';
import { parseJson } from './parse-json.js';
import { plainReader, readerOf, REFUSED, type Reader } from './reader.js';

/** Turns values of one schema into plaintext and back. Immutable; one per schema serves everybody. */
export interface Codec<T> {
  /**
   * The value of a plaintext: a new object made only of the members that the schema names.
   *
   * @param plaintext UTF-8, or the text itself
   * @throws ProtocolError `schema`
   */
  decode(plaintext: Uint8Array | string): T;
  /**
   * The plaintext of a value; members that the schema does not name are left out.
   *
   * @throws ProtocolError `schema`; `too-large` beyond 64 KiB
   */
  encode(value: T): Buffer;
}

/**
 * Builds a codec. Its reader is generated on first use as JavaScript that is then evaluated, which Node allows; where code
 * generation is forbidden (`--disallow-code-generation-from-strings`) cleaner and validator walk the schema, with the
 * same verdicts.
 *
 * @param name how errors call the message
 */
export function codecOf<S extends TSchema>(name: string, schema: S): Codec<Static<S>> {
  let reader: Reader | undefined;
  /** Says what is wrong with a value that was refused. */
  let validator: ReturnType<typeof Compile> | undefined;

  function check(raw: unknown): Static<S> {
    reader ??= readerOf(schema) ?? plainReader(schema);
    const value = reader(raw);
    if (value !== REFUSED) return value as Static<S>;
    validator ??= Compile(schema as TSchema);
    const cleaned = cleanerOf(schema)?.(raw) ?? raw;
    throw new ProtocolError('schema', `${name} ${complaint(validator.Errors(cleaned))}`);
  }

  return {
    decode: (plaintext) => check(parseJson(plaintext)),
    encode(value) {
      const plaintext = Buffer.from(JSON.stringify(check(value)), 'utf8');
      if (plaintext.length <= MAX_PLAINTEXT) return plaintext;
      throw new ProtocolError(
        'too-large',
        `${name} takes ${plaintext.length} bytes, more than the ${MAX_PLAINTEXT} of a frame`,
      );
    },
  };
}

/** Where and which rule, never the value: it may hold a secret, and it is the peer's. */
function complaint(errors: readonly { instancePath: string; keyword: string }[]): string {
  const first = errors[0];
  if (first === undefined) return 'does not fit its schema';
  // Paths come from the schema except below free names, which are the peer's words.
  const path = first.instancePath.replace(/\/(stats|latencies)\/.*/s, '/$1').slice(0, 100);
  return `does not fit its schema at "${path}" (${first.keyword})`;
}
