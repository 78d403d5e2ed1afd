import fc from 'fast-check';
import { decodeMessage } from '../src/messages/index.js';
import { ProtocolError } from '../src/errors.js';
import { MsgType } from '../src/msg-type.js';
import { MATCH, PLAYER, SAMPLES } from './messages-samples.js';
import { spoil } from './messages-spoiled.js';

function decodeJoin(plaintext: string | Uint8Array): unknown {
  return decodeMessage('RDV', 'c2s', MsgType.JoinQueue, Buffer.from(plaintext as Uint8Array));
}

function verdict(plaintext: string | Uint8Array): string {
  try {
    decodeJoin(plaintext);
    return 'accepted';
  } catch (error) {
    if (error instanceof ProtocolError) return error.code;
    throw error;
  }
}

const around = (inner: string) => `{"queue":"duel","extra":${inner}}`;
const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
const bytes = (...parts: (string | readonly number[])[]) =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part))));

describe('bytes that are not a JSON object in UTF-8', () => {
  test.each([
    ['nothing', Buffer.alloc(0)],
    ['zeros', Buffer.alloc(64)],
    ['a byte-order mark', bytes([0xef, 0xbb, 0xbf], '{"queue":"duel"}')],
    ['a byte-order mark as text', Buffer.from('\ufeff{"queue":"duel"}')],
    ['UTF-16', Buffer.from('{"queue":"duel"}', 'utf16le')],
    ['a lone continuation byte', bytes('{"queue":"', [0x80], '"}')],
    ['a truncated sequence', bytes('{"queue":"', [0xf0, 0x9f, 0x8e], '"}')],
    ['an overlong slash', bytes('{"queue":"', [0xc0, 0xaf], '"}')],
    ['a surrogate in UTF-8', bytes('{"queue":"', [0xed, 0xa0, 0x80], '"}')],
    ['a code point beyond U+10FFFF', bytes('{"queue":"', [0xf4, 0x90, 0x80, 0x80], '"}')],
    ['bad UTF-8 in an unknown member', bytes('{"queue":"duel","x":"', [0xff], '"}')],
    ['a list', '["queue"]'],
    ['a string', '"duel"'],
    ['null', 'null'],
    ['two objects', '{"queue":"duel"}{"queue":"duel"}'],
    ['a trailing comma', '{"queue":"duel",}'],
    ['a comment', '{"queue":"duel"}//'],
    ['NaN', around('NaN')],
    ['an unescaped line break', '{"queue":"du\nel"}'],
    ['a lone surrogate by escape', '{"queue":"\\ud800"}'],
    ['two surrogates the wrong way round', '{"queue":"\\udc00\\ud800"}'],
    ['NUL by escape', '{"queue":"\\u0000"}'],
  ])('%s is refused', (_, plaintext) => expect(verdict(plaintext)).toBe('schema'));

  test.each([
    ['white space around it', ' \r\n\t{ "queue" : "duel" } '],
    ['a surrogate pair by escape', '{"queue":"\\ud83c\\udfb2"}'],
    ['a lone surrogate in an unknown member', around('"\\ud800"')],
    ['an infinite number in an unknown member', around('1e999')],
  ])('%s is taken', (_, plaintext) => expect(verdict(plaintext)).toBe('accepted'));
});

describe('depth: 16 levels, the message being the first', () => {
  test.each([
    ['15 lists inside', around(nested(15)), 'accepted'],
    ['16 lists inside', around(nested(16)), 'schema'],
    ['15 objects inside', around('{"a":'.repeat(14) + '{}' + '}'.repeat(14)), 'accepted'],
    ['16 objects inside', around('{"a":'.repeat(15) + '{}' + '}'.repeat(15)), 'schema'],
    ['100 lists side by side', around(`[${Array.from({ length: 100 }, () => '[]').join()}]`), 'accepted'],
    ['brackets in a string', around(JSON.stringify('['.repeat(1000))), 'accepted'],
    ['brackets after an escaped quote', around(JSON.stringify(`"\\"${'{'.repeat(1000)}`)), 'accepted'],
    ['depth after a string that ends in a backslash', around(`["\\\\",${nested(16)}]`), 'schema'],
    ['60,000 opening brackets', '['.repeat(60_000), 'schema'],
    ['30,000 nested objects', '{"a":'.repeat(10_000) + '1' + '}'.repeat(10_000), 'schema'],
    ['closing brackets first', ']'.repeat(50) + nested(17), 'schema'],
  ])('%s: %s', (_, plaintext, expected) => expect(verdict(plaintext)).toBe(expected));

  test('the scan and a plain recursive measure agree', () => {
    const depthOf = (value: unknown): number =>
      typeof value === 'object' && value !== null
        ? 1 + Math.max(0, ...Object.values(value).map((member) => depthOf(member)))
        : 0;
    fc.assert(
      fc.property(
        fc.jsonValue({ maxDepth: 20, depthSize: 'max', noUnicodeString: false }),
        fc.nat(16),
        (value, extra) => {
          let deep: unknown = value;
          for (let i = 0; i < extra; i++) deep = i % 2 === 0 ? [deep] : { '[{"\\': deep };
          const whole = { queue: 'duel', extra: deep };
          expect(verdict(JSON.stringify(whole))).toBe(depthOf(whole) <= 16 ? 'accepted' : 'schema');
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('names', () => {
  test('of a name that occurs twice the last one counts', () => {
    expect(decodeJoin('{"queue":"first","queue":"last"}')).toEqual({ queue: 'last' });
    expect(decodeJoin('{"queue":7,"queue":"last"}')).toEqual({ queue: 'last' });
    expect(verdict('{"queue":"first","queue":7}')).toBe('schema');
    expect(decodeJoin('{"queue":"first","\\u0071ueue":"last"}')).toEqual({ queue: 'last' });
  });

  test('__proto__ is ignored: neither kept, nor a prototype, nor a source of members', () => {
    const value = decodeJoin('{"queue":"duel","__proto__":{"admin":true}}') as Record<string, unknown>;
    expect(Object.keys(value)).toEqual(['queue']);
    expect(value['admin']).toBeUndefined();
    expect(verdict('{"__proto__":{"queue":"duel"}}')).toBe('schema');
  });

  test('__proto__ among free names is ignored, even with a wrong value, and does not count', () => {
    const stats = Array.from({ length: 32 }, (_, i) => `"s${i}":${i}`).join();
    const plaintext = `{"matchId":"${MATCH}","durationMs":1,"teams":[{"rank":0}],
      "players":[{"id":"${PLAYER}","stats":{"__proto__":{"x":1},${stats},"__proto__":5}}]}`;
    const result = decodeMessage('S2S', 'c2s', MsgType.MatchResult, Buffer.from(plaintext));
    const decoded = result.players[0]?.stats ?? {};
    expect(Object.keys(decoded)).toHaveLength(32);
    expect(Object.hasOwn(decoded, '__proto__')).toBe(false);
    expect('x' in decoded).toBe(false);
  });

  test('nothing inherited counts, whatever somebody hung on Object.prototype', () => {
    const polluted = Object.prototype as unknown as Record<string, unknown>;
    polluted['queue'] = 'inherited';
    polluted['load'] = 0.5;
    polluted['error'] = { code: 'x', message: 'y' };
    try {
      expect(verdict('{}')).toBe('schema');
      const ack = decodeMessage('S2S', 'c2s', MsgType.Ack, Buffer.from('{"of":1,"ok":true}'));
      expect(ack.error).toBeUndefined();
      // A stray inherited member of a wrong type must not spoil a valid message either.
      polluted['error'] = 7;
      expect(decodeMessage('S2S', 'c2s', MsgType.Ack, Buffer.from('{"of":1,"ok":true}')).ok).toBe(true);
      const heartbeat = SAMPLES.find((s) => s.service === 'S2S' && s.type === MsgType.Heartbeat)?.full;
      const withoutLoad = JSON.stringify({ ...heartbeat, load: undefined });
      const decoded = decodeMessage('S2S', 'c2s', MsgType.Heartbeat, Buffer.from(withoutLoad));
      expect(decoded.load).toBeUndefined();
      expect('load' in decoded).toBe(false);
    } finally {
      delete polluted['queue'];
      delete polluted['load'];
      delete polluted['error'];
    }
    expect(({} as Record<string, unknown>)['queue']).toBeUndefined();
  });
});

describe('whatever arrives, a clean value or a ProtocolError', () => {
  const sample = fc.constantFrom(...SAMPLES);

  function clean(service: 'S2S' | 'RDV', direction: 'c2s' | 's2c', type: number, plaintext: Buffer): void {
    let value: unknown;
    try {
      value = decodeMessage(service, direction, type, plaintext);
    } catch (error) {
      expect(error).toBeInstanceOf(ProtocolError);
      expect((error as ProtocolError).code).toBe('schema');
      return;
    }
    // What was taken is stable: encoded and decoded again it stays the same.
    const again = decodeMessage(service, direction, type, Buffer.from(JSON.stringify(value)));
    expect(again).toEqual(value);
  }

  test('random bytes under every type', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('S2S' as const, 'RDV' as const),
        fc.constantFrom('c2s' as const, 's2c' as const),
        fc.nat(255),
        fc.uint8Array({ maxLength: 300 }),
        (service, direction, type, bytes) => clean(service, direction, type, Buffer.from(bytes)),
      ),
      { numRuns: 500 },
    );
  });

  test('valid messages with bytes changed, cut out and put in', () => {
    const edit = fc.record({ at: fc.nat(), cut: fc.nat(3), put: fc.uint8Array({ maxLength: 3 }) });
    fc.assert(
      fc.property(sample, fc.array(edit, { minLength: 1, maxLength: 4 }), (s, edits) => {
        let plaintext = Buffer.from(JSON.stringify(s.full));
        for (const { at, cut, put } of edits) {
          const i = at % (plaintext.length + 1);
          plaintext = Buffer.concat([plaintext.subarray(0, i), put, plaintext.subarray(i + cut)]);
        }
        clean(s.service, s.direction, s.type, plaintext);
      }),
      { numRuns: 1000 },
    );
  });

  test('random JSON under every type', () => {
    fc.assert(
      fc.property(sample, fc.json({ noUnicodeString: false }), (s, json) =>
        clean(s.service, s.direction, s.type, Buffer.from(json)),
      ),
      { numRuns: 500 },
    );
  });

  test('every message with each of its members taken away or replaced', () => {
    for (const s of SAMPLES) {
      for (const { value } of spoil(s.full)) {
        clean(s.service, s.direction, s.type, Buffer.from(JSON.stringify(value)));
      }
    }
  });
});
