import fc from 'fast-check';
import { FRAME_LIMITS, FrameDecoder, ProtocolError, type FrameLimits } from '../src/index.js';
import { codeOf } from './channel-fixture.js';
import { frame } from './slow-protocol.js';

const KEY = Buffer.alloc(32, 1);
const NONCE = Buffer.alloc(12, 2);

function someFrame(payloadLength: number, fill = 3): Buffer {
  return frame(KEY, NONCE, 0x21, 1_800_000_000_000, Buffer.alloc(payloadLength, fill));
}

/** The frames of a stream that comes in these segments, copied, for views would change under a reused buffer. */
function decode(segments: readonly Uint8Array[], limits: FrameLimits = FRAME_LIMITS.sealed): Buffer[] {
  const decoder = new FrameDecoder(limits);
  const frames: Buffer[] = [];
  for (const segment of segments) {
    decoder.push(segment, 0);
    for (let next; (next = decoder.next());) frames.push(Buffer.from(next.bytes));
  }
  return frames;
}

function cut(stream: Buffer, sizes: readonly number[]): Buffer[] {
  const segments: Buffer[] = [];
  let offset = 0;
  for (let i = 0; offset < stream.length; i++) {
    const size = sizes[i % sizes.length] as number;
    segments.push(stream.subarray(offset, offset + size));
    offset += size;
  }
  return segments;
}

describe('segmentation', () => {
  const frames = [16, 17, 300, 16, 5000].map((length, i) => someFrame(length, i));
  const stream = Buffer.concat(frames);

  test.each([
    ['one byte each', [1]],
    ['two bytes each', [2]],
    ['cut inside payload_len', [3, 1000]],
    ['cut behind payload_len', [4, 1000]],
    ['cut inside the header', [56, 1]],
    ['all in one', [1e6]],
  ])('%s', (_name, sizes) => {
    expect(decode(cut(stream, sizes))).toEqual(frames);
  });

  test('any segmentation of any frames gives the frames back', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 16, max: 400 }), { minLength: 1, maxLength: 8 }),
        fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 8 }),
        (lengths, sizes) => {
          const sent = lengths.map((length, i) => someFrame(length, i));
          expect(decode(cut(Buffer.concat(sent), sizes))).toEqual(sent);
        },
      ),
    );
  });

  test('10,000 frames in one segment', () => {
    const one = someFrame(16);
    expect(decode([Buffer.concat(new Array<Buffer>(10_000).fill(one))])).toHaveLength(10_000);
  });

  test('empty segments change nothing', () => {
    const [first] = frames as [Buffer];
    const empty = Buffer.alloc(0);
    expect(decode([empty, first.subarray(0, 2), empty, first.subarray(2), empty])).toEqual([first]);
  });

  test('a frame of the largest payload passes', () => {
    const largest = someFrame(65_552);
    expect(decode(cut(largest, [16_384]))).toEqual([largest]);
  });

  test('the fields of a frame', () => {
    const decoder = new FrameDecoder(FRAME_LIMITS.sealed);
    decoder.push(someFrame(20), 0);
    const next = decoder.next();
    expect(next).toMatchObject({
      type: 0x21,
      timestampMs: 1_800_000_000_000,
      payloadLength: 20,
      iv: 0x02020202,
    });
    expect(next?.payload).toEqual(Buffer.alloc(20, 3));
  });
});

describe('memory', () => {
  test('a frame that lies whole in a segment is a view of it', () => {
    const segment = Buffer.concat([someFrame(16), someFrame(60_000)]);
    const decoder = new FrameDecoder(FRAME_LIMITS.sealed);
    decoder.push(segment, 0);
    expect(decoder.next()?.bytes.buffer).toBe(segment.buffer);
    const second = decoder.next();
    expect(second?.bytes.buffer).toBe(segment.buffer);
    expect(second?.bytes.byteOffset).toBe(segment.byteOffset + 73);
  });

  test('a frame over several segments is copied once, into a buffer of exactly its size', () => {
    const whole = someFrame(60_000);
    const decoder = new FrameDecoder(FRAME_LIMITS.sealed);
    decoder.push(whole.subarray(0, 3), 0);
    expect(decoder.next()).toBeUndefined();
    decoder.push(whole.subarray(3, 30_000), 0);
    expect(decoder.next()).toBeUndefined();
    decoder.push(whole.subarray(30_000), 0);
    const next = decoder.next();
    expect(next?.bytes.equals(whole)).toBe(true);
    expect(next?.bytes.buffer.byteLength).toBe(whole.length);
  });

  test('a claim beyond the limits reserves nothing', () => {
    const before = process.memoryUsage().arrayBuffers;
    for (let i = 0; i < 1000; i++) {
      const decoder = new FrameDecoder(FRAME_LIMITS.hello);
      decoder.push(Buffer.from([0x10, 0x00, 0x01, 0x00]), 0);
      expect(codeOf(() => decoder.next())).toBe('length');
    }
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(4_000_000);
  });
});

describe('limits', () => {
  test.each<[string, FrameLimits, number, boolean]>([
    ['HELLO of 168', FRAME_LIMITS.hello, 168, false],
    ['HELLO of 169', FRAME_LIMITS.hello, 169, true],
    ['HELLO of 170', FRAME_LIMITS.hello, 170, false],
    ['CHALLENGE of 139', FRAME_LIMITS.challenge, 139, false],
    ['CHALLENGE of 140', FRAME_LIMITS.challenge, 140, true],
    ['FINISH of 47', FRAME_LIMITS.finish, 47, false],
    ['FINISH of 48', FRAME_LIMITS.finish, 48, true],
    ['FINISH of 49', FRAME_LIMITS.finish, 49, false],
    ['sealed, 0', FRAME_LIMITS.sealed, 0, false],
    ['sealed, 15', FRAME_LIMITS.sealed, 15, false],
    ['sealed, 16', FRAME_LIMITS.sealed, 16, true],
    ['sealed, 65,552', FRAME_LIMITS.sealed, 65_552, true],
    ['sealed, 65,553', FRAME_LIMITS.sealed, 65_553, false],
    ['2^31', FRAME_LIMITS.sealed, 2 ** 31, false],
    ['2^32 − 1', FRAME_LIMITS.sealed, 2 ** 32 - 1, false],
  ])('%s', (_name, limits, length, allowed) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(length);
    for (const segments of [[bytes], cut(bytes, [1])]) {
      const outcome = () => decode(segments, limits);
      if (allowed) expect(outcome()).toEqual([]);
      else expect(codeOf(outcome)).toBe('length');
    }
  });

  test('three bytes of a bad length are not yet an error, the fourth is', () => {
    const decoder = new FrameDecoder(FRAME_LIMITS.sealed);
    decoder.push(Buffer.alloc(3, 0xff), 0);
    expect(decoder.next()).toBeUndefined();
    decoder.push(Buffer.alloc(1, 0xff), 0);
    expect(codeOf(() => decoder.next())).toBe('length');
  });

  test.each([
    ['HTTP', Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')],
    ['TLS ClientHello', Buffer.from('16030100f8010000f403', 'hex')],
    ['SSH', Buffer.from('SSH-2.0-OpenSSH_9.6\r\n')],
  ])('%s bytes end the stream at the fourth', (_name, bytes) => {
    expect(codeOf(() => decode(cut(bytes, [1]), FRAME_LIMITS.hello))).toBe('length');
    expect(codeOf(() => decode(cut(bytes, [1]), FRAME_LIMITS.sealed))).toBe('length');
  });

  test('the limits that a handled frame sets hold for the next one in the same segment', () => {
    const decoder = new FrameDecoder(FRAME_LIMITS.hello);
    decoder.push(Buffer.concat([someFrame(169), someFrame(48), someFrame(100)]), 0);
    expect(decoder.next()?.payloadLength).toBe(169);
    decoder.limits = FRAME_LIMITS.finish;
    expect(decoder.next()?.payloadLength).toBe(48);
    expect(codeOf(() => decoder.next())).toBe('length');
  });

  test('out of turn, the first byte is an error', () => {
    const decoder = new FrameDecoder(FRAME_LIMITS.nothing);
    decoder.push(Buffer.alloc(0), 0);
    expect(decoder.next()).toBeUndefined();
    decoder.push(Buffer.alloc(1), 0);
    expect(codeOf(() => decoder.next())).toBe('length');
  });

  test('an error lasts: the same one, whatever comes', () => {
    const decoder = new FrameDecoder(FRAME_LIMITS.sealed);
    decoder.push(Buffer.alloc(4), 0);
    expect(codeOf(() => decoder.next())).toBe('length');
    expect(codeOf(() => decoder.next())).toBe('length');
    expect(codeOf(() => decoder.push(someFrame(16), 0))).toBe('length');
    expect(codeOf(() => decoder.next())).toBe('length');
  });

  test('a second chunk before the first is drained is a mistake of the caller', () => {
    const decoder = new FrameDecoder(FRAME_LIMITS.sealed);
    decoder.push(someFrame(16), 0);
    expect(codeOf(() => decoder.push(someFrame(16), 0))).toBe('state');
  });
});

describe('when a frame began', () => {
  test('the time of its first byte, until it is whole', () => {
    const decoder = new FrameDecoder(FRAME_LIMITS.sealed);
    const whole = someFrame(100);
    expect(decoder.beganAt).toBeUndefined();
    decoder.push(whole.subarray(0, 1), 1000);
    decoder.next();
    expect(decoder.beganAt).toBe(1000);
    decoder.push(whole.subarray(1, 90), 5000);
    decoder.next();
    expect(decoder.beganAt).toBe(1000);
    decoder.push(Buffer.concat([whole.subarray(90), whole.subarray(0, 2)]), 9000);
    expect(decoder.next()).toBeDefined();
    expect(decoder.next()).toBeUndefined();
    expect(decoder.beganAt).toBe(9000);
    decoder.push(whole.subarray(2), 9500);
    expect(decoder.next()).toBeDefined();
    expect(decoder.beganAt).toBeUndefined();
  });
});

test('whatever bytes come, in whatever pieces: frames or a ProtocolError, and memory stays flat', () => {
  const limits = Object.values(FRAME_LIMITS);
  const before = process.memoryUsage().arrayBuffers;
  fc.assert(
    fc.property(
      fc.constantFrom(...limits),
      fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 10 }),
      (limit, segments) => {
        try {
          for (const bytes of decode(segments, limit)) {
            expect(bytes.length - 57).toBeGreaterThanOrEqual(limit.min);
            expect(bytes.length - 57).toBeLessThanOrEqual(limit.max);
          }
        } catch (error) {
          expect(error).toBeInstanceOf(ProtocolError);
        }
      },
    ),
    { numRuns: 2000 },
  );
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64_000_000);
});
