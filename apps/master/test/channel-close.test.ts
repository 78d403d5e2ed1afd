import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { MsgType } from '@ranked/protocol';
import type { Connection } from '../src/channel/connection.js';
import type { ServerPeer } from '../src/channel/peer.js';
import { ChannelRig } from './support/channel-rig.js';
import type { RawPeer } from './support/raw-peer.js';

const MATCH = { matchId: '0b9ff3c2-58ad-4d0c-8b4a-3f3c1f6f1a11' };

let rig: ChannelRig;
let peer: RawPeer;
let connection: Connection<ServerPeer>;

beforeEach(async () => {
  rig = await ChannelRig.start();
  const credential = rig.serverCredential();
  peer = await rig.enter(credential);
  connection = rig.registry.server(credential.id) as Connection<ServerPeer>;
});
afterEach(() => rig.stop());

/** Waits for the end, and sees that it was told once, with this cause. */
async function expectEnded(cause: string): Promise<void> {
  await rig.until(() => rig.closes.length > 0);
  expect(rig.closes).toMatchObject([{ cause, replaced: false }]);
  expect(rig.closes[0]?.connection).toBe(connection);
  expect(rig.registry.serverCount).toBe(0);
  expect(rig.s2s.counters.open).toBe(0);
  expect(rig.s2s.counters.ended.toJSON()).toEqual({ [cause]: 1 });
}

describe('a peer that closes', () => {
  test('is answered with CLOSE, and the end is a normal one', async () => {
    peer.bye();
    expect(await peer.next()).toMatchObject({ type: MsgType.Close });
    await peer.closed;
    await expectEnded('closed-by-peer');
  });

  test('has what it sent before handled and acknowledged', async () => {
    let open = (): void => undefined;
    rig.script.on.set('LogInfo', () => new Promise<void>((resolve) => (open = resolve)));
    peer.tell(MsgType.LogInfo, { message: 'slow' });
    peer.tell(MsgType.MatchStarted, MATCH);
    peer.bye();
    await rig.until(() => !connection.isOpen);
    open();
    expect(await peer.next()).toMatchObject({ type: MsgType.Ack, value: { of: 2, ok: true } });
    expect(await peer.next()).toMatchObject({ type: MsgType.Close });
    await expectEnded('closed-by-peer');
  });

  test('is not kept longer than a second by a handler that hangs', async () => {
    rig.script.on.set('LogInfo', () => new Promise(() => undefined));
    peer.tell(MsgType.LogInfo, { message: 'hangs' });
    peer.bye();
    await rig.until(() => !connection.isOpen);
    rig.pass(999);
    expect(peer.frames).toBe(0);
    rig.pass(1);
    expect(await peer.next()).toMatchObject({ type: MsgType.Close });
    await expectEnded('closed-by-peer');
  });

  test('and then sends more is cut off', async () => {
    const { bytes } = peer.session.sealClose('closed', 'goodbye');
    peer.send(Buffer.concat([bytes, bytes]));
    await rig.until(() => rig.closes.length === 1);
    expect(rig.closes[0]).toMatchObject({ cause: 'closed-by-peer' });
    expect(rig.s2s.counters.badFrames.toJSON()).toEqual({ closed: 1 });
  });
});

describe('an abnormal end', () => {
  test('is the end of the stream without CLOSE', async () => {
    peer.socket.end();
    await expectEnded('ended');
    await peer.closed;
    expect(peer.frames).toBe(0);
  });

  test('is a reset', async () => {
    peer.socket.resetAndDestroy();
    await expectEnded('socket-error');
  });
});

describe('a master that closes', () => {
  test('sends CLOSE after all that was sent before, and waits for the answer', async () => {
    connection.send(MsgType.CmdForceStart, MATCH);
    connection.close('revoked', 'certificate revoked');
    expect(await peer.next()).toMatchObject({ type: MsgType.CmdForceStart });
    expect(await peer.next()).toMatchObject({
      type: MsgType.Close,
      value: { code: 'revoked', reason: 'certificate revoked' },
    });
    expect(rig.registry.serverCount).toBe(1);
    expect(connection.isOpen).toBe(false);
    peer.bye();
    await expectEnded('closed:revoked');
    expect(rig.s2s.counters.unansweredCloses).toBe(0);
  });

  test('handles nothing more of what the peer sent', async () => {
    connection.close('revoked', 'certificate revoked');
    peer.tell(MsgType.Heartbeat, {
      name: 'x',
      port: 1,
      region: 'eu',
      build: '1',
      capacity: 1,
      players: 0,
      accepting: true,
      matches: [],
    });
    peer.tell(MsgType.MatchStarted, MATCH);
    await peer.next();
    peer.bye();
    await expectEnded('closed:revoked');
    expect(rig.script.handled).toHaveLength(0);
    expect(peer.frames).toBe(1);
  });

  test('drops what waits in the mailbox', async () => {
    let open = (): void => undefined;
    rig.script.on.set('LogInfo', () => new Promise<void>((resolve) => (open = resolve)));
    for (let i = 0; i < 3; i++) peer.tell(MsgType.LogInfo, { message: String(i) });
    await rig.until(() => rig.s2s.counters.messagesIn === 3);
    connection.close('revoked', 'certificate revoked');
    open();
    await peer.next();
    peer.bye();
    await expectEnded('closed:revoked');
    expect(rig.script.handled).toHaveLength(1);
  });

  test('does not wait longer than a second', async () => {
    connection.close('revoked', 'certificate revoked');
    rig.pass(999);
    expect(rig.closes).toHaveLength(0);
    rig.pass(1);
    await expectEnded('closed:revoked');
    expect(rig.s2s.counters.unansweredCloses).toBe(1);
  });

  test('says it once', async () => {
    connection.close('revoked', 'first');
    connection.close('shutdown', 'second');
    expect((await peer.next()).value).toEqual({ code: 'revoked', reason: 'first' });
    peer.bye();
    await expectEnded('closed:revoked');
    expect(peer.frames).toBe(1);
  });
});

describe('a master that stops', () => {
  test('says CLOSE "shutdown" to all, and is gone when they have answered', async () => {
    const player = await rig.enter(rig.playerCredential());
    const stopped = Promise.all([rig.s2s.close(), rig.rdv.close()]);
    for (const client of [peer, player]) {
      expect(await client.next()).toMatchObject({ type: MsgType.Close, value: { code: 'shutdown' } });
      client.bye();
    }
    await stopped;
    expect(rig.closes.map(({ cause }) => cause)).toEqual(['closed:shutdown', 'closed:shutdown']);
    expect(rig.s2s.counters.unansweredCloses + rig.rdv.counters.unansweredCloses).toBe(0);
  });

  test('lets the message at hand end, acknowledges it, and takes no other', async () => {
    let open = (): void => undefined;
    rig.script.on.set('MatchStarted', () => new Promise<void>((resolve) => (open = resolve)));
    peer.tell(MsgType.MatchStarted, MATCH);
    peer.tell(MsgType.MatchStarted, MATCH);
    await rig.until(() => rig.s2s.counters.messagesIn === 2);
    const stopped = rig.s2s.close();
    expect(peer.frames).toBe(0);
    open();
    expect(await peer.next()).toMatchObject({ type: MsgType.Ack, value: { of: 1, ok: true } });
    expect(await peer.next()).toMatchObject({ type: MsgType.Close, value: { code: 'shutdown' } });
    peer.bye();
    await stopped;
    expect(rig.script.handled).toHaveLength(1);
  });

  test('waits a second for a handler and a second for the answer, no longer', async () => {
    rig.script.on.set('MatchStarted', () => new Promise(() => undefined));
    peer.tell(MsgType.MatchStarted, MATCH);
    await rig.until(() => rig.script.handled.length === 1);
    const stopped = rig.s2s.close();
    rig.pass(1_000);
    expect(await peer.next()).toMatchObject({ type: MsgType.Close, value: { code: 'shutdown' } });
    rig.pass(1_000);
    await stopped;
    expect(rig.s2s.counters.unansweredCloses).toBe(1);
  });
});

describe('the registry', () => {
  test('tells that a connection is open before any of its messages is handled; what is sent then follows READY', async () => {
    const opened: string[] = [];
    rig.registry.onOpen((newcomer) => {
      opened.push(`${newcomer.peer.kind} after ${rig.script.handled.length}`);
      if (newcomer.peer.kind === 'player') {
        rig.registry
          .player(newcomer.peer.accountId)
          ?.send(MsgType.MatchCancelled, { ...MATCH, reason: 'test', requeued: true });
      }
    });
    const player = await rig.enter(rig.playerCredential());
    expect(await player.next()).toMatchObject({ type: MsgType.MatchCancelled, of: 1 });
    expect(opened).toEqual(['player after 0']);
  });

  test('is not kept from hearing by a listener that throws', async () => {
    const heard: string[] = [];
    rig.registry.onOpen(() => {
      throw new Error('listener');
    });
    rig.registry.onOpen(() => heard.push('open'));
    rig.registry.onClose(() => {
      throw new Error('listener');
    });
    rig.registry.onClose(() => heard.push('close'));
    const player = await rig.enter(rig.playerCredential());
    player.socket.destroy();
    await rig.until(() => heard.length === 2);
    expect(heard).toEqual(['open', 'close']);
    expect(rig.registry.playerCount).toBe(0);
    expect(
      rig.logLines.filter(({ msg }) => msg === 'a listener of the connection registry failed'),
    ).toHaveLength(2);
  });
});
