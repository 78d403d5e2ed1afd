import {
  decodeClose,
  decodeMessage,
  decodeReady,
  encodeClose,
  encodeMessage,
  encodeReady,
  isMessageType,
} from '../src/messages/index.js';
import type { MatchResult } from '../src/messages/index.js';
import { ProtocolError } from '../src/errors.js';
import { MsgType } from '../src/msg-type.js';
import { MATCH, PLAYER, SAMPLES } from './messages-samples.js';

const S2S_HEARTBEAT = SAMPLES.find((s) => s.service === 'S2S' && s.type === MsgType.Heartbeat)?.full ?? {};

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}

function codeOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof ProtocolError) return error.code;
    throw error;
  }
  return 'accepted';
}

function verdict(type: number, value: unknown): string {
  return codeOf(() => decodeMessage('S2S', 'c2s', type, json(value)));
}

describe('every message of the table', () => {
  test('is one of 33', () => expect(SAMPLES).toHaveLength(33));

  test.each(SAMPLES)('$name: what is encoded is decoded', ({ service, direction, type, full }) => {
    // The sample's type is not known statically: JSON stands in for encodeMessage, which its own test covers.
    expect(decodeMessage(service, direction, type, json(full))).toEqual(full);
    expect(isMessageType(service, direction, type)).toBe(true);
  });

  test.each(SAMPLES)('$name: unknown members are not passed on', ({ service, direction, type, full }) => {
    const wider = { ...full, isAdmin: true, toString: 'x', constructor: { prototype: 1 } };
    expect(decodeMessage(service, direction, type, json(wider))).toEqual(full);
  });
});

describe('the types of each service and direction', () => {
  const types = [...Array(256).keys()];
  test.each([
    ['S2S', 'c2s', [0x07, 0x11, 0x12, 0x13, 0x21, 0x22, 0x24]],
    ['S2S', 's2c', [0x07, 0x31, 0x32, 0x33, 0x34, 0x36]],
    ['RDV', 'c2s', [0x21, 0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48]],
    ['RDV', 's2c', [0x07, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57, 0x58, 0x59, 0x5a]],
  ] as const)('%s %s', (service, direction, allowed) => {
    expect(types.filter((type) => isMessageType(service, direction, type))).toEqual(allowed);
    for (const type of types.filter((t) => !(allowed as readonly number[]).includes(t))) {
      expect(codeOf(() => decodeMessage(service, direction, type, json({})))).toBe('schema');
    }
  });
});

describe('bounds, both sides of each', () => {
  test.each([
    ['port', 0, 'schema'],
    ['port', 1, 'accepted'],
    ['port', 65_535, 'accepted'],
    ['port', 65_536, 'schema'],
    ['port', 80.5, 'schema'],
    ['port', '80', 'schema'],
    ['load', 0, 'accepted'],
    ['load', 1, 'accepted'],
    ['load', 1.000001, 'schema'],
    ['load', null, 'schema'],
    ['capacity', 10_000, 'accepted'],
    ['capacity', 10_001, 'schema'],
    ['players', -1, 'schema'],
    ['name', '', 'schema'],
    ['name', 'x'.repeat(64), 'accepted'],
    ['name', 'x'.repeat(65), 'schema'],
    // Length counts code points: 64 dice are 128 UTF-16 units and 256 bytes.
    ['name', '🎲'.repeat(64), 'accepted'],
    ['name', '🎲'.repeat(65), 'schema'],
    // 64 letters with a combining accent each are 128 code points, though 64 visible characters.
    ['name', 'e\u0301'.repeat(64), 'schema'],
    ['name', 'a\u0000b', 'schema'],
    ['name', 'tab\tand\nline', 'accepted'],
    ['region', 'r'.repeat(33), 'schema'],
    ['matches', Array.from({ length: 1000 }, () => MATCH), 'accepted'],
    ['matches', Array.from({ length: 1001 }, () => MATCH), 'schema'],
    ['matches', [MATCH.toUpperCase()], 'schema'],
    ['matches', [`${MATCH}\n`], 'schema'],
    ['matches', [MATCH.slice(1)], 'schema'],
    ['matches', { 0: MATCH, length: 1 }, 'schema'],
    ['queues', [], 'accepted'],
    ['queues', Array.from({ length: 65 }, () => 'q'), 'schema'],
    ['accepting', 1, 'schema'],
  ])('heartbeat with %s = %j: %s', (member, value, expected) => {
    expect(verdict(MsgType.Heartbeat, { ...S2S_HEARTBEAT, [member]: value })).toBe(expected);
  });

  test.each([
    [{ of: Number.MAX_SAFE_INTEGER, ok: true }, 'accepted'],
    [{ of: 2 ** 53, ok: true }, 'schema'],
    [{ of: -1, ok: true }, 'schema'],
    [{ of: 1 }, 'schema'],
    [{ of: 1, ok: false }, 'accepted'],
    [{ of: 1, ok: false, error: { code: 'x' } }, 'schema'],
  ])('Ack %j: %s', (ack, expected) => expect(verdict(MsgType.Ack, ack)).toBe(expected));

  test.each([
    [{ a: 1 }, 'accepted'],
    [{}, 'accepted'],
    [Object.fromEntries(Array.from({ length: 32 }, (_, i) => [`s${i}`, i])), 'accepted'],
    [Object.fromEntries(Array.from({ length: 33 }, (_, i) => [`s${i}`, i])), 'schema'],
    [{ ['k'.repeat(64)]: 1 }, 'accepted'],
    [{ ['k'.repeat(65)]: 1 }, 'schema'],
    [{ '': 1 }, 'schema'],
    [{ a: 'x' }, 'schema'],
    [{ a: null }, 'schema'],
    // A name with a line break is checked like any other.
    [{ 'a\nb': { deep: [] } }, 'schema'],
    [{ 'a\nb': 1 }, 'accepted'],
    [{ hasOwnProperty: 1, constructor: 2, toString: 3 }, 'accepted'],
  ])('stats %j: %s', (stats, expected) => {
    const result = { matchId: MATCH, durationMs: 1, teams: [{ rank: 0 }], players: [{ id: PLAYER, stats }] };
    expect(verdict(MsgType.MatchResult, result)).toBe(expected);
  });

  test.each([
    ['E', 'accepted'],
    // Not canonical: its last two bits are not zero.
    ['F', 'schema'],
    ['=', 'schema'],
  ])('a join token that ends in %s: %s', (last, expected) => {
    const found = SAMPLES.find((s) => s.type === MsgType.MatchFound)?.full;
    const bytes = json({ ...found, joinToken: 'A'.repeat(42) + last });
    expect(codeOf(() => decodeMessage('RDV', 's2c', MsgType.MatchFound, bytes))).toBe(expected);
  });
});

describe('encodeMessage', () => {
  const result: MatchResult = { matchId: MATCH, durationMs: 5, teams: [{ rank: 0 }], players: [] };

  test('leaves out what the schema does not name, inherited members and undefined', () => {
    class Rich {
      matchId = MATCH;
      durationMs = 5;
      teams = [{ rank: 0, secret: 'x' }];
      players = [{ id: PLAYER, stats: undefined }];
      token = 'secret';
    }
    const plaintext = encodeMessage('S2S', 'c2s', MsgType.MatchResult, new Rich());
    expect(JSON.parse(plaintext.toString())).toEqual({ ...result, players: [{ id: PLAYER }] });
    expect(plaintext.toString()).not.toContain('secret');
  });

  test.each([
    ['a wrong member', { ...result, durationMs: -1 }],
    ['a fraction for an integer', { ...result, durationMs: 0.5 }],
    ['NaN', { ...result, teams: [{ rank: 0, score: NaN }] }],
    ['infinity', { ...result, teams: [{ rank: 0, score: Infinity }] }],
    ['a hole in a list', { ...result, teams: Array<{ rank: number }>(1) }],
    ['no teams', { ...result, teams: [] }],
  ])('refuses %s', (_, value) => {
    expect(codeOf(() => encodeMessage('S2S', 'c2s', MsgType.MatchResult, value))).toBe('schema');
  });

  test('asks an object for its members, not for its JSON', () => {
    const heard = { ...result, toJSON: () => ({}) };
    const plaintext = encodeMessage('S2S', 'c2s', MsgType.MatchResult, heard);
    expect(JSON.parse(plaintext.toString())).toEqual(result);
  });

  test('refuses what fits the schema but not a frame, with its size', () => {
    const stats = Object.fromEntries(Array.from({ length: 32 }, (_, i) => [`${i}`.padEnd(64, '.'), 1]));
    const players = Array.from({ length: 40 }, () => ({ id: PLAYER, stats }));
    expect(() => encodeMessage('S2S', 'c2s', MsgType.MatchResult, { ...result, players })).toThrow(
      expect.objectContaining({
        code: 'too-large',
        message: expect.stringMatching(/takes \d{5,} bytes, more than the 65536/) as string,
      }),
    );
  });

  test('the largest log line and heartbeat of ordinary text fit', () => {
    const line = encodeMessage('S2S', 'c2s', MsgType.LogError, { message: '🎲'.repeat(4096) });
    expect(line.length).toBeGreaterThan(16_384);
    const full = { ...S2S_HEARTBEAT, matches: Array.from({ length: 1000 }, () => MATCH) };
    expect(verdict(MsgType.Heartbeat, full)).toBe('accepted');
  });
});

describe('READY and CLOSE', () => {
  const ready = { sessionId: 'a', serverTime: 1, heartbeatMs: 5000, maxPayload: 65_552 };
  test('round trip', () => {
    expect(decodeReady(encodeReady(ready))).toEqual(ready);
    expect(decodeClose(encodeClose({ code: 'bye', reason: '' }))).toEqual({ code: 'bye', reason: '' });
  });
  test.each([
    { ...ready, heartbeatMs: 0 },
    { ...ready, heartbeatMs: 2 ** 31 },
    { ...ready, maxPayload: 15 },
    { ...ready, serverTime: 1.5 },
    { ...ready, sessionId: undefined },
  ])('READY %j is refused', (value) => expect(codeOf(() => decodeReady(json(value)))).toBe('schema'));
  test('CLOSE without a code is refused', () =>
    expect(codeOf(() => decodeClose(json({ reason: 'x' })))).toBe('schema'));
});

test('errors name the place and the rule, never the value', () => {
  const spoilt = {
    matchId: MATCH,
    durationMs: 1,
    teams: [{ rank: 0 }],
    players: [{ id: PLAYER, stats: { topsecret: 'hunter2' } }],
  };
  const message = (() => {
    try {
      decodeMessage('S2S', 'c2s', MsgType.MatchResult, json(spoilt));
      return '';
    } catch (error) {
      return String(error);
    }
  })();
  expect(message).toBe('ProtocolError: S2S MatchResult does not fit its schema at "/players/0/stats" (type)');
});
