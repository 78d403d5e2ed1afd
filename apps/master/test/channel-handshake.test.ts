import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { masterPublicKey, MsgType, RefusalStatus, RefusedError } from '@ranked/protocol';
import { ChannelRig } from './support/channel-rig.js';
import type { Credential, RawPeer } from './support/raw-peer.js';

let rig: ChannelRig;
beforeEach(async () => {
  rig = await ChannelRig.start();
});
afterEach(() => rig.stop());

/** Says HELLO and waits for the refusal. */
async function refusal(
  credential: Credential,
  spoil: (hello: Buffer) => Buffer = (hello) => hello,
): Promise<RefusedError> {
  const peer = await rig.dial(credential);
  peer.send(spoil(peer.handshake.hello()));
  const frame = await peer.nextHandshakeFrame();
  await peer.closedByMaster();
  let error: unknown;
  try {
    peer.handshake.onChallenge(frame);
  } catch (caught) {
    error = caught;
  }
  expect(error).toBeInstanceOf(RefusedError);
  return error as RefusedError;
}

/** Waits for the end of the connection, and sees that the master has said nothing. */
async function expectSilence(peer: RawPeer): Promise<void> {
  await peer.closedByMaster();
  expect(peer.received).toHaveLength(0);
}

describe('a handshake', () => {
  test('opens the S2S door to a game server with a certificate', async () => {
    const credential = rig.serverCredential('eu-1');
    const server = await rig.dial(credential);
    const ready = await server.enter();

    expect(ready).toMatchObject({ serverTime: rig.clock.now(), heartbeatMs: 5_000, maxPayload: 65_552 });
    const connection = rig.registry.server(credential.id);
    expect(connection?.id).toBe(ready.sessionId);
    expect(connection?.peer).toMatchObject({ kind: 'server', name: 'eu-1', remoteAddress: '127.0.0.1' });
    expect(rig.s2s.counters).toMatchObject({ accepted: 1, handshakes: 1, open: 1 });
  });

  test('opens the RDV door to a player with a ticket', async () => {
    const credential = rig.playerCredential('Ann', 'account-1');
    await rig.enter(credential);
    expect(rig.registry.player('account-1')?.peer).toMatchObject({
      displayName: 'Ann',
      ticketId: credential.id,
    });
  });

  test('is signed by the master key', async () => {
    const credential = { ...rig.serverCredential(), masterKey: masterPublicKey(rig.publicKey) };
    await expect(rig.enter(credential)).resolves.toBeDefined();
    const stranger = { ...rig.serverCredential(), masterKey: masterPublicKey(randomBytes(32)) };
    await expect(rig.enter(stranger)).rejects.toMatchObject({ code: 'signature' });
  });

  test('works when every byte comes in a segment of its own', async () => {
    const peer = await rig.dial(rig.serverCredential());
    for (const byte of peer.handshake.hello()) peer.send(Buffer.of(byte));
    const finish = peer.handshake.onChallenge(await peer.nextHandshakeFrame());
    for (const byte of finish) peer.send(Buffer.of(byte));
    await peer.awaitReady();
    expect(rig.registry.serverCount).toBe(1);
  });

  test('waits for the database; a peer that speaks meanwhile is out of turn', async () => {
    let open = (): void => undefined;
    rig.servers.gate = new Promise((resolve) => (open = resolve));
    const patient = await rig.dial(rig.serverCredential());
    const talker = await rig.dial(rig.serverCredential());
    for (const peer of [patient, talker]) peer.send(peer.handshake.hello());
    await rig.until(() => rig.servers.finds === 2);
    talker.send(Buffer.of(0));
    await expectSilence(talker);
    expect(rig.s2s.counters.handshakesFailed.of('length')).toBe(1);
    expect(patient.received).toHaveLength(0);
    open();
    patient.send(patient.handshake.onChallenge(await patient.nextHandshakeFrame()));
    await patient.awaitReady();
    expect(rig.s2s.counters.handshakes).toBe(1);
  });

  test('gives its place back when the peer leaves while the database is asked', async () => {
    rig.servers.gate = new Promise(() => undefined);
    const peer = await rig.dial(rig.serverCredential());
    peer.send(peer.handshake.hello());
    await rig.until(() => rig.servers.finds === 1);
    peer.socket.end();
    await peer.closed;
    expect(rig.s2s.counters.handshakesFailed.of('ended')).toBe(1);
  });

  test('that has failed in the database ends in silence, and the door stays open', async () => {
    const broken = Promise.reject(new Error('the disk is gone'));
    broken.catch(() => undefined);
    rig.servers.gate = broken;
    const peer = await rig.dial(rig.serverCredential());
    peer.send(peer.handshake.hello());
    await expectSilence(peer);
    expect(rig.s2s.counters.handshakesFailed.of('lookup')).toBe(1);
    rig.servers.gate = undefined;
    await rig.enter(rig.serverCredential());
  });
});

describe('a signed refusal', () => {
  test.each<[string, () => Credential, number, string]>([
    [
      'revoked certificate',
      () => changed('servers', { revoked: true }),
      RefusalStatus.Revoked,
      'certificate revoked',
    ],
    [
      'expired certificate',
      () => rig.serverCredential('old', { life: -1 }),
      RefusalStatus.Expired,
      'certificate expired',
    ],
    [
      'certificate of another master key',
      () => rig.serverCredential('foreign', { seed: randomBytes(32) }),
      RefusalStatus.NotSigned,
      'certificate not signed by the present master key',
    ],
    ['revoked ticket', () => changed('players', { revoked: true }), RefusalStatus.Revoked, 'ticket revoked'],
    [
      'expired ticket',
      () => changed('players', { expiresAt: rig.clock.now() }),
      RefusalStatus.Expired,
      'ticket expired',
    ],
    ['banned player', () => changed('players', { banned: true }), RefusalStatus.Banned, 'banned'],
    [
      'player during maintenance',
      () => changed('players', { maintenance: true }),
      RefusalStatus.Maintenance,
      'the master is in maintenance',
    ],
  ])('meets a %s', async (_case, credential, status, message) => {
    const error = await refusal(credential());
    expect(error).toMatchObject({ status, message });
    expect(rig.s2s.counters.handshakesRefused.total + rig.rdv.counters.handshakesRefused.total).toBe(1);
    expect(rig.registry.serverCount + rig.registry.playerCount).toBe(0);
  });

  test('meets a clock that is off, and tells the time', async () => {
    const credential = rig.serverCredential();
    const peer = await rig.dial(credential);
    const hello = peer.handshake.hello();
    rig.clock.advance(120_001);
    peer.send(hello);
    const frame = await peer.nextHandshakeFrame();
    rig.clock.advance(-120_001);
    expect(() => peer.handshake.onChallenge(frame)).toThrow('clock differs by 120 s');
  });

  test('meets whoever comes when the master is full, but not who is in already', async () => {
    const full = await ChannelRig.start({ maxConnections: 1 });
    try {
      const credential = full.serverCredential();
      await full.enter(credential);
      await expect(full.enter(full.serverCredential())).rejects.toMatchObject({ status: RefusalStatus.Full });
      await expect(full.enter(full.playerCredential())).rejects.toMatchObject({ status: RefusalStatus.Full });
      await full.enter(credential);
      expect(full.s2s.counters.superseded).toBe(1);
    } finally {
      await full.stop();
    }
  });

  function changed(door: 'servers' | 'players', fields: Record<string, unknown>): Credential {
    const credential = door === 'servers' ? rig.serverCredential() : rig.playerCredential();
    rig[door].change(credential.id, fields);
    return credential;
  }
});

describe('silence', () => {
  test('meets an unknown id and a wrong HMAC alike', async () => {
    const known = rig.serverCredential();
    const unknown = rig.serverCredential();
    rig.servers.rows.delete(unknown.id);
    for (const [credential, kind] of [
      [{ ...known, auth: randomBytes(32) }, 'hmac'],
      [unknown, 'credential'],
    ] as const) {
      const peer = await rig.dial(credential);
      peer.send(peer.handshake.hello());
      await expectSilence(peer);
      expect(rig.s2s.counters.handshakesFailed.of(kind)).toBe(1);
    }
    expect(rig.servers.finds).toBe(2);
  });

  test('meets a ticket at the S2S door and a certificate at the RDV door', async () => {
    for (const [credential, door] of [
      [rig.playerCredential(), 'S2S'],
      [rig.serverCredential(), 'RDV'],
    ] as const) {
      const peer = await rig.dial(credential, { door });
      peer.send(peer.handshake.hello());
      await expectSilence(peer);
    }
    expect(rig.servers.finds + rig.players.finds).toBe(0);
    expect(rig.s2s.counters.handshakesFailed.of('credential')).toBe(1);
    expect(rig.rdv.counters.handshakesFailed.of('credential')).toBe(1);
  });

  test.each<[string, Buffer, string]>([
    ['a length of 2^32 − 1', Buffer.from('ffffffff', 'hex'), 'length'],
    ['an HTTP request', Buffer.from('GET / HTTP/1.1\r\nHost: master\r\n\r\n'), 'length'],
    [
      'a TLS ClientHello',
      Buffer.from('16030102000100 01fc0303'.replace(/ /g, '') + '00'.repeat(80), 'hex'),
      'length',
    ],
    [
      'a HELLO that is a byte too short',
      Buffer.concat([Buffer.from('a8000000', 'hex'), randomBytes(221)]),
      'length',
    ],
    ['zeros', Buffer.alloc(300), 'length'],
    [
      'a frame of the right length but another type',
      Buffer.concat([Buffer.from('a9000000', 'hex'), randomBytes(44), Buffer.of(0x21), randomBytes(177)]),
      'schema',
    ],
  ])('meets %s at once', async (_case, bytes, kind) => {
    const peer = await rig.dial(rig.serverCredential());
    peer.send(bytes);
    await expectSilence(peer);
    expect(rig.s2s.counters.handshakesFailed.of(kind)).toBe(1);
  });

  test('meets a HELLO in which any one bit is wrong', async () => {
    const wrong = await ChannelRig.start({ handshakesPerSecond: 1000, handshakeBurst: 1000 });
    try {
      const credential = wrong.serverCredential();
      // One bit of each region: length, HMAC, nonce, type, time, version, role, flags, challenge, key, credential.
      const offsets = [0, 4, 35, 36, 47, 48, 49, 56, 57, 58, 59, 61, 93, 125, 130, 141, 158, 170, 225];
      for (const offset of offsets) {
        const peer = await wrong.dial(credential);
        const hello = peer.handshake.hello();
        hello[offset] = (hello[offset] ?? 0) ^ (1 << (offset % 8));
        peer.send(hello);
        await expectSilence(peer);
      }
      expect(wrong.s2s.counters.handshakesFailed.total).toBe(offsets.length);
      expect(wrong.s2s.counters.handshakes).toBe(0);
    } finally {
      await wrong.stop();
    }
  });

  test('meets a HELLO that was seen before', async () => {
    const credential = rig.serverCredential();
    const first = await rig.dial(credential);
    const hello = first.handshake.hello();
    first.send(hello);
    await first.nextHandshakeFrame();
    const second = await rig.dial(credential);
    second.send(hello);
    await expectSilence(second);
    expect(rig.s2s.counters.handshakesFailed.of('hello-replay')).toBe(1);
  });

  test('meets bytes after HELLO that nobody asked for', async () => {
    const peer = await rig.dial(rig.serverCredential());
    peer.send(Buffer.concat([peer.handshake.hello(), Buffer.of(0)]));
    await expectSilence(peer);
    expect(rig.s2s.counters.handshakesFailed.of('length')).toBe(1);
  });

  test.each([
    ['a wrong HMAC', (finish: Buffer) => void (finish[10] = (finish[10] ?? 0) ^ 1), 'hmac'],
    ['a length that FINISH does not have', (finish: Buffer) => void finish.writeUInt32LE(49, 0), 'length'],
  ])('meets a FINISH with %s', async (_case, spoil, kind) => {
    const credential = rig.serverCredential();
    const peer = await rig.dial(credential);
    peer.send(peer.handshake.hello());
    const finish = peer.handshake.onChallenge(await peer.nextHandshakeFrame());
    spoil(finish);
    peer.send(finish);
    await peer.closedByMaster();
    expect(peer.received).toHaveLength(57 + 140);
    expect(rig.s2s.counters.handshakesFailed.of(kind)).toBe(1);
    expect(rig.registry.serverCount).toBe(0);
  });

  test('meets a certificate that is revoked between HELLO and FINISH', async () => {
    const credential = rig.serverCredential();
    const peer = await rig.dial(credential);
    peer.send(peer.handshake.hello());
    const finish = peer.handshake.onChallenge(await peer.nextHandshakeFrame());
    rig.servers.change(credential.id, { revoked: true });
    peer.send(finish);
    await peer.closedByMaster();
    expect(peer.received).toHaveLength(57 + 140);
    expect(rig.s2s.counters.handshakesFailed.of('changed')).toBe(1);
    expect(rig.registry.serverCount).toBe(0);
    await expect(rig.enter(credential)).rejects.toMatchObject({ status: RefusalStatus.Revoked });
  });
});

describe('forged HELLOs', () => {
  test('of one id reach the database once a second, and neither let in nor keep out its holder', async () => {
    const credential = rig.serverCredential();
    const forge = async () => {
      const peer = await rig.dial({ ...credential, auth: randomBytes(32) });
      peer.send(peer.handshake.hello());
      await expectSilence(peer);
    };
    for (let i = 0; i < 20; i++) await forge();
    expect(rig.servers.finds).toBe(1);
    await rig.enter(credential);
    expect(rig.servers.finds).toBe(1);
    rig.servers.change(credential.id, { revoked: true });
    const late = rig.enter(credential);
    await expect(late).rejects.toThrow('closed');
    expect(rig.s2s.counters.handshakesFailed.of('changed')).toBe(1);
    rig.clock.advance(1_000);
    await expect(rig.enter(credential)).rejects.toMatchObject({ status: RefusalStatus.Revoked });
    expect(rig.servers.finds).toBe(2);
  });

  test('do not fill the log', async () => {
    const credential = rig.serverCredential();
    for (let i = 0; i < 50; i++) {
      const peer = await rig.dial({ ...credential, auth: randomBytes(32) });
      peer.send(peer.handshake.hello());
      await expectSilence(peer);
    }
    expect(rig.logLines.filter(({ kind }) => kind === 'handshake-hmac')).toHaveLength(1);
    rig.pass(1_000);
    expect(rig.logLines.filter(({ kind }) => kind === 'handshake-hmac')).toMatchObject([
      {},
      { suppressed: 49 },
    ]);
  });
});

describe('the time for a handshake', () => {
  test('is five seconds from the connection, however the bytes trickle in, and ends without a word', async () => {
    const peer = await rig.dial(rig.serverCredential());
    const hello = peer.handshake.hello();
    await rig.until(() => rig.s2s.counters.accepted === 1);
    for (let second = 0; second < 4; second++) {
      peer.send(hello.subarray(second, second + 1));
      rig.pass(1_000);
    }
    rig.pass(999);
    expect(rig.s2s.counters.handshakesFailed.total).toBe(0);
    rig.pass(1);
    await expectSilence(peer);
    expect(rig.s2s.counters.handshakesFailed.of('timeout')).toBe(1);
  });

  test('includes FINISH', async () => {
    const peer = await rig.dial(rig.serverCredential());
    peer.send(peer.handshake.hello());
    await peer.nextHandshakeFrame();
    rig.pass(5_000);
    await peer.closedByMaster();
    expect(peer.received).toHaveLength(57 + 140);
    expect(rig.s2s.counters.handshakesFailed.of('timeout')).toBe(1);
  });

  test('includes the database', async () => {
    rig.servers.gate = new Promise(() => undefined);
    const peer = await rig.dial(rig.serverCredential());
    peer.send(peer.handshake.hello());
    await rig.until(() => rig.servers.finds === 1);
    rig.pass(5_000);
    await expectSilence(peer);
  });
});

describe('a second connection with the same credential', () => {
  test('takes over once its FINISH has passed; the older one gets CLOSE', async () => {
    const credential = rig.serverCredential();
    const older = await rig.enter(credential);
    const newer = await rig.dial(credential);
    newer.send(newer.handshake.hello());
    const finish = newer.handshake.onChallenge(await newer.nextHandshakeFrame());
    expect(rig.s2s.counters.superseded).toBe(0);
    newer.send(finish);
    const ready = await newer.awaitReady();

    expect(await older.next()).toMatchObject({ type: MsgType.Close, value: { code: 'superseded' } });
    older.bye();
    await older.closed;
    await rig.until(() => rig.closes.length === 1);
    expect(rig.closes[0]).toMatchObject({ cause: 'closed:superseded', replaced: true });
    expect(rig.registry.server(credential.id)?.id).toBe(ready.sessionId);
    expect(rig.s2s.counters).toMatchObject({ superseded: 1, open: 1, unansweredCloses: 0 });
  });

  test('of one account counts as the same player, whichever ticket it holds', async () => {
    const older = await rig.enter(rig.playerCredential('Ann', 'account-1'));
    await rig.enter(rig.playerCredential('Ann', 'account-1'));
    expect(await older.next()).toMatchObject({ type: MsgType.Close, value: { code: 'superseded' } });
    expect(rig.registry.playerCount).toBe(1);
  });

  test('leaves nobody online when both have ended', async () => {
    const credential = rig.serverCredential();
    const older = await rig.enter(credential);
    const newer = await rig.enter(credential);
    newer.socket.destroy();
    await rig.until(() => rig.closes.length === 1);
    expect(rig.closes[0]).toMatchObject({ replaced: false });
    older.socket.destroy();
    await rig.until(() => rig.closes.length === 2);
    expect(rig.registry.serverCount).toBe(0);
  });
});
