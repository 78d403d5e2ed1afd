import fc from 'fast-check';
import { Frame, MAX_PLAINTEXT, MsgType } from '../src/index.js';
import { Bench, codeOf, openText, sealText, text, type Pair } from './channel-fixture.js';
import { ForgedClient } from './forged-client.js';
import { batch } from './slow-protocol.js';

let pair: Pair;
beforeEach(() => {
  pair = new Bench().connect();
});

describe('messages', () => {
  test('both ways, any length up to the largest', () => {
    for (const length of [0, 1, 15, 16, 255, 16_000, 16_400, MAX_PLAINTEXT]) {
      const body = 'x'.repeat(length);
      expect(openText(pair.master, sealText(pair.client, body))).toEqual([body]);
      expect(openText(pair.client, sealText(pair.master, body))).toEqual([body]);
    }
  });

  test('one byte more than the largest is refused and changes nothing', () => {
    expect(codeOf(() => sealText(pair.client, 'x'.repeat(MAX_PLAINTEXT + 1)))).toBe('too-large');
    const { bytes, of } = pair.client.seal(MsgType.LogInfo, Buffer.from('next'));
    expect(of).toBe(1);
    expect(openText(pair.master, bytes)).toEqual(['next']);
  });

  test('what comes out: type, number, time, value', () => {
    const { bytes } = pair.client.seal(MsgType.Heartbeat, Buffer.from('beat'));
    expect(pair.master.open(Frame.from(bytes))).toEqual([
      { type: MsgType.Heartbeat, of: 1, timestampMs: pair.bench.clientClock.ms, value: 'beat' },
    ]);
  });

  test('the peer’s largest payload is kept to', () => {
    const ready = Buffer.from('{"maxPayload":100}');
    const small = new Bench().connect('S2S', {}, ready);
    expect(small.client.maxPayload).toBe(100);
    expect(codeOf(() => sealText(small.client, 'x'.repeat(85)))).toBe('too-large');
    expect(openText(small.master, sealText(small.client, 'x'.repeat(84)))).toHaveLength(1);
    const many = small.client.sealBatch(new Array(10).fill(text('0123456789')));
    expect(many.bytes.readUInt32LE(0)).toBeLessThanOrEqual(100);
    expect(small.master.maxPayload).toBe(65_552);
  });

  test.each([
    ['15', 15],
    ['a fraction', 100.5],
    ['text', '100'],
    ['nothing', null],
  ])('READY with a maxPayload of %s is no READY', (_name, maxPayload) => {
    expect(codeOf(() => new Bench().connect('S2S', {}, Buffer.from(JSON.stringify({ maxPayload }))))).toBe(
      'schema',
    );
  });

  test.each([
    MsgType.Hello,
    MsgType.Challenge,
    MsgType.Finish,
    MsgType.Ready,
    MsgType.Rekey,
    MsgType.Batch,
    -1,
    256,
    1.5,
  ])('type %p is not the caller’s to seal', (type) => {
    expect(codeOf(() => pair.client.seal(type, Buffer.alloc(0)))).toBe('argument');
    expect(codeOf(() => pair.client.sealBatch([text('a'), { type, plaintext: Buffer.alloc(0) }]))).toBe(
      'argument',
    );
  });

  test.each([{ rekeyAfterFrames: 2 }, { rekeyAfterFrames: Number.NaN }, { rekeyAfterMs: 0 }])(
    'settings that could not work: %p',
    (settings) => {
      expect(codeOf(() => new Bench().connect('S2S', settings))).toBe('argument');
    },
  );
});

describe('batch', () => {
  const type = MsgType.LogInfo;

  test('a lone message travels alone', () => {
    const { bytes, of } = pair.client.sealBatch([text('alone')]);
    expect(Frame.from(bytes).type).toBe(type);
    expect(of).toEqual([1]);
    expect(openText(pair.master, bytes)).toEqual(['alone']);
  });

  test('no message is no frame', () => {
    expect(pair.client.sealBatch([])).toEqual({ bytes: Buffer.alloc(0), of: [] });
  });

  test('several share one frame, in order, with a number each', () => {
    const { bytes, of } = pair.client.sealBatch([text('a'), text('b', MsgType.Heartbeat), text('')]);
    expect(Frame.from(bytes).type).toBe(MsgType.Batch);
    expect(of).toEqual([1, 2, 3]);
    const opened = pair.master.open(Frame.from(bytes));
    expect(opened.map(({ type: kind, of: number, value }) => [kind, number, value])).toEqual([
      [type, 1, 'a'],
      [MsgType.Heartbeat, 2, 'b'],
      [type, 3, ''],
    ]);
  });

  test.each<[string, string[]]>([
    ['ASCII, with lengths that are not', ['a'.repeat(200), 'b'.repeat(0x80ff)]],
    ['a byte beyond ASCII in one of them', ['a', '\u00e9', 'c']],
    ['a NUL', ['\u0000', '']],
  ])('the texts arrive as they were sent: %s', (_, bodies) => {
    const { bytes } = pair.client.sealBatch(bodies.map((body) => text(body)));
    expect(pair.master.open(Frame.from(bytes)).map(({ value }) => value)).toEqual(bodies);
  });

  test('what does not fit one frame is split under the limit, and all of it arrives in order', () => {
    const sizes = fc.array(
      fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: MAX_PLAINTEXT })),
      {
        minLength: 1,
        maxLength: 12,
      },
    );
    fc.assert(
      fc.property(sizes, (lengths) => {
        const bodies = lengths.map((length, i) => String(i % 10).repeat(length));
        const { bytes, of } = pair.client.sealBatch(bodies.map((body) => text(body)));
        const opened: string[] = [];
        const numbers: number[] = [];
        for (let offset = 0; offset < bytes.length;) {
          const length = bytes.readUInt32LE(offset);
          expect(length).toBeLessThanOrEqual(65_552);
          const one = pair.master.open(Frame.from(bytes.subarray(offset, offset + 57 + length)));
          for (const message of one) {
            opened.push(message.value);
            numbers.push(message.of);
          }
          offset += 57 + length;
        }
        expect(opened).toEqual(bodies);
        expect(numbers).toEqual(of);
      }),
      { numRuns: 40 },
    );
  });

  test('exactly full shares a frame, one byte more does not', () => {
    const half = (MAX_PLAINTEXT - 10) / 2;
    const full = pair.client.sealBatch([text('x'.repeat(half)), text('x'.repeat(half))]);
    expect(full.bytes.readUInt32LE(0)).toBe(65_552);
    expect(full.bytes).toHaveLength(57 + 65_552);
    const split = pair.client.sealBatch([text('x'.repeat(half)), text('x'.repeat(half + 1))]);
    expect(split.bytes.readUInt32LE(0)).toBe(half + 16);
  });

  test('one message that is too large stops the whole before anything is sealed', () => {
    const tooLarge = text('x'.repeat(MAX_PLAINTEXT + 1));
    expect(codeOf(() => pair.client.sealBatch([text('a'), tooLarge]))).toBe('too-large');
    expect(pair.client.seal(type, Buffer.alloc(0)).of).toBe(1);
  });

  test('CLOSE is not batched', () => {
    expect(codeOf(() => pair.client.sealBatch([text('a'), text('{}', MsgType.Close)]))).toBe('argument');
  });

  const a = Buffer.from('a');
  test.each<[string, Buffer]>([
    ['empty', Buffer.alloc(0)],
    ['one message', batch([[type, a]])],
    [
      'a BATCH inside',
      batch([
        [type, a],
        [
          MsgType.Batch,
          batch([
            [type, a],
            [type, a],
          ]),
        ],
      ]),
    ],
    [
      'a REKEY inside',
      batch([
        [type, a],
        [MsgType.Rekey, Buffer.alloc(0)],
      ]),
    ],
    [
      'a CLOSE inside',
      batch([
        [type, a],
        [MsgType.Close, Buffer.from('{}')],
      ]),
    ],
    [
      'a byte too many',
      Buffer.concat([
        batch([
          [type, a],
          [type, a],
        ]),
        a,
      ]),
    ],
    [
      'four bytes too many',
      Buffer.concat([
        batch([
          [type, a],
          [type, a],
        ]),
        Buffer.alloc(4),
      ]),
    ],
    [
      'a byte too few',
      batch([
        [type, a],
        [type, a],
      ]).subarray(0, -1),
    ],
    ['a length of 2^32 − 1', Buffer.concat([batch([[type, a]]), Buffer.from([type, 255, 255, 255, 255]), a])],
    [
      'a last message that fails the schema',
      batch([
        [type, a],
        [type, Buffer.from('bad')],
      ]),
    ],
    [
      'a first message that fails the schema',
      batch([
        [type, Buffer.from('bad')],
        [type, a],
      ]),
    ],
    [
      'an unknown type inside',
      batch([
        [type, a],
        [0x7f, a],
      ]),
    ],
  ])('%s: refused as a whole, and nothing of it counts', (_name, plaintext) => {
    const forger = new ForgedClient();
    expect(codeOf(() => forger.master.open(forger.frame(MsgType.Batch, plaintext)))).toBe('schema');
    const [next] = forger.master.open(forger.frame(type, a));
    expect(next).toMatchObject({ of: 1, value: 'a' });
  });

  test('a batch of two that the table above would accept', () => {
    const forger = new ForgedClient();
    const opened = forger.master.open(
      forger.frame(
        MsgType.Batch,
        batch([
          [type, a],
          [type, a],
        ]),
      ),
    );
    expect(opened.map((message) => message.of)).toEqual([1, 2]);
  });
});

describe('close', () => {
  test('the last frame of its direction, the other direction goes on', () => {
    const { bytes } = pair.client.sealClose('done', 'match over');
    expect(pair.client.sendClosed).toBe(true);
    expect(codeOf(() => sealText(pair.client, 'more'))).toBe('closed');
    expect(codeOf(() => pair.client.sealBatch([text('more')]))).toBe('closed');
    expect(codeOf(() => pair.client.sealClose('again', ''))).toBe('closed');
    expect(codeOf(() => pair.client.sealRekey())).toBe('closed');
    expect(pair.client.rekeyDue).toBe(false);
    expect(openText(pair.master, bytes)).toEqual(['{"code":"done","reason":"match over"}']);
    expect(pair.master.receiveClosed).toBe(true);
    expect(pair.master.sendClosed).toBe(false);
    expect(openText(pair.client, sealText(pair.master, 'still'))).toEqual(['still']);
  });

  test('a frame after CLOSE is refused', () => {
    const forger = new ForgedClient();
    forger.master.open(forger.frame(MsgType.Close, Buffer.from('{}')));
    expect(codeOf(() => forger.master.open(forger.frame(MsgType.LogInfo, Buffer.alloc(0))))).toBe('closed');
  });

  test('a CLOSE that fails the schema closes nothing', () => {
    const forger = new ForgedClient();
    expect(codeOf(() => forger.master.open(forger.frame(MsgType.Close, Buffer.from('bad'))))).toBe('schema');
    expect(forger.master.receiveClosed).toBe(false);
  });
});

test('whatever is sent, in whatever groups, arrives with the numbers that the sender was told', () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('one' as const), body: fc.string({ maxLength: 20 }) }),
    fc.record({
      kind: fc.constant('many' as const),
      bodies: fc.array(fc.string({ maxLength: 20 }), { maxLength: 5 }),
    }),
    fc.record({ kind: fc.constant('rekey' as const) }),
  );
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 60 }),
      fc.integer({ min: 3, max: 9 }),
      (steps, rekeyAfterFrames) => {
        const { client, master } = new Bench().connect('RDV', { rekeyAfterFrames });
        const sent: [number, string][] = [];
        const stream: Buffer[] = [];
        for (const each of steps) {
          if (each.kind === 'rekey') stream.push(client.sealRekey());
          else {
            const bodies = (each.kind === 'one' ? [each.body] : each.bodies).map((body) =>
              Buffer.from(body).toString('latin1'),
            );
            const { bytes, of } = client.sealBatch(bodies.map((body) => text(body)));
            stream.push(bytes);
            bodies.forEach((body, i) => sent.push([of[i] as number, body]));
          }
        }
        const received: [number, string][] = [];
        const bytes = Buffer.concat(stream);
        for (let offset = 0; offset < bytes.length;) {
          const end = offset + 57 + bytes.readUInt32LE(offset);
          for (const { of, value } of master.open(Frame.from(bytes.subarray(offset, end))))
            received.push([of, value]);
          offset = end;
        }
        expect(received).toEqual(sent.map(([of, body]) => [of, body]));
      },
    ),
    { numRuns: 60 },
  );
});
