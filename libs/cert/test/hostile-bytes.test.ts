import { createPublicKey, verify } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import {
  CertError,
  certificateStatus,
  decodeCertificate,
  decodePublicPart,
  encodeCertificate,
  issueCertificate,
  randomCertificateFields,
  signedBytes,
  uuidFromBytes,
  uuidToBytes,
  verifyCertificate,
  type Certificate,
} from '../src/index.js';
import { bytes, certificateVectors, codeOf, hex } from './vectors.js';

const [vector] = certificateVectors;
if (!vector) throw new Error('no vectors');
const file = bytes(vector.file);
const publicKey = bytes(vector.masterPublicKey);

/** Random bytes, and bytes that look ever more like a certificate, so that every reject rule is reached. */
const nearly = fc
  .tuple(fc.uint8Array({ minLength: 133, maxLength: 133 }), fc.integer({ min: 0, max: 133 }))
  .map(([noise, kept]) =>
    Uint8Array.from(noise, (byte, index) => (index < kept ? (file[index] ?? 0) : byte)),
  );
const anything = fc.oneof(fc.uint8Array({ maxLength: 300 }), nearly);

test('decoding any bytes gives a certificate that encodes to them again, or a CertError', () => {
  fc.assert(
    fc.property(anything, (input) => {
      try {
        expect(hex(encodeCertificate(decodeCertificate(input)))).toBe(hex(input));
      } catch (error) {
        expect(error).toBeInstanceOf(CertError);
      }
    }),
    { numRuns: 2000 },
  );
});

test('decoding any public part throws nothing but a CertError', () => {
  const input = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    nearly.map((near) => near.subarray(32)),
  );
  fc.assert(
    fc.property(input, (part) => {
      try {
        decodePublicPart(part);
      } catch (error) {
        expect(error).toBeInstanceOf(CertError);
      }
    }),
    { numRuns: 1000 },
  );
});

test('values that are no bytes at all are refused with a code', () => {
  for (const value of [undefined, null, 'S2SC', 133, {}, [1, 2, 3], new ArrayBuffer(133), { length: 133 }]) {
    expect(codeOf(() => decodeCertificate(value as unknown as Uint8Array), CertError)).toBe('length');
  }
});

const flipped = (bit: number): Uint8Array =>
  Uint8Array.from(file, (byte, index) => (index === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));

/** Whether `input` is still a certificate for `verifier`; a refusal by the decoder must be a CertError. */
function accepted(input: Uint8Array, verifier: (certificate: Certificate) => boolean): boolean {
  try {
    return verifier(decodeCertificate(input));
  } catch (error) {
    expect(error).toBeInstanceOf(CertError);
    return false;
  }
}

test('no bit of the 1064 is lost on the way: flipped alone, it is found by decoding or by node:crypto', () => {
  const key = createPublicKey({
    key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(publicKey).toString('base64url') },
    format: 'jwk',
  });
  const byNode = (one: Certificate): boolean => verify(null, signedBytes(one), key, one.signature);
  expect(accepted(file, byNode)).toBe(true);
  const unnoticed = Array.from({ length: 1064 }, (_, bit) => bit).filter((bit) =>
    accepted(flipped(bit), byNode),
  );
  expect(unnoticed).toEqual([]);
});

test('a flipped bit anywhere is found by decoding or by verifyCertificate', () => {
  const ours = (one: Certificate): boolean => verifyCertificate(one, publicKey);
  expect(accepted(file, ours)).toBe(true);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1063 }), (bit) => {
      expect(accepted(flipped(bit), ours)).toBe(false);
    }),
    { numRuns: 100 },
  );
});

test('whatever is issued is read back, verifies, and is valid exactly between its dates', () => {
  const thirtyTwo = fc.uint8Array({ minLength: 32, maxLength: 32 });
  const dates = fc.tuple(fc.nat({ max: 2 ** 52 }), fc.integer({ min: 1, max: 2 ** 52 }));
  const id = fc.uint8Array({ minLength: 16, maxLength: 16 });
  fc.assert(
    fc.property(thirtyTwo, thirtyTwo, dates, id, (masterSeed, secret, [issuedAt, life], uuidBytes) => {
      const uuid = uuidFromBytes(uuidBytes);
      const expiresAt = issuedAt + life;
      const certificate = issueCertificate({ masterSeed, uuid, issuedAt, expiresAt, secret });
      const again = decodeCertificate(encodeCertificate(certificate));
      expect(again).toEqual(certificate);
      expect(hex(uuidToBytes(again.uuid))).toBe(hex(uuidBytes));
      expect(certificateStatus(again, { now: issuedAt - 121 })).toBe('not-yet-valid');
      expect(certificateStatus(again, { now: Math.min(issuedAt, expiresAt - 1) })).toBe('valid');
      expect(certificateStatus(again, { now: expiresAt })).toBe('expired');
    }),
    { numRuns: 15 },
  );
});

describe('random fields', () => {
  test('are version 4 of the UUID, and the bytes of the source', () => {
    const asked: number[] = [];
    const fields = randomCertificateFields((n) => {
      asked.push(n);
      return new Uint8Array(n).fill(255);
    });
    expect(asked).toEqual([16, 32]);
    expect(fields.uuid).toBe('ffffffff-ffff-4fff-bfff-ffffffffffff');
    expect(hex(fields.secret)).toBe('ff'.repeat(32));
  });

  test('a source that gives too few bytes is refused', () => {
    expect(codeOf(() => randomCertificateFields(() => new Uint8Array(8)), CertError)).toBe('uuid');
    expect(codeOf(() => randomCertificateFields((n) => new Uint8Array(n % 32)), CertError)).toBe('key');
  });
});

test('the core runs where there is no Node: only ./files and what it is made of import node modules', () => {
  const folder = new URL('../src/', import.meta.url);
  const nodeOnly = new Set([
    'files.ts',
    'secret-file.ts',
    'key-files.ts',
    'certificate-file.ts',
    'ensure-keys.ts',
    'initial-environment.ts',
  ]);
  const seen = new Set<string>();
  const visit = (name: string): void => {
    if (seen.has(name)) return;
    seen.add(name);
    const text = readFileSync(new URL(name, folder), 'utf8');
    expect(text).not.toMatch(/from 'node:|Buffer\.(from|alloc|concat)|process\.\w+\(|require\(/);
    for (const [, next] of text.matchAll(/from '\.\/([\w-]+)\.js'/g)) visit(`${next}.ts`);
  };
  visit('index.ts');
  for (const name of nodeOnly) expect(seen).not.toContain(name);
  expect(new Set([...seen, ...nodeOnly])).toEqual(new Set(readdirSync(folder)));
});
