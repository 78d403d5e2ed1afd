import { createHmac, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { MacKey } from '../src/mac-key.js';
import * as slow from './slow-protocol.js';

test.each([
  0, 1, 24, 25, 55, 56, 63, 64, 65, 959, 960, 1023, 1024, 16_319, 16_320, 16_383, 16_384, 16_385, 65_609,
])('a message of %i bytes: as createHmac has it, in one part and in three', (length) => {
  const key = randomBytes(32);
  const message = randomBytes(length);
  const expected = createHmac('sha256', key).update(message).digest();
  const mac = new MacKey(key);
  expect(mac.sign(message)).toEqual(expected);
  const third = Math.floor(length / 3);
  expect(
    mac.sign(message.subarray(0, third), message.subarray(third, 2 * third), message.subarray(2 * third)),
  ).toEqual(expected);
});

test.each([0, 1, 31, 32, 63, 64])('a key of %i bytes', (length) => {
  const key = randomBytes(length);
  const message = randomBytes(100);
  expect(new MacKey(key).sign(message)).toEqual(createHmac('sha256', key).update(message).digest());
});

test('a key longer than a block is refused', () => {
  expect(() => new MacKey(randomBytes(65))).toThrow(RangeError);
});

test('the key is copied', () => {
  const key = randomBytes(32);
  const mac = new MacKey(key);
  const before = mac.sign(key);
  const message = Buffer.from(key);
  key.fill(0);
  expect(mac.sign(message)).toEqual(before);
});

test.each([57, 58, 73, 226, 1000, 16_384, 16_415, 16_416, 16_417, 16_440, 65_609])(
  'a clear frame of %i bytes: the HMAC covers all but itself',
  (length) => {
    const key = randomBytes(32);
    const mac = new MacKey(key);
    const frame = randomBytes(length);
    mac.signClear(frame);
    expect(frame.subarray(4, 36)).toEqual(slow.hmac(key, slow.withoutHmac(frame)));
    expect(mac.verifyClear(frame)).toBe(true);
    const at = Math.floor(length / 2);
    frame[at] = (frame[at] as number) ^ 1;
    expect(mac.verifyClear(frame)).toBe(false);
  },
);

test('keys and frames in any order do not disturb one another', () => {
  const keys = Array.from({ length: 4 }, () => randomBytes(32));
  const macs = keys.map((key) => new MacKey(key));
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(3), fc.nat(2000)), { maxLength: 30 }), (calls) => {
      for (const [which, length] of calls) {
        const message = Buffer.alloc(length, which);
        expect((macs[which] as MacKey).sign(message).equals(slow.hmac(keys[which] as Buffer, message))).toBe(
          true,
        );
      }
    }),
    { numRuns: 50 },
  );
});
