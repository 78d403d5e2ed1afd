import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { MsgType } from '@ranked/protocol';
import { ChannelRig } from './support/channel-rig.js';
import type { RawPeer } from './support/raw-peer.js';

const LOG = { message: 'hello' };

let rig: ChannelRig;
let peer: RawPeer;
beforeEach(async () => {
  rig = await ChannelRig.start();
  peer = await rig.enter(rig.serverCredential());
});
afterEach(() => rig.stop());

/** The connection ends at once, without a reply, and the cause is known. */
async function expectDropped(cause: string): Promise<void> {
  await peer.closedByMaster();
  await rig.until(() => rig.closes.length === 1);
  expect(rig.closes).toMatchObject([{ cause, replaced: false }]);
  expect(peer.frames).toBe(0);
  expect(rig.registry.serverCount).toBe(0);
}

describe('frames', () => {
  test('arrive when every byte comes in a segment of its own', async () => {
    for (const byte of peer.seal(MsgType.LogInfo, LOG)) peer.send(Buffer.of(byte));
    await rig.until(() => rig.script.handled.length === 1);
    expect(rig.script.handled[0]).toMatchObject({ type: 'LogInfo', message: LOG });
  });

  test('arrive in order when many come in one segment', async () => {
    const frames = Array.from({ length: 200 }, (_, i) => peer.seal(MsgType.LogInfo, { message: String(i) }));
    peer.send(Buffer.concat(frames));
    await rig.until(() => rig.script.handled.length === 200);
    expect(rig.script.handled.map(({ message }) => Number((message as typeof LOG).message))).toEqual(
      frames.map((_, i) => i),
    );
  });

  test('of a BATCH are handled as if they had come alone', async () => {
    const text = (value: unknown) => Buffer.from(JSON.stringify(value));
    const { bytes } = peer.session.sealBatch([
      { type: MsgType.LogWarn, plaintext: text({ message: 'a' }) },
      { type: MsgType.MatchStarted, plaintext: text({ matchId: '0b9ff3c2-58ad-4d0c-8b4a-3f3c1f6f1a11' }) },
      { type: MsgType.LogError, plaintext: text({ message: 'b' }) },
    ]);
    peer.send(bytes);
    expect(await peer.next()).toMatchObject({ type: MsgType.Ack, value: { of: 2, ok: true } });
    await rig.until(() => rig.script.handled.length === 3);
    expect(rig.script.handled.map(({ type }) => type)).toEqual(['LogWarn', 'MatchStarted', 'LogError']);
  });

  test('go on under new keys after REKEY', async () => {
    peer.send(peer.session.sealRekey());
    peer.tell(MsgType.LogInfo, LOG);
    peer.send(peer.session.sealRekey());
    peer.tell(MsgType.LogInfo, LOG);
    await rig.until(() => rig.script.handled.length === 2);
    expect(rig.script.handled.map(({ ctx }) => ctx.messageNumber)).toEqual([2, 4]);
  });
});

describe('a bad frame ends the connection without a reply:', () => {
  test.each<[string, number, string]>([
    ['the HMAC', 4, 'frame:hmac'],
    ['the last byte of the HMAC', 35, 'frame:hmac'],
    ['the nonce', 36, 'frame:hmac'],
    ['the counter', 40, 'frame:hmac'],
    ['the type', 48, 'frame:hmac'],
    ['the time', 49, 'frame:hmac'],
    ['the ciphertext', 57, 'frame:hmac'],
    ['the tag', -1, 'frame:hmac'],
  ])('a bit of %s is wrong', async (_region, offset, cause) => {
    const frame = peer.seal(MsgType.LogInfo, LOG);
    const at = offset < 0 ? frame.length + offset : offset;
    frame[at] = (frame[at] ?? 0) ^ 0x10;
    peer.send(frame);
    await expectDropped(cause);
    expect(rig.s2s.counters.badFrames.toJSON()).toEqual({ hmac: 1 });
    expect(rig.script.handled).toHaveLength(0);
  });

  test.each([
    ['2^32 − 1', 0xffffffff],
    ['one more than the largest', 65_553],
    ['less than a tag', 15],
    ['zero', 0],
  ])('a length of %s, as soon as it is there', async (_name, length) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(length);
    peer.send(bytes);
    await expectDropped('frame:length');
  });

  test.each([
    ['HTTP', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
    ['TLS', Buffer.from('1603010200010001fc0303', 'hex')],
  ])('%s', async (_name, bytes) => {
    peer.send(bytes);
    await expectDropped('frame:length');
  });

  test('the same frame twice', async () => {
    const frame = peer.seal(MsgType.LogInfo, LOG);
    peer.send(Buffer.concat([frame, frame]));
    await expectDropped('frame:replay');
  });

  test('a frame again after 600 more', async () => {
    const frame = peer.seal(MsgType.LogInfo, LOG);
    peer.send(frame);
    for (let i = 0; i < 600; i++) peer.send(peer.seal(MsgType.LogInfo, LOG));
    peer.send(frame);
    await expectDropped('frame:stale');
  });

  test('a frame that one before it was left out of', async () => {
    peer.seal(MsgType.LogInfo, LOG);
    peer.tell(MsgType.LogInfo, LOG);
    await expectDropped('frame:missing');
  });

  test('a frame of another session', async () => {
    const other = await rig.enter(rig.serverCredential());
    peer.send(other.seal(MsgType.LogInfo, LOG));
    await expectDroppedOne('frame:hmac');

    async function expectDroppedOne(cause: string): Promise<void> {
      await peer.closedByMaster();
      await rig.until(() => rig.closes.length === 1);
      expect(rig.closes[0]).toMatchObject({ cause });
      expect(rig.registry.serverCount).toBe(1);
    }
  });

  test("the master's own frame, sent back", async () => {
    peer.tell(MsgType.MatchStarted, { matchId: '0b9ff3c2-58ad-4d0c-8b4a-3f3c1f6f1a11' });
    await peer.next();
    const ack = peer.received.subarray(peer.received.length - 57 - 16 - '{"of":1,"ok":true}'.length);
    peer.send(ack);
    await peer.closedByMaster();
    await rig.until(() => rig.closes.length === 1);
    expect(rig.closes[0]).toMatchObject({ cause: 'frame:hmac' });
  });

  test.each([
    ['behind', -121_000],
    ['ahead', 121_000],
  ])('a time that is more than two minutes off (%s)', async (_name, ms) => {
    rig.clock.advance(ms);
    const frame = peer.seal(MsgType.LogInfo, LOG);
    rig.clock.advance(-ms);
    peer.send(frame);
    await expectDropped('frame:drift');
  });

  test.each<[string, number, unknown]>([
    ['a type that nobody knows', 0x7f, {}],
    ['a message of the other door', MsgType.JoinQueue, { queue: 'duel' }],
    ['a message of the other direction', MsgType.CmdShutdown, { reason: 'x', graceMs: 1 }],
    ['a missing member', MsgType.LogInfo, {}],
    ['a member of the wrong type', MsgType.LogInfo, { message: 1 }],
    ['a message that is no object', MsgType.LogInfo, [LOG]],
  ])('%s', async (_name, type, value) => {
    peer.tell(type, value);
    await expectDropped('frame:schema');
    expect(rig.script.handled).toHaveLength(0);
  });

  test('a BATCH of which one message is bad, and nothing of it is handled', async () => {
    const plaintext = Buffer.from(JSON.stringify(LOG));
    peer.send(
      peer.session.sealBatch([
        { type: MsgType.LogInfo, plaintext },
        { type: MsgType.LogInfo, plaintext: Buffer.from('{}') },
      ]).bytes,
    );
    await expectDropped('frame:schema');
    expect(rig.script.handled).toHaveLength(0);
  });

  test('random bytes after good frames, which were handled', async () => {
    peer.tell(MsgType.LogInfo, LOG);
    await rig.until(() => rig.script.handled.length === 1);
    peer.send(Buffer.concat([Buffer.from('20000000', 'hex'), randomBytes(85)]));
    await expectDropped('frame:hmac');
  });
});

describe('time-outs', () => {
  test('a stall in the middle of a header ends ten seconds after its first byte, other bytes or not', async () => {
    const frame = peer.seal(MsgType.LogInfo, LOG);
    peer.send(frame.subarray(0, 20));
    await rig.settle();
    rig.pass(6_000);
    peer.send(frame.subarray(20, 30));
    await rig.settle();
    rig.pass(3_999);
    expect(rig.registry.serverCount).toBe(1);
    rig.pass(1);
    await expectDropped('frame-timeout');
  });

  test('a peer is silent for three heartbeats at most; any frame breaks the silence', async () => {
    rig.pass(15_000);
    peer.tell(MsgType.LogInfo, LOG);
    await rig.until(() => rig.script.handled.length === 1);
    rig.pass(15_000);
    expect(rig.registry.serverCount).toBe(1);
    rig.pass(1);
    await expectDropped('silent');
  });

  test('bytes that make no frame do not break the silence', async () => {
    const frame = peer.seal(MsgType.LogInfo, LOG);
    rig.pass(9_000);
    peer.send(frame.subarray(0, 4));
    await rig.settle();
    rig.pass(6_001);
    await expectDropped('silent');
  });
});
