import { ProtocolError } from '../src/errors.js';
import type { Ack, CmdAllowPlayers } from '../src/messages/index.js';
import { MsgType } from '../src/msg-type.js';
import {
  HEARTBEAT,
  NO_HANDLERS,
  ServerStage,
  disconnected,
  matchId,
  reconnected,
  settle,
} from './client-fixtures.js';

let stage: ServerStage;
beforeEach(async () => {
  stage = await new ServerStage().open();
});
afterEach(() => stage.close());

describe('heartbeats', () => {
  test('one after READY, then every heartbeatMs, each with the state of its moment', async () => {
    let players = 0;
    const { client, connection } = await stage.connected({ heartbeat: () => ({ ...HEARTBEAT, players }) });
    const beats: unknown[] = [(await connection.next(MsgType.Heartbeat)).value];
    players = 3;
    stage.runtime.advance(4999);
    client.log('info', 'nothing yet');
    expect((await connection.next(MsgType.LogInfo, MsgType.Heartbeat)).type).toBe(MsgType.LogInfo);
    stage.runtime.advance(1);
    beats.push((await connection.next(MsgType.Heartbeat)).value);
    expect(beats).toEqual([HEARTBEAT, { ...HEARTBEAT, players: 3 }]);
  });

  test('beat() sends one at once and counts from there', async () => {
    const { client, connection } = await stage.connected();
    await connection.next(MsgType.Heartbeat);
    stage.runtime.advance(3000);
    client.beat();
    await connection.next(MsgType.Heartbeat);
    stage.runtime.advance(4999);
    client.log('warn', 'still none');
    expect((await connection.next(MsgType.LogWarn, MsgType.Heartbeat)).type).toBe(MsgType.LogWarn);
    stage.runtime.advance(1);
    await connection.next(MsgType.Heartbeat);
  });

  test.each([
    ['does not fit the schema', () => ({ ...HEARTBEAT, port: 0 }), 'schema', /at "\/port"/],
    [
      'throws',
      () => {
        throw new Error('the game crashed');
      },
      'argument',
      /heartbeat function threw/,
    ],
  ])('a heartbeat that %s ends the connection with that error', async (_, heartbeat, code, message) => {
    const client = stage.client({ heartbeat });
    const lost = disconnected(client);
    void client.connect();
    const { error } = await lost;
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
  });
});

describe('logs', () => {
  test('carry level, text and time; what no schema takes is mended', async () => {
    const { client, connection } = await stage.connected();
    expect(client.log('error', `nul \0 half \ud83d ${'é'.repeat(5000)}`)).toBe(true);
    expect(client.log('warn', '')).toBe(true);
    const { value } = await connection.next(MsgType.LogError);
    const { message, at } = value as { message: string; at: number };
    expect(message.startsWith('nul \ufffd half \ufffd éé')).toBe(true);
    expect([...message]).toHaveLength(4096);
    expect(at).toBe(stage.runtime.time);
    expect((await connection.next(MsgType.LogWarn)).value).toMatchObject({ message: '(empty)' });
  });

  test('without a session they are dropped and counted', () => {
    const client = stage.client();
    expect(client.log('info', 'x')).toBe(false);
    expect(client.counters.droppedLogs).toBe(1);
  });
});

describe('commands', () => {
  const allow: CmdAllowPlayers = {
    matchId: matchId(1),
    queue: 'duel',
    teams: [[{ id: matchId(7), name: 'Ada', tokenDigest: 'ab'.repeat(32) }]],
    expiresAt: 5,
  };

  test('each reaches its handler, and is acknowledged when that is done', async () => {
    const heard: unknown[] = [];
    const note = (command: unknown) => void heard.push(command);
    let finish: () => void = () => undefined;
    const { connection } = await stage.connected({
      handlers: {
        [MsgType.CmdForceStart]: note,
        [MsgType.CmdCancelMatch]: note,
        [MsgType.CmdKickPlayer]: note,
        [MsgType.CmdShutdown]: note,
        [MsgType.CmdAllowPlayers]: async (command) => {
          note(command);
          await new Promise<void>((resolve) => (finish = resolve));
        },
      },
    });
    const commands = [
      connection.send(MsgType.CmdForceStart, { matchId: matchId(1) }),
      connection.send(MsgType.CmdCancelMatch, { matchId: matchId(1), reason: 'r' }),
      connection.send(MsgType.CmdKickPlayer, { matchId: matchId(1), playerId: matchId(7), reason: '' }),
      connection.send(MsgType.CmdShutdown, { reason: 'r', graceMs: 1 }),
      connection.send(MsgType.CmdAllowPlayers, allow),
    ];
    for (const number of commands.slice(0, 4)) {
      expect((await connection.next(MsgType.Ack)).value).toEqual({ of: number, ok: true });
    }
    await settle();
    expect(connection.received.drain().filter(({ type }) => type === MsgType.Ack)).toEqual([]);
    finish();
    expect((await connection.next(MsgType.Ack)).value).toEqual({ of: commands[4], ok: true });
    expect(heard).toHaveLength(5);
    expect(heard[4]).toEqual(allow);
  });

  test.each([
    ['a ProtocolError', new ProtocolError('busy', 'no room'), { code: 'busy', message: 'no room' }],
    ['another error', new Error('disk \0 full'), { code: 'failed', message: 'disk \ufffd full' }],
    ['no error at all', 'oops', { code: 'failed', message: 'the command failed' }],
    ['a novel', new Error('x'.repeat(3000)), { code: 'failed', message: 'x'.repeat(1024) }],
  ])('a handler that throws %s: an Ack that says so', async (_, thrown, error) => {
    const { client, connection } = await stage.connected({
      handlers: {
        ...NO_HANDLERS,
        [MsgType.CmdForceStart]: () => {
          throw thrown;
        },
        [MsgType.CmdCancelMatch]: () => Promise.reject(thrown as Error),
      },
    });
    const first = connection.send(MsgType.CmdForceStart, { matchId: matchId(1) });
    const second = connection.send(MsgType.CmdCancelMatch, { matchId: matchId(1), reason: '' });
    for (const number of [first, second]) {
      const ack: Ack = { of: number, ok: false, error };
      expect((await connection.next(MsgType.Ack)).value).toEqual(ack);
    }
    expect(client.state).toBe('ready');
  });

  test('one at a time, in order, though the first takes longest', async () => {
    const log: string[] = [];
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const { connection } = await stage.connected({
      handlers: {
        ...NO_HANDLERS,
        [MsgType.CmdForceStart]: async (command) => {
          log.push(`begin ${command.matchId.slice(-1)}`);
          if (command.matchId === matchId(1)) await gate;
          log.push(`end ${command.matchId.slice(-1)}`);
        },
      },
    });
    const numbers = [1, 2, 3].map((n) => connection.send(MsgType.CmdForceStart, { matchId: matchId(n) }));
    const pong = connection.send(MsgType.CmdShutdown, { reason: '', graceMs: 0 });
    await settle();
    release();
    for (const number of [...numbers, pong]) {
      expect((await connection.next(MsgType.Ack)).value).toEqual({ of: number, ok: true });
    }
    expect(log).toEqual(['begin 1', 'end 1', 'begin 2', 'end 2', 'begin 3', 'end 3']);
  });

  test('what a lost connection left undone is not done, nor acknowledged on the next one', async () => {
    const done: string[] = [];
    let begun: () => void = () => undefined;
    let release: () => void = () => undefined;
    const running = new Promise<void>((resolve) => (begun = resolve));
    const gate = new Promise<void>((resolve) => (release = resolve));
    const { client, connection } = await stage.connected({
      handlers: {
        ...NO_HANDLERS,
        [MsgType.CmdForceStart]: async (command) => {
          done.push(command.matchId);
          begun();
          if (command.matchId === matchId(1)) await gate;
        },
      },
    });
    const [one, two] = [1, 2].map((n) => connection.frame(MsgType.CmdForceStart, { matchId: matchId(n) }));
    connection.socket.write(Buffer.concat([one ?? Buffer.alloc(0), two ?? Buffer.alloc(0)]));
    await running;
    const next = reconnected(client, stage);
    connection.drop();
    const second = await next;
    release();
    const of = second.send(MsgType.CmdForceStart, { matchId: matchId(3) });
    expect((await second.next(MsgType.Ack)).value).toEqual({ of, ok: true });
    expect(done).toEqual([matchId(1), matchId(3)]);
  });

  test('when too many wait the client stops reading, and later takes all of them', async () => {
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    let handled = 0;
    const { connection } = await stage.connected({
      handlers: {
        ...NO_HANDLERS,
        [MsgType.CmdForceStart]: async () => {
          await gate;
          handled++;
        },
      },
    });
    const socket = stage.runtime.sockets[0];
    const paused = new Promise<void>((resolve) => socket?.once('pause', resolve));
    for (let i = 0; i < 1000; i++) connection.send(MsgType.CmdForceStart, { matchId: matchId(i) });
    await paused;
    release();
    for (let i = 0; i < 1000; i++) await connection.next(MsgType.Ack);
    expect(handled).toBe(1000);
  });
});
