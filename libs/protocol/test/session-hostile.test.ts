import fc from 'fast-check';
import { Frame, MsgType, ProtocolError } from '../src/index.js';
import { Bench, codeOf, openText, sealText, type Pair } from './channel-fixture.js';
import { ForgedClient, type Forgery } from './forged-client.js';
import * as slow from './slow-protocol.js';

const TYPE = MsgType.LogInfo;
const BODY = Buffer.from('body');
const BAD = Buffer.from('bad');

function flipped(bytes: Buffer, bit: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[bit >> 3] = (copy[bit >> 3] as number) ^ (1 << (bit & 7));
  return copy;
}

describe('one thing wrong', () => {
  const drift = 120_000;
  test.each<[string, string, (client: ForgedClient) => Frame]>([
    ['a payload of 15', 'length', (c) => new Frame(c.frame(TYPE, BODY).bytes.subarray(0, 57 + 15))],
    [
      'a payload_len that is not the payload’s',
      'length',
      (c) => new Frame(c.frame(TYPE, BODY).bytes.subarray(0, -1)),
    ],
    ['no payload', 'length', (c) => new Frame(c.frame(TYPE, BODY).bytes.subarray(0, 57))],
    ['half a header', 'length', (c) => new Frame(c.frame(TYPE, BODY).bytes.subarray(0, 30))],
    ['a payload of 65,553', 'length', (c) => c.frame(TYPE, Buffer.alloc(65_537))],
    ['the next counter but one', 'missing', (c) => c.frame(TYPE, BODY, { counter: c.counter + 1 })],
    ['a counter 600 ahead', 'missing', (c) => c.frame(TYPE, BODY, { counter: c.counter + 600 })],
    ['a counter of 2^53', 'missing', (c) => c.frame(TYPE, BODY, { counter: 2 ** 53 })],
    ['the counter of FINISH', 'replay', (c) => c.frame(TYPE, BODY, { counter: 0 })],
    ['another iv', 'nonce', (c) => c.frame(TYPE, BODY, { keys: { ...c.keys, iv: Buffer.alloc(4, 0xee) } })],
    ['120.001 s early', 'drift', (c) => c.frame(TYPE, BODY, { timeMs: c.bench.masterClock.ms - drift - 1 })],
    ['120.001 s late', 'drift', (c) => c.frame(TYPE, BODY, { timeMs: c.bench.masterClock.ms + drift + 1 })],
    ['a time of 0', 'drift', (c) => c.frame(TYPE, BODY, { timeMs: 0 })],
    ['a time of 2^53', 'drift', (c) => c.frame(TYPE, BODY, { timeMs: 2 ** 53 })],
    ['another MAC key', 'hmac', (c) => c.frame(TYPE, BODY, { keys: { ...c.keys, mac: Buffer.alloc(32) } })],
    [
      'another GCM key',
      'decrypt',
      (c) => c.frame(TYPE, BODY, { keys: { ...c.keys, enc: Buffer.alloc(32) } }),
    ],
    ['the keys of the other direction', 'hmac', (c) => c.frame(TYPE, BODY, { keys: c.secrets.s2c })],
    ['an unknown type', 'schema', (c) => c.frame(0x7f, BODY)],
    ['a plaintext that does not fit', 'schema', (c) => c.frame(TYPE, BAD)],
    ['a REKEY with a body', 'schema', (c) => c.frame(MsgType.Rekey, Buffer.alloc(1))],
  ])('%s: %s, and the right frame still opens', (_name, code, forge) => {
    const client = new ForgedClient();
    expect(codeOf(() => client.master.open(forge(client)))).toBe(code);
    expect(codeOf(() => client.master.open(forge(client)))).toBe(code);
    expect(client.send(TYPE, BODY)).toEqual(['body']);
    client.rekey();
    expect(client.send(TYPE, BODY)).toEqual(['body']);
  });

  test.each([-drift, drift])('a time %i ms off is inside the drift', (offset) => {
    const client = new ForgedClient();
    const frame = client.frame(TYPE, BODY, { timeMs: client.bench.masterClock.ms + offset });
    expect(client.master.open(frame)).toHaveLength(1);
  });
});

describe('the first thing wrong is the one that counts', () => {
  // Each row is wrong in all that the rows below it are wrong in, too.
  const wrongEnc = Buffer.alloc(32, 1);
  const late = 1_800_000_000_000 + 120_001;
  const rows: [string, (keys: slow.Keys) => Forgery][] = [
    [
      'hmac',
      (keys) => ({
        keys: { ...keys, mac: wrongEnc, iv: Buffer.alloc(4), enc: wrongEnc },
        counter: 0,
        timeMs: late,
      }),
    ],
    [
      'nonce',
      (keys) => ({ keys: { ...keys, iv: Buffer.alloc(4), enc: wrongEnc }, counter: 0, timeMs: late }),
    ],
    ['replay', (keys) => ({ keys: { ...keys, enc: wrongEnc }, counter: 0, timeMs: late })],
    ['missing', (keys) => ({ keys: { ...keys, enc: wrongEnc }, counter: 9, timeMs: late })],
    ['drift', (keys) => ({ keys: { ...keys, enc: wrongEnc }, timeMs: late })],
    ['decrypt', (keys) => ({ keys: { ...keys, enc: wrongEnc } })],
    ['schema', () => ({})],
  ];
  test.each(rows)('%s', (code, forgery) => {
    const client = new ForgedClient();
    expect(codeOf(() => client.master.open(client.frame(TYPE, BAD, forgery(client.keys))))).toBe(code);
  });

  test('length comes before all', () => {
    const client = new ForgedClient();
    const frame = client.frame(TYPE, BAD, { keys: { ...client.keys, mac: wrongEnc } });
    expect(codeOf(() => client.master.open(new Frame(frame.bytes.subarray(0, -1))))).toBe('length');
  });
});

describe('replay, order, reflection', () => {
  let pair: Pair;
  beforeEach(() => {
    pair = new Bench().connect();
  });

  test('at once: replay', () => {
    const frame = sealText(pair.client, 'once');
    expect(openText(pair.master, frame)).toEqual(['once']);
    expect(codeOf(() => openText(pair.master, frame))).toBe('replay');
  });

  test('after 600 further frames: stale, for ever', () => {
    const recorded = sealText(pair.client, 'recorded');
    openText(pair.master, recorded);
    for (let i = 0; i < 600; i++) openText(pair.master, sealText(pair.client, 'more'));
    expect(codeOf(() => openText(pair.master, recorded))).toBe('stale');
    for (let i = 0; i < 600; i++) openText(pair.master, sealText(pair.client, 'more'));
    expect(codeOf(() => openText(pair.master, recorded))).toBe('stale');
  });

  test('the 512th last is a replay, the 513th last is stale', () => {
    const frames = Array.from({ length: 600 }, () => sealText(pair.client, 'x'));
    for (const frame of frames) openText(pair.master, frame);
    expect(codeOf(() => openText(pair.master, frames.at(-512) as Buffer))).toBe('replay');
    expect(codeOf(() => openText(pair.master, frames.at(-513) as Buffer))).toBe('stale');
  });

  test('two frames in the wrong order: missing, and in the right order they open', () => {
    const [first, second] = [sealText(pair.client, 'first'), sealText(pair.client, 'second')];
    expect(codeOf(() => openText(pair.master, second))).toBe('missing');
    expect(openText(pair.master, first)).toEqual(['first']);
    expect(openText(pair.master, second)).toEqual(['second']);
  });

  test('a frame reflected to its sender', () => {
    expect(codeOf(() => openText(pair.client, sealText(pair.client, 'mine')))).toBe('hmac');
    expect(codeOf(() => openText(pair.master, sealText(pair.master, 'mine')))).toBe('hmac');
  });

  test('a frame of another connection, of the same credential or of the other channel', () => {
    const frame = sealText(pair.client, 'elsewhere');
    expect(codeOf(() => openText(pair.bench.connect('S2S').master, frame))).toBe('hmac');
    expect(codeOf(() => openText(pair.bench.connect('RDV').master, frame))).toBe('hmac');
  });

  test('a frame recorded before a REKEY', () => {
    const recorded = sealText(pair.client, 'old');
    openText(pair.master, recorded);
    openText(pair.master, pair.client.sealRekey());
    expect(codeOf(() => openText(pair.master, recorded))).toBe('hmac');
  });
});

test('every single bit of a frame flipped: refused, and the frame itself still opens', () => {
  const { client, master } = new Bench().connect();
  const good = sealText(client, 'a message of some length');
  const codes = new Map<string, number>();
  for (let bit = 0; bit < good.length * 8; bit++) {
    const code = codeOf(() => master.open(new Frame(flipped(good, bit))));
    codes.set(code, (codes.get(code) ?? 0) + 1);
  }
  expect(Object.fromEntries(codes)).toEqual({ length: 32, hmac: good.length * 8 - 32 });
  expect(openText(master, good)).toEqual(['a message of some length']);
});

test('every single bit of the ciphertext flipped under a right HMAC: the tag refuses it', () => {
  const client = new ForgedClient();
  const good = client.frame(TYPE, BODY).bytes;
  for (let bit = 57 * 8; bit < good.length * 8; bit++) {
    const bad = flipped(good, bit);
    slow.hmac(client.keys.mac, slow.withoutHmac(bad)).copy(bad, 4);
    expect(codeOf(() => client.master.open(new Frame(bad)))).toBe('decrypt');
  }
  expect(client.send(TYPE, BODY)).toEqual(['body']);
});

test('whatever bytes come as a frame: only a ProtocolError, and memory stays flat', () => {
  const { client, master } = new Bench().connect();
  const good = sealText(client, 'good');
  const before = process.memoryUsage().arrayBuffers;
  const mutation = fc.oneof(
    fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes)),
    fc.tuple(fc.nat(good.length - 1), fc.uint8Array({ minLength: 1, maxLength: 20 })).map(([at, bytes]) => {
      const copy = Buffer.from(good);
      copy.set(bytes.subarray(0, copy.length - at), at);
      return copy;
    }),
    fc.nat(good.length - 1).map((length) => Buffer.from(good.subarray(0, length))),
  );
  fc.assert(
    fc.property(mutation, (bytes) => {
      if (bytes.equals(good)) return;
      expect(() => master.open(new Frame(bytes))).toThrow(ProtocolError);
    }),
    { numRuns: 3000 },
  );
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64_000_000);
  expect(openText(master, good)).toEqual(['good']);
});

test('whatever an authenticated peer seals: messages or a ProtocolError', () => {
  const body = fc.oneof(
    fc.uint8Array({ maxLength: 60 }),
    fc.array(fc.tuple(fc.nat(255), fc.uint8Array({ maxLength: 8 })), { maxLength: 5 }).map(slow.batch),
  );
  const client = new ForgedClient();
  fc.assert(
    fc.property(fc.constantFrom(MsgType.Batch, TYPE, 0x7f), body, (type, plaintext) => {
      try {
        client.send(type, plaintext);
      } catch (error) {
        expect(error).toBeInstanceOf(ProtocolError);
      }
    }),
    { numRuns: 1000 },
  );
  expect(client.send(TYPE, BODY)).toEqual(['body']);
});
