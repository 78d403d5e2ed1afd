import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import {
  CertError,
  CERTIFICATE_LENGTH,
  certificateStatus,
  decodeCertificate,
  decodePublicPart,
  encodeCertificate,
  issueCertificate,
  masterKeyId,
  publicKeyFromSeed,
  publicPart,
  SIGNED_LENGTH,
  signedBytes,
  verifyCertificate,
  type Certificate,
} from '../src/index.js';
import { bytes, certificateVectors, codeOf, hex, readVectors } from './vectors.js';

const refused = readVectors<{ name: string; code: string; file: string }[]>('../vectors/refused.json');
const verification = readVectors<
  { name: string; masterPublicKey: string; file: string; verifies: boolean }[]
>('../vectors/verification.json');
const status =
  readVectors<{ name: string; now: number; status: string; masterPublicKey: string; file: string }[]>(
    '../vectors/status.json',
  );

const [first] = certificateVectors;
if (!first) throw new Error('no vectors');
const good = decodeCertificate(bytes(first.file));
const masterPublicKey = bytes(first.masterPublicKey);

test('the vector files are what their script writes', () => {
  const script = fileURLToPath(new URL('../scripts/make-vectors.mjs', import.meta.url));
  execFileSync(process.execPath, [script, '--check'], { stdio: 'pipe' });
});

describe.each(certificateVectors)('vector: $name', (vector) => {
  const file = bytes(vector.file);

  test('decodes to its fields', () => {
    expect(decodeCertificate(file)).toEqual({
      uuid: vector.uuid,
      issuedAt: vector.issuedAt,
      expiresAt: vector.expiresAt,
      secret: bytes(vector.secret),
      signature: bytes(vector.signature),
    });
  });

  test('encodes to its bytes', () => {
    expect(hex(encodeCertificate(decodeCertificate(file)))).toBe(vector.file);
    expect(hex(signedBytes(decodeCertificate(file)))).toBe(vector.file.slice(0, 2 * SIGNED_LENGTH));
  });

  test('is issued with these very bytes', () => {
    const { uuid, issuedAt, expiresAt } = vector;
    const masterSeed = bytes(vector.masterSeed);
    const issued = issueCertificate({ masterSeed, uuid, issuedAt, expiresAt, secret: bytes(vector.secret) });
    expect(hex(encodeCertificate(issued))).toBe(vector.file);
  });

  test('has its public part, and verifies when the secret is added to it again', () => {
    expect(hex(publicPart(decodeCertificate(file)))).toBe(vector.publicPart);
    const shown = decodePublicPart(bytes(vector.publicPart));
    expect(Object.keys(shown)).not.toContain('secret');
    const whole = { ...shown, secret: bytes(vector.secret) };
    expect(verifyCertificate(whole, bytes(vector.masterPublicKey))).toBe(true);
  });

  test('names its master key', () => {
    const publicKey = publicKeyFromSeed(bytes(vector.masterSeed));
    expect(hex(publicKey)).toBe(vector.masterPublicKey);
    expect(masterKeyId(publicKey)).toBe(vector.masterKeyId);
  });
});

test.each(refused)('refused with $code: $name', ({ code, file }) => {
  expect(codeOf(() => decodeCertificate(bytes(file)), CertError)).toBe(code);
});

test.each(refused.filter(({ code, file }) => code !== 'length' && file.length === 2 * CERTIFICATE_LENGTH))(
  'its public part is refused with $code too: $name',
  ({ code, file }) => {
    const part = bytes(file.slice(0, 74) + file.slice(138));
    expect(codeOf(() => decodePublicPart(part), CertError)).toBe(code);
  },
);

test.each([0, 37, 100, 102, 133])('a public part of %i bytes is refused', (length) => {
  expect(codeOf(() => decodePublicPart(new Uint8Array(length)), CertError)).toBe('length');
});

test.each(verification)('verifies: $verifies, $name', ({ file, masterPublicKey: key, verifies }) => {
  expect(verifyCertificate(decodeCertificate(bytes(file)), bytes(key))).toBe(verifies);
});

test.each(status)('$status: $name', ({ file, masterPublicKey: key, now, status: expected }) => {
  expect(certificateStatus(decodeCertificate(bytes(file)), { masterPublicKey: bytes(key), now })).toBe(
    expected,
  );
});

test('without a public key only the dates are judged', () => {
  expect(certificateStatus(good, { now: good.issuedAt })).toBe('valid');
  expect(certificateStatus(good, { now: good.expiresAt })).toBe('expired');
});

test('a clock that is no number never makes a certificate valid', () => {
  expect(certificateStatus(good, { now: NaN })).not.toBe('valid');
});

test('what was decoded does not share memory with the input, even with a Buffer inside a larger one', () => {
  const input = Buffer.concat([Buffer.alloc(3), bytes(first.file), Buffer.alloc(5)]).subarray(3, 136);
  const certificate = decodeCertificate(input);
  input.fill(0);
  expect(hex(encodeCertificate(certificate))).toBe(first.file);
});

test('what was issued does not share memory with the secret given', () => {
  const secret = new Uint8Array(32).fill(9);
  const certificate = issueCertificate({ ...good, masterSeed: bytes(first.masterSeed), secret });
  secret.fill(0);
  expect(verifyCertificate(certificate, masterPublicKey)).toBe(true);
});

describe('fields that no certificate can have are refused when it is written', () => {
  const cases: [string, Partial<Certificate>, string][] = [
    ['upper-case uuid', { uuid: good.uuid.toUpperCase() }, 'uuid'],
    ['uuid without hyphens', { uuid: good.uuid.replaceAll('-', '') }, 'uuid'],
    ['uuid with a line break after it', { uuid: `${good.uuid}\n` }, 'uuid'],
    ['issued at a fraction', { issuedAt: 1.5 }, 'dates'],
    ['never expires', { expiresAt: Infinity }, 'dates'],
    ['no date', { expiresAt: NaN }, 'dates'],
    ['before the epoch', { issuedAt: -1 }, 'dates'],
    ['beyond 2^53 - 1', { expiresAt: 2 ** 53 }, 'dates'],
    ['ends as it begins', { expiresAt: good.issuedAt }, 'dates'],
    ['short secret', { secret: new Uint8Array(31) }, 'key'],
    ['long secret', { secret: new Uint8Array(33) }, 'key'],
    ['short signature', { signature: new Uint8Array(63) }, 'signature-form'],
    ['S of all ones', { signature: new Uint8Array(64).fill(255) }, 'signature-form'],
  ];
  test.each(cases)('%s', (_name, change, code) => {
    expect(codeOf(() => encodeCertificate({ ...good, ...change }), CertError)).toBe(code);
  });
});

test.each([0, 31, 33, 64])(
  'a master key of %i bytes is refused with "key", to sign and to verify',
  (length) => {
    const key = new Uint8Array(length);
    expect(codeOf(() => verifyCertificate(good, key), CertError)).toBe('key');
    expect(codeOf(() => issueCertificate({ ...good, masterSeed: key }), CertError)).toBe('key');
    expect(codeOf(() => publicKeyFromSeed(key), CertError)).toBe('key');
    expect(codeOf(() => masterKeyId(key), CertError)).toBe('key');
  },
);

test('no error message shows key material', () => {
  const secret = new Uint8Array(33).fill(0xab);
  const attempts = [
    () => encodeCertificate({ ...good, secret }),
    () => issueCertificate({ ...good, masterSeed: secret }),
    () => encodeCertificate({ ...good, signature: new Uint8Array(64).fill(0xab) }),
    () => decodeCertificate(new Uint8Array(133).fill(0xab)),
  ];
  for (const attempt of attempts) {
    let message = '';
    try {
      attempt();
    } catch (error) {
      message = String(error);
    }
    expect(message).toMatch(/^CertError: /);
    expect(message).not.toMatch(/abab|171,|q6ur/);
  }
});
