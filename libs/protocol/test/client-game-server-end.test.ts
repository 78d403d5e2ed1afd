import { once } from 'node:events';
import type { GameServerClient } from '../src/game-server.js';
import type { ProtocolError } from '../src/errors.js';
import { MsgType } from '../src/msg-type.js';
import {
  NO_HANDLERS,
  ServerStage,
  codeOf,
  disconnected,
  matchId,
  reconnected,
  result,
  settle,
} from './client-fixtures.js';

let stage: ServerStage;
beforeEach(async () => {
  stage = await new ServerStage().open();
});
afterEach(() => stage.close());

describe('the end of a connection', () => {
  const lossOf = async (client: GameServerClient, act: () => void) => {
    const lost = disconnected(client);
    act();
    return (await lost).error;
  };

  test('close(): what was sent goes out, CLOSE is exchanged, unacknowledged sends stay in pending()', async () => {
    const { client, connection } = await stage.connected();
    const sent = client.matchResult(result(1));
    const events: string[] = [];
    client.on('disconnected', () => events.push('disconnected'));
    client.on('closed', (error) => events.push(`closed ${String(error)}`));
    await client.close();
    expect((await connection.next(MsgType.MatchResult)).value).toEqual(result(1));
    expect((await connection.next(MsgType.Close)).value).toMatchObject({ code: 'bye' });
    expect(await codeOf(sent)).toBe('closed');
    expect(client.pending()).toHaveLength(1);
    expect(await codeOf(client.matchStarted(matchId(2)))).toBe('closed');
    expect(events).toEqual(['closed undefined']);
    expect(client.state).toBe('closed');
    expect(stage.runtime.timers).toBe(0);
  });

  test('an Ack between the two CLOSEs still counts', async () => {
    stage.master.conduct.answersClose = false;
    const { client, connection } = await stage.connected();
    const sent = client.matchResult(result(1));
    const { of } = await connection.next();
    const closed = client.close();
    // Asking twice does not cut it short.
    void client.close();
    await connection.next(MsgType.Close);
    connection.ack(of);
    connection.close('bye');
    await closed;
    expect(await codeOf(sent)).toBe('resolved');
  });

  test('a master that does not answer CLOSE is waited for one second', async () => {
    stage.master.conduct.answersClose = false;
    const { client, connection } = await stage.connected();
    let done = false;
    const closed = client.close().then(() => (done = true));
    await connection.next(MsgType.Close);
    stage.runtime.advance(999);
    await settle();
    expect(done).toBe(false);
    stage.runtime.advance(1);
    await closed;
    await connection.ended;
  });

  test('CLOSE of the master is answered, and the client connects again', async () => {
    const { client, connection } = await stage.connected();
    const next = reconnected(client, stage);
    const error = await lossOf(client, () => connection.close('shutdown'));
    expect(error.message).toBe('the master closed the connection: because of shutdown (shutdown)');
    await connection.next(MsgType.Close);
    const ready = once(client, 'ready');
    await next;
    await ready;
    expect(client.state).toBe('ready');
  });

  test('superseded: the client stops for good, whatever waits', async () => {
    const { client, connection } = await stage.connected();
    const sent = client.matchResult(result(1));
    const closed = once(client, 'closed') as Promise<[ProtocolError]>;
    connection.close('superseded');
    const [error] = await closed;
    expect(error).toMatchObject({
      code: 'superseded',
      message: 'another connection with the same credential took over',
    });
    expect(await codeOf(sent)).toBe('superseded');
    expect(client.pending()).toHaveLength(1);
    stage.runtime.advance(600_000);
    expect(stage.runtime.sockets).toHaveLength(1);
  });

  test.each([
    ['one bit of a frame flipped', (frame: Buffer) => frame.with(60, (frame[60] ?? 0) ^ 4), 'hmac'],
    ['an impossible length', () => Buffer.from('ffffffff', 'hex'), 'length'],
    ['HTTP', () => Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'), 'length'],
  ])('%s ends it', async (_, spoil, code) => {
    const { client, connection } = await stage.connected();
    const frame = connection.frame(MsgType.CmdForceStart, { matchId: matchId(1) });
    const error = await lossOf(client, () => connection.socket.write(spoil(frame)));
    expect(error.code).toBe(code);
  });

  test.each([
    ['a message of players', MsgType.PlayerMatchStarted, '{}'],
    ['a message of the other direction', MsgType.MatchStarted, `{"matchId":"${matchId(1)}"}`],
    ['a command that does not fit its schema', MsgType.CmdForceStart, '{}'],
    ['a CLOSE without a code', MsgType.Close, '{}'],
  ])('%s ends it, and no handler runs', async (_, type, json) => {
    let ran = false;
    const { client, connection } = await stage.connected({
      handlers: { ...NO_HANDLERS, [MsgType.CmdForceStart]: () => void (ran = true) },
    });
    const error = await lossOf(client, () => connection.socket.write(connection.rawFrame(type, json)));
    expect(error.code).toBe('schema');
    expect(ran).toBe(false);
  });

  test('the same frame twice', async () => {
    const { client, connection } = await stage.connected();
    const frame = connection.frame(MsgType.CmdForceStart, { matchId: matchId(1) });
    const error = await lossOf(client, () => connection.socket.write(Buffer.concat([frame, frame])));
    expect(error.code).toBe('replay');
  });

  test('a frame that stalls in its middle ends it 10 s after its first byte', async () => {
    const { client, connection } = await stage.connected();
    const socket = stage.runtime.sockets[0];
    const frame = connection.frame(MsgType.CmdForceStart, { matchId: matchId(1) });
    const half = new Promise((resolve) => socket?.once('data', resolve));
    connection.socket.write(frame.subarray(0, 30));
    await half;
    stage.runtime.advance(6000);
    const more = new Promise((resolve) => socket?.once('data', resolve));
    connection.socket.write(frame.subarray(30, 40));
    await more;
    const error = await lossOf(client, () => stage.runtime.advance(4000));
    expect(error).toMatchObject({ code: 'timeout', message: 'a frame was not whole within 10 s' });
  });

  test('end of stream without CLOSE', async () => {
    const { client, connection } = await stage.connected();
    const error = await lossOf(client, () => connection.socket.end());
    expect(error).toMatchObject({
      code: 'connection',
      message: 'the master ended the connection without CLOSE',
    });
  });
});

describe('a master that does not read', () => {
  const players = Array.from({ length: 400 }, (_, i) => ({ id: matchId(i), playFraction: 0.123456789 }));

  test('results stay in the outbox; in the end the client connects again', async () => {
    const { client, connection } = await stage.connected();
    connection.socket.pause();
    const socket = stage.runtime.sockets[0];
    for (let i = 0; i < 300; i++) {
      void client.matchResult({ ...result(i), players });
      if (i % 30 === 0) await settle();
      expect(socket?.writableLength).toBeLessThan(512 * 1024);
    }
    const lost = disconnected(client);
    stage.runtime.advance(10_000);
    expect((await lost).error.code).toBe('timeout');
    expect(client.pending()).toHaveLength(300);
  });

  test('little is handed to the socket; log lines and heartbeats are left out', async () => {
    const { client, connection } = await stage.connected();
    await settle();
    const socket = stage.runtime.sockets[0];
    // Corked, a socket keeps what is written, as it would when the network took nothing.
    socket?.cork();
    const sends = Array.from({ length: 100 }, (_, i) => client.matchResult({ ...result(i), players }));
    await settle();
    const held = socket?.writableLength ?? 0;
    expect(held).toBeGreaterThan(256 * 1024);
    expect(held).toBeLessThan(384 * 1024);
    expect(client.log('info', 'x')).toBe(false);
    client.beat();
    await settle();
    expect(socket?.writableLength).toBe(held);
    // The network works again: everything arrives, in order.
    socket?.uncork();
    for (let i = 0; i < 100; i++) {
      const { of, value } = await connection.next();
      expect(value).toMatchObject({ matchId: matchId(i) });
      connection.ack(of);
    }
    await Promise.all(sends);
  });

  test('a stall is noticed even when no Ack is due', async () => {
    const { client } = await stage.connected();
    await settle();
    stage.runtime.sockets[0]?.cork();
    client.log('info', 'x');
    await settle();
    const lost = disconnected(client);
    stage.runtime.advance(10_000);
    expect((await lost).error).toMatchObject({
      code: 'timeout',
      message: 'the master has taken nothing for 10 s',
    });
  });

  test('Acks cannot wait: beyond 1 MiB of them the connection ends', async () => {
    const { client, connection } = await stage.connected({
      handlers: {
        ...NO_HANDLERS,
        [MsgType.CmdForceStart]: () => {
          throw new Error('🎲'.repeat(1024));
        },
      },
    });
    await settle();
    stage.runtime.sockets[0]?.cork();
    const lost = disconnected(client);
    for (let i = 0; i < 300; i++) connection.send(MsgType.CmdForceStart, { matchId: matchId(i) });
    const { error } = await lost;
    expect(error.code).toBe('connection');
    expect(error.message).toMatch(/^the master does not read: \d{7} bytes wait to be sent$/);
  });
});
