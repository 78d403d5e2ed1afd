import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { MsgType } from '@ranked/protocol';
import { AckTimeoutError, ConnectionClosedError } from '../src/channel/connection-errors.js';
import type { Connection } from '../src/channel/connection.js';
import type { ServerPeer } from '../src/channel/peer.js';
import { Refusal } from '../src/channel/refusal.js';
import { ChannelRig } from './support/channel-rig.js';
import type { RawPeer } from './support/raw-peer.js';

const MATCH = { matchId: '0b9ff3c2-58ad-4d0c-8b4a-3f3c1f6f1a11' };
const KICK = { ...MATCH, playerId: '1f0f7a1e-7a3e-4b53-8d7e-6f2d5a5f0c22', reason: 'test' };

let rig: ChannelRig;
let peer: RawPeer;
let connection: Connection<ServerPeer>;

/** A rig with one game server connected. */
async function start(...settings: Parameters<typeof ChannelRig.start>): Promise<void> {
  rig = await ChannelRig.start(...settings);
  const credential = rig.serverCredential();
  peer = await rig.enter(credential);
  connection = rig.registry.server(credential.id) as Connection<ServerPeer>;
}

/** A promise and what settles it. */
function gate(): { promise: Promise<void>; open: () => void } {
  let open = (): void => undefined;
  return { promise: new Promise((resolve) => (open = resolve)), open: () => open() };
}

afterEach(() => rig.stop());

describe('a handler', () => {
  beforeEach(() => start());

  test('gets the message, and who sent it from the handshake', async () => {
    peer.tell(MsgType.LogInfo, { message: 'hello', name: 'somebody else', at: 5 });
    await rig.until(() => rig.script.handled.length === 1);
    const [{ message, ctx } = { message: undefined, ctx: undefined }] = rig.script.handled;
    expect(message).toEqual({ message: 'hello', at: 5 });
    expect(ctx?.connection).toBe(connection);
    expect(ctx?.peer).toBe(connection.peer);
    expect(ctx).toMatchObject({ messageNumber: 1, receivedAt: rig.clock.now() });
  });

  test('is the one of its door', async () => {
    const player = await rig.enter(rig.playerCredential());
    peer.tell(MsgType.Heartbeat, heartbeat());
    await rig.until(() => rig.script.handled.length === 1);
    player.tell(MsgType.Heartbeat, {});
    await rig.until(() => rig.script.handled.length === 2);
    expect(rig.script.handled.map(({ ctx }) => ctx.peer.kind)).toEqual(['server', 'player']);
  });

  test('has its lines logged with the connection and the peer', async () => {
    rig.script.on.set('LogInfo', ({ ctx }) => ctx.log.info('noted'));
    peer.tell(MsgType.LogInfo, { message: 'x' });
    await rig.until(() => rig.logLines.some(({ msg }) => msg === 'noted'));
    expect(rig.logLines.find(({ msg }) => msg === 'noted')).toMatchObject({
      connectionId: connection.id,
      peer: connection.peer.certificateId,
    });
  });
});

describe('an Ack', () => {
  beforeEach(() => start());

  test('goes out when the promise of the handler has resolved, not before', async () => {
    const { promise, open } = gate();
    rig.script.on.set('MatchStarted', () => promise);
    const of = peer.tell(MsgType.MatchStarted, MATCH);
    await rig.until(() => rig.script.handled.length === 1);
    await rig.settle();
    expect(peer.frames).toBe(0);
    open();
    expect(await peer.next()).toMatchObject({ type: MsgType.Ack, of: 1, value: { of, ok: true } });
  });

  test('names the code of a refusal', async () => {
    rig.script.on.set('MatchStarted', () => {
      throw new Refusal('not_yours', 'the match is on another server');
    });
    const of = peer.tell(MsgType.MatchStarted, MATCH);
    const error = { code: 'not_yours', message: 'the match is on another server' };
    expect((await peer.next()).value).toEqual({ of, ok: false, error });
    expect(rig.s2s.counters).toMatchObject({ refused: 1, handlerErrors: 0 });
    expect(rig.logLines).toHaveLength(0);
  });

  test('says "internal" and nothing else when a handler fails; the log has it, once a second', async () => {
    rig.script.on.set('MatchStarted', () => Promise.reject(new Error('constraint failed: secret detail')));
    for (let i = 0; i < 5; i++) {
      peer.tell(MsgType.MatchStarted, MATCH);
      const { value } = await peer.next();
      expect(value).toMatchObject({ ok: false, error: { code: 'internal' } });
      expect(JSON.stringify(value)).not.toContain('secret detail');
    }
    expect(rig.s2s.counters.handlerErrors).toBe(5);
    expect(rig.logLines).toHaveLength(1);
    expect(rig.logLines[0]).toMatchObject({
      kind: 'handler-error',
      messageType: 'MatchStarted',
      connectionId: connection.id,
      err: { message: 'constraint failed: secret detail' },
    });
    expect(connection.isOpen).toBe(true);
  });

  test('is not sent for a heartbeat or a log, even if its handler fails', async () => {
    rig.script.on.set('LogInfo', () => Promise.reject(new Error('no')));
    peer.tell(MsgType.LogInfo, { message: 'x' });
    peer.tell(MsgType.Heartbeat, heartbeat());
    peer.tell(MsgType.MatchStarted, MATCH);
    expect((await peer.next()).value).toEqual({ of: 3, ok: true });
    expect(peer.frames).toBe(1);
  });

  test('that nobody waits for is ignored and counted', async () => {
    peer.tell(MsgType.Ack, { of: 77, ok: true });
    await rig.until(() => rig.s2s.counters.unexpectedAcks === 1);
    expect(connection.isOpen).toBe(true);
    expect(rig.script.handled).toHaveLength(0);
  });
});

describe('a request', () => {
  beforeEach(() => start());

  test('resolves with the Ack of its number, in whatever order the Acks come', async () => {
    const kick = connection.request(MsgType.CmdKickPlayer, KICK, 3_000);
    connection.send(MsgType.CmdForceStart, MATCH);
    const start = connection.request(MsgType.CmdForceStart, MATCH, 3_000);
    const [first, second, third] = [await peer.next(), await peer.next(), await peer.next()];
    expect(peer.frames).toBe(1);
    expect(first).toMatchObject({ type: MsgType.CmdKickPlayer, of: 1, value: KICK });
    expect(third).toMatchObject({ type: MsgType.CmdForceStart, of: 3 });
    const error = { code: 'unknown_match', message: '' };
    peer.tell(MsgType.Ack, { of: third.of, ok: false, error });
    peer.tell(MsgType.Ack, { of: first.of, ok: true });
    peer.tell(MsgType.Ack, { of: second.of, ok: true });
    await expect(start).resolves.toEqual({ of: 3, ok: false, error });
    await expect(kick).resolves.toEqual({ of: 1, ok: true });
    await rig.until(() => rig.s2s.counters.unexpectedAcks === 1);
  });

  test('may be made by a handler of the same connection, which then waits for the Ack', async () => {
    rig.script.on.set('MatchStarted', async () => {
      const ack = await connection.request(MsgType.CmdForceStart, MATCH, 3_000);
      if (!ack.ok) throw new Refusal('bad_state', 'no');
    });
    const of = peer.tell(MsgType.MatchStarted, MATCH);
    const command = await peer.next();
    peer.tell(MsgType.LogInfo, { message: 'in between' });
    peer.tell(MsgType.Ack, { of: command.of, ok: true });
    expect((await peer.next()).value).toEqual({ of, ok: true });
    await rig.until(() => rig.script.handled.length === 2);
  });

  test('is rejected when its time is over; the late Ack is counted', async () => {
    const request = connection.request(MsgType.CmdForceStart, MATCH, 3_000);
    const outcome = expect(request).rejects.toThrow(AckTimeoutError);
    const command = await peer.next();
    rig.pass(2_999);
    expect(rig.s2s.counters.ackTimeouts).toBe(0);
    rig.pass(1);
    await outcome;
    expect(rig.s2s.counters.ackTimeouts).toBe(1);
    peer.tell(MsgType.Ack, { of: command.of, ok: true });
    await rig.until(() => rig.s2s.counters.unexpectedAcks === 1);
  });

  test.each<[string, () => void]>([
    ['the peer vanishes', () => peer.socket.destroy()],
    ['the peer closes', () => peer.bye()],
    ['the master closes', () => connection.close('revoked', 'certificate revoked')],
    ['the connection is destroyed', () => connection.destroy('test')],
  ])('is rejected when %s', async (_case, end) => {
    const sent = connection.request(MsgType.CmdForceStart, MATCH, 3_000);
    const outcome = expect(sent).rejects.toThrow(ConnectionClosedError);
    await peer.next();
    end();
    await outcome;
    await rig.until(() => !connection.isOpen);
    await expect(connection.request(MsgType.CmdForceStart, MATCH, 3_000)).rejects.toThrow(
      ConnectionClosedError,
    );
    expect(connection.send(MsgType.CmdForceStart, MATCH)).toBe(false);
  });

  test('that is queued but not yet written is rejected when the connection is destroyed', async () => {
    const request = connection.request(MsgType.CmdForceStart, MATCH, 3_000);
    connection.destroy('test');
    await expect(request).rejects.toThrow(ConnectionClosedError);
  });

  test('of a message that does not fit its schema is rejected and not sent', async () => {
    await expect(connection.request(MsgType.CmdForceStart, { matchId: 'x' }, 3_000)).rejects.toMatchObject({
      code: 'schema',
    });
    expect(connection.isOpen).toBe(true);
  });
});

describe('the writer', () => {
  test('puts all messages of a turn into one frame, Acks included, and more than 64 KiB into as few as hold them', async () => {
    await start();
    for (let i = 0; i < 10; i++) connection.send(MsgType.CmdForceStart, MATCH);
    for (let i = 0; i < 10; i++) await peer.next();
    expect(peer.frames).toBe(1);

    const reason = 'x'.repeat(200);
    for (let i = 0; i < 500; i++) connection.send(MsgType.CmdCancelMatch, { ...MATCH, reason });
    for (let i = 0; i < 500; i++) expect(await peer.next()).toMatchObject({ of: 11 + i });
    expect(peer.frames).toBe(1 + Math.ceil((500 * (reason.length + 66)) / 65_536));
    expect(rig.s2s.counters.messagesOut).toBe(510);
  });

  test('answers a burst in few frames', async () => {
    await start();
    const frames = Array.from({ length: 64 }, () => peer.seal(MsgType.MatchStarted, MATCH));
    peer.send(Buffer.concat(frames));
    for (let i = 0; i < 64; i++) await peer.next();
    expect(peer.frames).toBeLessThan(16);
  });

  test('drops a peer that never reads, when its queue is full', async () => {
    await start({ writeQueueBytes: 65_536 });
    peer.socket.pause();
    const reason = 'x'.repeat(200);
    let sent = 0;
    while (connection.send(MsgType.CmdCancelMatch, { ...MATCH, reason })) {
      sent += 1;
      if (sent % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await rig.until(() => rig.closes.length === 1);
    expect(rig.closes[0]).toMatchObject({ cause: 'slow-reader' });
    expect(connection.send(MsgType.CmdForceStart, MATCH)).toBe(false);
    expect(rig.s2s.counters.ended.of('slow-reader')).toBe(1);
  });

  test('drops a peer that has read nothing for ten seconds, however little waits', async () => {
    await start();
    await fillKernelBuffers();
    for (let second = 0; second < 10; second++) {
      expect(connection.isOpen).toBe(true);
      await stayAlive();
      rig.pass(1_000);
    }
    await rig.until(() => rig.closes.length === 1);
    expect(rig.closes[0]).toMatchObject({ cause: 'slow-reader' });
  });

  test('keeps a peer that reads on before the ten seconds are over', async () => {
    await start();
    await fillKernelBuffers();
    await stayAlive();
    rig.pass(9_999);
    peer.socket.resume();
    await rig.until(() => !connection.isStalled);
    await stayAlive();
    rig.pass(10_000);
    expect(connection.isOpen).toBe(true);
  });

  /** Sends to a peer that does not read until something stays behind in this process. */
  async function fillKernelBuffers(): Promise<void> {
    peer.socket.pause();
    const reason = 'x'.repeat(200);
    for (let turn = 0; turn < 500 && !connection.isStalled; turn++) {
      for (let i = 0; i < 200; i++) connection.send(MsgType.CmdCancelMatch, { ...MATCH, reason });
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(connection.isStalled).toBe(true);
    expect(connection.isOpen).toBe(true);
  }

  /** The peer is not silent, though it does not read. */
  async function stayAlive(): Promise<void> {
    const handled = rig.script.handled.length + 1;
    peer.tell(MsgType.LogInfo, { message: 'I am here' });
    await rig.until(() => rig.script.handled.length === handled);
  }
});

describe('the mailbox', () => {
  test('handles one message at a time, in order', async () => {
    await start();
    const gates = Array.from({ length: 5 }, gate);
    let running = 0;
    let most = 0;
    rig.script.on.set('LogInfo', async ({ message }) => {
      running += 1;
      most = Math.max(most, running);
      await gates[Number((message as { message: string }).message)]?.promise;
      running -= 1;
    });
    for (let i = 0; i < 5; i++) peer.tell(MsgType.LogInfo, { message: String(i) });
    for (const [i, { open }] of gates.entries()) {
      await rig.until(() => rig.script.handled.length === i + 1);
      open();
    }
    await rig.until(() => running === 0);
    expect(most).toBe(1);
  });

  test('that is full stops the reading until it is empty; the wait is not held against the peer', async () => {
    await start({ mailboxMessages: 4 });
    const { promise, open } = gate();
    rig.script.on.set('LogInfo', () => promise);
    const frames = Array.from({ length: 50 }, (_, i) => peer.seal(MsgType.LogInfo, { message: String(i) }));
    const split = Buffer.concat(frames);
    peer.send(split.subarray(0, split.length - 10));
    await rig.until(() => rig.s2s.counters.pauses === 1);
    await rig.settle();
    expect(rig.s2s.counters.messagesIn).toBe(5);
    rig.pass(60_000);
    expect(connection.isOpen).toBe(true);
    open();
    await rig.until(() => rig.script.handled.length === 49);
    rig.pass(9_999);
    expect(connection.isOpen).toBe(true);
    peer.send(split.subarray(split.length - 10));
    await rig.until(() => rig.script.handled.length === 50);
    expect(rig.script.handled.map(({ message }) => Number((message as { message: string }).message))).toEqual(
      frames.map((_, i) => i),
    );
  });

  test('that was full makes nobody silent: the three heartbeats begin when reading does', async () => {
    await start({ mailboxMessages: 4 });
    const { promise, open } = gate();
    rig.script.on.set('LogInfo', () => promise);
    for (let i = 0; i < 5; i++) peer.tell(MsgType.LogInfo, { message: String(i) });
    await rig.until(() => rig.s2s.counters.pauses === 1);
    rig.pass(60_000);
    open();
    await rig.until(() => rig.script.handled.length === 5);
    await rig.settle();
    rig.pass(15_000);
    expect(connection.isOpen).toBe(true);
    rig.pass(1);
    await rig.until(() => rig.closes.length === 1);
    expect(rig.closes[0]).toMatchObject({ cause: 'silent' });
  });

  test('of one connection does not hold up another', async () => {
    await start();
    rig.script.on.set('LogInfo', () => gate().promise);
    peer.tell(MsgType.LogInfo, { message: 'stuck' });
    const other = await rig.enter(rig.serverCredential());
    other.tell(MsgType.MatchStarted, MATCH);
    expect((await other.next()).value).toEqual({ of: 1, ok: true });
  });

  test('drops a peer that sends more than it may', async () => {
    await start({ messagesPerSecond: 10, messageBurst: 20 });
    for (let i = 0; i < 20; i++) peer.tell(MsgType.LogInfo, { message: 'x' });
    await rig.until(() => rig.script.handled.length === 20);
    rig.clock.advance(500);
    for (let i = 0; i < 5; i++) peer.tell(MsgType.LogInfo, { message: 'x' });
    await rig.until(() => rig.script.handled.length === 25);
    peer.tell(MsgType.LogInfo, { message: 'one too many' });
    await rig.until(() => rig.closes.length === 1);
    expect(rig.closes[0]).toMatchObject({ cause: 'flood' });
    expect(rig.script.handled).toHaveLength(25);
  });
});

function heartbeat(): Record<string, unknown> {
  return {
    name: 'eu-1',
    port: 7777,
    region: 'eu',
    build: '1',
    capacity: 4,
    players: 0,
    accepting: true,
    matches: [randomUUID()],
  };
}
