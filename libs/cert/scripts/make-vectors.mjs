/**
 * Writes the test vectors of the certificate format into `vectors/`. It shares no code with `src`: bytes are put together here by
 * hand and signed by node:crypto, so the library is checked against a second writing of the format.
 *
 *     node scripts/make-vectors.mjs            write the files
 *     node scripts/make-vectors.mjs --check    exit 1 if they differ from what would be written
 */
import { createHash, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';

const L = 2n ** 252n + 27742317777372353535851937790883648493n;
const MAX_SECONDS = 2n ** 53n - 1n;

/** 32 bytes that depend on the label alone. */
const fixed = (label) => createHash('sha256').update(`ranked certificate vectors, ${label}`).digest();

function keyPair(label) {
  const seed = fixed(label);
  const pkcs8 = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
  const privateKey = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
  const publicKey = createPublicKey(privateKey);
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
  const keyId = createHash('sha512').update(raw).digest('hex').slice(0, 32);
  return { seed, privateKey, publicKey, raw, keyId };
}

function i64(value) {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(BigInt(value));
  return bytes;
}

function u256(value) {
  return Buffer.from(value.toString(16).padStart(64, '0'), 'hex').reverse();
}

const master = keyPair('master key 1');
const otherMaster = keyPair('master key 2');

/** A signed file from its parts; every part can be made wrong on purpose. */
function file(parts = {}) {
  const {
    magic = 'S2SC',
    version = 1,
    uuid,
    issuedAt,
    expiresAt,
    secret,
    key,
    S,
  } = {
    uuid: '3f2c1a90-7b5e-4d66-9a01-c4e2d8f70b13',
    issuedAt: 1_790_000_000,
    expiresAt: 1_821_536_000,
    secret: fixed('secret'),
    key: master,
    ...parts,
  };
  const id = Buffer.from(uuid.replaceAll('-', ''), 'hex');
  const signed = Buffer.concat([
    Buffer.from(magic, 'latin1'),
    Buffer.of(version),
    id,
    i64(issuedAt),
    i64(expiresAt),
    secret,
  ]);
  const signature = sign(null, signed, key.privateKey);
  if (S)
    u256(S(BigInt(`0x${Buffer.from(signature.subarray(32)).reverse().toString('hex')}`))).copy(signature, 32);
  return Buffer.concat([signed, signature]);
}

const named = [
  { name: 'a year, version 4 uuid' },
  { name: 'one second, from the epoch on', issuedAt: 0, expiresAt: 1 },
  { name: 'the last dates there are', issuedAt: MAX_SECONDS - 1n, expiresAt: MAX_SECONDS },
  {
    name: 'all bits of uuid and secret zero',
    uuid: '00000000-0000-0000-0000-000000000000',
    secret: Buffer.alloc(32),
  },
  {
    name: 'all bits of uuid and secret one',
    uuid: 'ffffffff-ffff-ffff-ffff-ffffffffffff',
    secret: Buffer.alloc(32, 255),
  },
  { name: 'dates whose bytes all differ', issuedAt: 0x01020304050607n, expiresAt: 0x1112131415161n },
  { name: 'another master key', key: otherMaster },
];

const certificates = named.map(({ name, ...parts }) => {
  const bytes = file(parts);
  const key = parts.key ?? master;
  return {
    name,
    masterSeed: key.seed.toString('hex'),
    masterPublicKey: key.raw.toString('hex'),
    masterKeyId: key.keyId,
    uuid: parts.uuid ?? '3f2c1a90-7b5e-4d66-9a01-c4e2d8f70b13',
    issuedAt: Number(parts.issuedAt ?? 1_790_000_000),
    expiresAt: Number(parts.expiresAt ?? 1_821_536_000),
    secret: bytes.subarray(37, 69).toString('hex'),
    signature: bytes.subarray(69).toString('hex'),
    publicPart: Buffer.concat([bytes.subarray(0, 37), bytes.subarray(69)]).toString('hex'),
    file: bytes.toString('hex'),
  };
});

const good = file();
const refused = [
  ['empty', Buffer.alloc(0), 'length'],
  ['one byte short', good.subarray(0, 132), 'length'],
  ['one byte long', Buffer.concat([good, Buffer.of(0)]), 'length'],
  ['the public part alone', Buffer.concat([good.subarray(0, 37), good.subarray(69)]), 'length'],
  ['lower-case magic', file({ magic: 's2sc' }), 'magic'],
  ['magic of another format', file({ magic: 'S2SD' }), 'magic'],
  ['all zero', Buffer.alloc(133), 'magic'],
  ['version 0', file({ version: 0 }), 'version'],
  ['version 2', file({ version: 2 }), 'version'],
  ['wrong magic and version: the magic is named', file({ magic: 'XXXX', version: 9 }), 'magic'],
  ['wrong version and dates: the version is named', file({ version: 2, expiresAt: 0 }), 'version'],
  ['expires when issued', file({ issuedAt: 1_790_000_000, expiresAt: 1_790_000_000 }), 'dates'],
  ['expires before issued', file({ issuedAt: 1_790_000_000, expiresAt: 1_789_999_999 }), 'dates'],
  ['issued before the epoch', file({ issuedAt: -1 }), 'dates'],
  ['both dates before the epoch', file({ issuedAt: -2, expiresAt: -1 }), 'dates'],
  ['issued at the least i64', file({ issuedAt: -(2n ** 63n) }), 'dates'],
  ['expires beyond 2^53 - 1', file({ expiresAt: MAX_SECONDS + 1n }), 'dates'],
  ['expires at the greatest i64', file({ expiresAt: 2n ** 63n - 1n }), 'dates'],
  ['S + L: the second form of a true signature', file({ S: (s) => s + L }), 'signature-form'],
  ['S = L', file({ S: () => L }), 'signature-form'],
  ['S = 2^256 - 1', file({ S: () => 2n ** 256n - 1n }), 'signature-form'],
  ['S with its highest bit set', file({ S: (s) => s | (1n << 255n) }), 'signature-form'],
].map(([name, bytes, code]) => ({ name, code, file: bytes.toString('hex') }));

function verified(name, bytes, key) {
  const node = verify(null, bytes.subarray(0, 69), key.publicKey, bytes.subarray(69));
  return { name, masterPublicKey: key.raw.toString('hex'), file: bytes.toString('hex'), verifies: node };
}

const wrongSecret = Buffer.from(good);
wrongSecret.fill(7, 37, 69);
const verification = [
  verified('signed by this key', good, master),
  verified('signed by another key', good, otherMaster),
  verified('another secret under the signature', wrongSecret, master),
  verified('S = 0', file({ S: () => 0n }), master),
  verified('S = L - 1, the greatest that is allowed', file({ S: () => L - 1n }), master),
  verified('S + 1', file({ S: (s) => (s + 1n) % L }), master),
  verified('R all zero', Buffer.concat([good.subarray(0, 69), Buffer.alloc(32), good.subarray(101)]), master),
];

const at = (name, now, status, key = master) => ({
  name,
  now,
  status,
  masterPublicKey: key.raw.toString('hex'),
  file: good.toString('hex'),
});
const status = [
  at('121 s before it was issued', 1_789_999_879, 'not-yet-valid'),
  at('120 s before it was issued: clocks may differ so far', 1_789_999_880, 'valid'),
  at('when it was issued', 1_790_000_000, 'valid'),
  at('a second before its end', 1_821_535_999, 'valid'),
  at('at its end', 1_821_536_000, 'expired'),
  at('long after', 4_000_000_000, 'expired'),
  at('another key outweighs the dates', 4_000_000_000, 'bad-signature', otherMaster),
];

const check = process.argv.includes('--check');
for (const [name, cases] of Object.entries({ certificates, refused, verification, status })) {
  const url = new URL(`../vectors/${name}.json`, import.meta.url);
  const text = `${JSON.stringify(cases, null, 2)}\n`;
  if (!check) writeFileSync(url, text);
  else if (readFileSync(url, 'utf8') !== text) {
    process.stderr.write(`vectors/${name}.json is not what this script writes\n`);
    process.exitCode = 1;
  }
}
