import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { canonicalJson, resultDigest, Sealer } from '../src/index.js';

const key = randomBytes(32);

describe('Sealer', () => {
  const sealer = new Sealer(key);

  it('opens what it sealed, whatever the bytes and the row', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.string(), (plaintext, row) => {
        expect(sealer.open('t', row, sealer.seal('t', row, plaintext))).toEqual(Buffer.from(plaintext));
      }),
    );
  });

  it('gives another text each time', () => {
    expect(new Set(Array.from({ length: 100 }, () => sealer.seal('t', 'r', key))).size).toBe(100);
  });

  it.each([
    ['another row', (sealed: string) => sealer.open('t', 'r2', sealed)],
    ['another table', (sealed: string) => sealer.open('t2', 'r', sealed)],
    ['another key', (sealed: string) => new Sealer(randomBytes(32)).open('t', 'r', sealed)],
    ['nothing', () => sealer.open('t', 'r', '')],
    ['a short text', (sealed: string) => sealer.open('t', 'r', sealed.slice(0, 38))],
    ['a cut text', (sealed: string) => sealer.open('t', 'r', sealed.slice(0, -4))],
  ])('does not open under %s', (_, attempt) => {
    const sealed = sealer.seal('t', 'r', Buffer.from('secret'));
    expect(() => attempt(sealed)).toThrow(expect.objectContaining({ code: 'sealed_value' }));
  });

  it('does not open with any bit changed', () => {
    const bytes = Buffer.from(sealer.seal('t', 'r', Buffer.from('secret')), 'base64url');
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const changed = Buffer.from(bytes);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(() => sealer.open('t', 'r', changed.toString('base64url'))).toThrow(
        expect.objectContaining({ code: 'sealed_value' }),
      );
    }
  });

  it('refuses a key of another length', () => {
    expect(() => new Sealer(randomBytes(31))).toThrow(expect.objectContaining({ code: 'invalid_value' }));
  });

  it('derives the same for the same, and another for anything else', () => {
    const base = sealer.derive('join', 'a');
    expect(base).toHaveLength(32);
    expect(new Sealer(key).derive('join', 'a')).toEqual(base);
    for (const other of [
      sealer.derive('join', 'b'),
      sealer.derive('joina', ''),
      sealer.derive('joi', 'na'),
      new Sealer(randomBytes(32)).derive('join', 'a'),
    ]) {
      expect(other).not.toEqual(base);
    }
  });
});

describe('resultDigest', () => {
  it('does not depend on the order of members, but on that of lists', () => {
    expect(resultDigest({ b: [1, 2], a: { d: 1, c: 2 } })).toBe(
      resultDigest({ a: { c: 2, d: 1 }, b: [1, 2] }),
    );
    expect(resultDigest([1, 2])).not.toBe(resultDigest([2, 1]));
  });

  it('takes a member that is undefined for one that is not there', () => {
    expect(canonicalJson({ a: 1, b: undefined })).toBe('{"a":1}');
  });

  it('is the SHA-256 of the canonical text', () => {
    expect(canonicalJson({ z: null, a: [true, 'ü"', 1e21, -0] })).toBe(
      '{"a":[true,"ü\\"",1e+21,0],"z":null}',
    );
    // echo -n '{}' | sha256sum
    expect(resultDigest({})).toBe('44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a');
  });

  it('writes JSON that reads back as the same value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(canonicalJson(value as never))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});
