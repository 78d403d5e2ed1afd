import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import fc from 'fast-check';
import { isCanonicalSignature } from '../src/index.js';
import { publicKeyFromSeed, signMessage, verifySignature } from '../src/signature.js';
import { bytes, hex, readVectors } from './vectors.js';

interface Wycheproof {
  groups: {
    publicKey: string;
    tests: { id: number; flags: string[]; comment: string; msg: string; sig: string; valid: boolean }[];
  }[];
}
const wycheproof = readVectors<Wycheproof>('./vectors/ed25519.json');
const cases = wycheproof.groups.flatMap(({ publicKey, tests }) =>
  tests.map((one) => ({ ...one, publicKey })),
);

test('all the cases are there, malleable signatures among them', () => {
  expect(cases).toHaveLength(151);
  expect(cases.filter(({ flags }) => flags.includes('SignatureMalleability'))).toHaveLength(8);
});

test.each(cases)('Wycheproof $id: $valid $flags $comment', ({ publicKey, msg, sig, valid }) => {
  expect(verifySignature(bytes(msg), bytes(sig), bytes(publicKey))).toBe(valid);
});

const L = 2n ** 252n + 27742317777372353535851937790883648493n;
const withS = (s: bigint): Uint8Array => {
  const signature = new Uint8Array(64);
  signature.set(bytes(s.toString(16).padStart(64, '0')).reverse(), 32);
  return signature;
};

test.each([
  ['0', 0n, true],
  ['1', 1n, true],
  ['2^252 - 1', 2n ** 252n - 1n, true],
  ['L - 1', L - 1n, true],
  ['L', L, false],
  ['L + 1', L + 1n, false],
  ['2^253', 2n ** 253n, false],
  ['2^256 - 1', 2n ** 256n - 1n, false],
])('S = %s is canonical: %s', (_name, s, canonical) => {
  expect(isCanonicalSignature(withS(s))).toBe(canonical);
});

test('S is canonical exactly when it is below L', () => {
  const near = fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }).map((distance) => L + distance);
  const anywhere = fc.bigInt({ min: 0n, max: 2n ** 256n - 1n });
  fc.assert(
    fc.property(fc.oneof(near, anywhere), (s) => {
      expect(isCanonicalSignature(withS(s))).toBe(s < L);
    }),
    { numRuns: 500 },
  );
});

test.each([0, 63, 65])('a signature of %i bytes is not canonical', (length) => {
  expect(isCanonicalSignature(new Uint8Array(length))).toBe(false);
});

test('keys and signatures are those of node:crypto, and each verifies the other', () => {
  const seeds = fc.uint8Array({ minLength: 32, maxLength: 32 });
  fc.assert(
    fc.property(seeds, fc.uint8Array({ maxLength: 200 }), (seed, message) => {
      const prefix = Buffer.from('302e020100300506032b657004220420', 'hex');
      const key = createPrivateKey({ key: Buffer.concat([prefix, seed]), format: 'der', type: 'pkcs8' });
      const raw = createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32);
      const signature = signMessage(message, seed);
      expect(hex(publicKeyFromSeed(seed))).toBe(hex(raw));
      expect(hex(signature)).toBe(hex(sign(null, message, key)));
      expect(verify(null, message, createPublicKey(key), signature)).toBe(true);
      expect(verifySignature(message, signature, publicKeyFromSeed(seed))).toBe(true);
    }),
    { numRuns: 15 },
  );
});
