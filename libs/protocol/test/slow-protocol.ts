/*
 * The protocol once more, written straight from its description with `createHmac`, DER keys and nothing shared with the
 * library: slow, plain, and the judge of the fast one. Everything is a pure function of its arguments.
 */
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  sign,
} from 'node:crypto';

const X25519_PKCS8 = '302e020100300506032b656e04220420';
const X25519_SPKI = '302a300506032b656e032100';
const ED25519_PKCS8 = '302e020100300506032b657004220420';

export function hmac(key: Uint8Array, ...parts: Uint8Array[]): Buffer {
  const mac = createHmac('sha256', key);
  for (const part of parts) mac.update(part);
  return mac.digest();
}

export function sha(...parts: Uint8Array[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/** HKDF-Expand of RFC 5869 §2.3, with as many blocks as asked for. */
export function expand(prk: Uint8Array, info: Uint8Array, length: number): Buffer {
  let block: Buffer = Buffer.alloc(0);
  let output: Buffer = Buffer.alloc(0);
  for (let i = 1; output.length < length; i++) {
    block = hmac(prk, block, info, Buffer.from([i]));
    output = Buffer.concat([output, block]);
  }
  return output.subarray(0, length);
}

export function key(prk: Uint8Array, label: string, length: number): Buffer {
  return expand(prk, ascii(`ranked v1 ${label}`), length);
}

export function ascii(text: string): Buffer {
  return Buffer.from(text, 'ascii');
}

function x25519Private(seed: Uint8Array) {
  const der = Buffer.concat([Buffer.from(X25519_PKCS8, 'hex'), seed]);
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
}

export function x25519Public(seed: Uint8Array): Buffer {
  return createPublicKey(x25519Private(seed)).export({ format: 'der', type: 'spki' }).subarray(-32);
}

export function x25519(seed: Uint8Array, otherPublic: Uint8Array): Buffer {
  const der = Buffer.concat([Buffer.from(X25519_SPKI, 'hex'), otherPublic]);
  const publicKey = createPublicKey({ key: der, format: 'der', type: 'spki' });
  return diffieHellman({ privateKey: x25519Private(seed), publicKey });
}

export function ed25519Sign(seed: Uint8Array, message: Uint8Array): Buffer {
  const der = Buffer.concat([Buffer.from(ED25519_PKCS8, 'hex'), seed]);
  return sign(null, message, createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }));
}

export function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

export function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

export function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

/** A frame from its parts, with its HMAC under the key given. */
export function frame(
  macKey: Uint8Array,
  nonce: Uint8Array,
  type: number,
  timeMs: number,
  payload: Uint8Array,
): Buffer {
  const length = u32(payload.length);
  const rest = Buffer.concat([nonce, Buffer.from([type]), u64(timeMs), payload]);
  return Buffer.concat([length, hmac(macKey, length, rest), rest]);
}

export function withoutHmac(bytes: Buffer): Buffer {
  return Buffer.concat([bytes.subarray(0, 4), bytes.subarray(36)]);
}

export interface Keys {
  enc: Buffer;
  mac: Buffer;
  iv: Buffer;
  next: Buffer;
}

export function directionKeys(prk: Uint8Array, direction: 'c2s' | 's2c'): Keys {
  return {
    enc: key(prk, `${direction} enc`, 32),
    mac: key(prk, `${direction} mac`, 32),
    iv: key(prk, `${direction} iv`, 4),
    next: key(prk, `${direction} next`, 32),
  };
}

export function seal(
  keys: Keys,
  counter: number,
  type: number,
  timeMs: number,
  plaintext: Uint8Array,
): Buffer {
  const nonce = Buffer.concat([keys.iv, u64(counter)]);
  const length = u32(plaintext.length + 16);
  const cipher = createCipheriv('aes-256-gcm', keys.enc, nonce, { authTagLength: 16 });
  cipher.setAAD(Buffer.concat([length, nonce, Buffer.from([type]), u64(timeMs)]));
  const sealed = Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
  return frame(keys.mac, nonce, type, timeMs, sealed);
}

/** The plaintext of a frame whose HMAC and tag are right; throws otherwise. */
export function open(keys: Keys, bytes: Buffer): Buffer {
  if (!hmac(keys.mac, withoutHmac(bytes)).equals(bytes.subarray(4, 36))) throw new Error('hmac');
  const decipher = createDecipheriv('aes-256-gcm', keys.enc, bytes.subarray(36, 48), { authTagLength: 16 });
  decipher.setAAD(Buffer.concat([bytes.subarray(0, 4), bytes.subarray(36, 57)]));
  decipher.setAuthTag(bytes.subarray(-16));
  return Buffer.concat([decipher.update(bytes.subarray(57, -16)), decipher.final()]);
}

/** A HELLO with everything open to be set wrong. */
export interface HelloFields {
  service: 'S2S' | 'RDV';
  auth: Uint8Array;
  credential: Uint8Array;
  random: Uint8Array;
  privateKey: Uint8Array;
  nonce: Uint8Array;
  timeMs: number;
  version?: number;
  role?: number;
  flags?: number;
  type?: number;
  publicKey?: Uint8Array;
}

export function hello(fields: HelloFields): Buffer {
  const body = Buffer.concat([
    Buffer.from([fields.version ?? 1, fields.role ?? (fields.service === 'S2S' ? 1 : 2)]),
    u16(fields.flags ?? 0),
    fields.random,
    fields.publicKey ?? x25519Public(fields.privateKey),
    fields.credential,
  ]);
  const macKey = hmac(fields.auth, ascii(`ranked v1 hello ${fields.service}`));
  return frame(macKey, fields.nonce, fields.type ?? 1, fields.timeMs, body);
}

/** A CHALLENGE of the master, or a refusal when `status` is not 0, with everything open to be set wrong. */
export interface ChallengeFields {
  service: 'S2S' | 'RDV';
  auth: Uint8Array;
  masterSeed: Uint8Array;
  hello: Buffer;
  random: Uint8Array;
  privateKey: Uint8Array;
  nonce: Uint8Array;
  timeMs: number;
  status?: number;
  version?: number;
  flags?: number;
  publicKey?: Uint8Array;
  serverResponse?: Uint8Array;
}

export function challenge(fields: ChallengeFields) {
  const status = fields.status ?? 0;
  const serverResponse =
    fields.serverResponse ??
    (status === 0
      ? Buffer.concat([fields.random, fields.publicKey ?? x25519Public(fields.privateKey)])
      : Buffer.alloc(64));
  const unsigned = Buffer.concat([
    Buffer.from([fields.version ?? 1, status]),
    u16(fields.flags ?? 0),
    serverResponse,
    u64(fields.timeMs),
  ]);
  const helloHash = sha(withoutHmac(fields.hello));
  const message = Buffer.concat([ascii(`ranked v1 challenge ${fields.service}`), helloHash, unsigned]);
  const body = Buffer.concat([unsigned, ed25519Sign(fields.masterSeed, message)]);

  const refuseKey = hmac(fields.auth, ascii(`ranked v1 refuse ${fields.service}`));
  const withoutKey = frame(refuseKey, fields.nonce, 2, fields.timeMs, body);
  if (status !== 0) return { bytes: withoutKey, secrets: undefined };

  const clientChallenge = fields.hello.subarray(57 + 4, 57 + 68);
  const secrets = schedule({
    service: fields.service,
    auth: fields.auth,
    hello: fields.hello,
    challenge: withoutKey,
    clientChallenge,
    serverResponse,
    shared: x25519(fields.privateKey, clientChallenge.subarray(32)),
  });
  return { bytes: frame(secrets.challengeMac, fields.nonce, 2, fields.timeMs, body), secrets };
}

/** The whole key schedule. The HMAC fields of the two frames do not enter. */
export function schedule(input: {
  service: string;
  auth: Uint8Array;
  hello: Buffer;
  challenge: Buffer;
  clientChallenge: Uint8Array;
  serverResponse: Uint8Array;
  shared: Uint8Array;
}) {
  const ks = hmac(input.auth, input.clientChallenge, input.serverResponse);
  const th = sha(
    ascii(`ranked v1 transcript ${input.service}`),
    sha(withoutHmac(input.hello)),
    sha(withoutHmac(input.challenge)),
  );
  const prk = hmac(ks, input.shared, th);
  return {
    ks,
    th,
    prk,
    challengeMac: key(prk, 'challenge mac', 32),
    c2s: directionKeys(prk, 'c2s'),
    s2c: directionKeys(prk, 's2c'),
  };
}

/** The certificate file of 133 bytes, signed by the master's seed. */
export function certificate(
  masterSeed: Uint8Array,
  uuid: Uint8Array,
  issuedAt: number,
  expiresAt: number,
  secret: Uint8Array,
  magic = 'S2SC\x01',
): Buffer {
  const dates = Buffer.alloc(16);
  dates.writeBigInt64LE(BigInt(issuedAt), 0);
  dates.writeBigInt64LE(BigInt(expiresAt), 8);
  const signed = Buffer.concat([Buffer.from(magic, 'latin1'), uuid, dates, secret]);
  return Buffer.concat([signed, ed25519Sign(masterSeed, signed)]);
}

/** A certificate without its secret: the credential of HELLO. */
export function publicPart(file: Buffer): Buffer {
  return Buffer.concat([file.subarray(0, 37), file.subarray(69)]);
}

/** The plaintext of a BATCH, whatever is in it. */
export function batch(messages: readonly (readonly [type: number, plaintext: Uint8Array])[]): Buffer {
  return Buffer.concat(messages.flatMap(([type, body]) => [Buffer.from([type]), u32(body.length), body]));
}
