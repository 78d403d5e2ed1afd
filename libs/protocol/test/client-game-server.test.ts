import { once } from 'node:events';
import type { GameServerClient, RefusedSend } from '../src/game-server.js';
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
  result,
  settle,
} from './client-fixtures.js';
import type { Received, TestConnection } from './client-test-master.js';

let stage: ServerStage;
beforeEach(async () => {
  stage = await new ServerStage().open();
});
afterEach(() => stage.close());

const summary = ({ type, value }: Received) => [type, (value as { matchId: string }).matchId];

async function take(connection: TestConnection<'S2S'>, count: number): Promise<Received[]> {
  const taken: Received[] = [];
  while (taken.length < count) taken.push(await connection.next());
  return taken;
}

/** The code with which a promise rejects. */
function codeOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'resolved',
    (error: unknown) => (error instanceof ProtocolError ? error.code : String(error)),
  );
}

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

describe('acknowledged sends', () => {
  test('a result resolves at its Ack and not before', async () => {
    const { client, connection } = await stage.connected();
    let settled = false;
    const sent = client.matchResult(result(1)).then(() => (settled = true));
    const { of, value } = await connection.next();
    expect(value).toEqual(result(1));
    await settle();
    expect(settled).toBe(false);
    expect(client.pending()).toEqual([{ type: MsgType.MatchResult, message: result(1) }]);
    connection.ack(of);
    await sent;
    expect(client.pending()).toEqual([]);
  });

  test('a result is kept over any number of lost connections until it is acknowledged', async () => {
    const { client, connection: first } = await stage.connected();
    let connection = first;
    let resolutions = 0;
    const sent = client.matchResult(result(1)).then(() => resolutions++);
    for (let i = 0; i < 4; i++) {
      expect((await connection.next()).value).toEqual(result(1));
      const next = reconnected(client, stage);
      connection.drop();
      connection = await next;
    }
    connection.ack((await connection.next()).of);
    await sent;
    expect(resolutions).toBe(1);
    // Acknowledged: the next connection does not hear of it again.
    const next = reconnected(client, stage);
    connection.drop();
    connection = await next;
    const other = client.matchStarted(matchId(2));
    const received = await connection.next();
    expect(summary(received)).toEqual([MsgType.MatchStarted, matchId(2)]);
    connection.ack(received.of);
    await other;
  });

  test('committed, but the Ack was lost: sent again, acknowledged again, resolved once', async () => {
    const { client, connection } = await stage.connected();
    const committed = new Map<string, number>();
    const commit = ({ value }: Received) => {
      const { matchId: id } = value as { matchId: string };
      committed.set(id, (committed.get(id) ?? 0) + 1);
    };
    let resolutions = 0;
    const sent = client.matchResult(result(1)).then(() => resolutions++);
    commit(await connection.next());
    const next = reconnected(client, stage);
    connection.drop();
    const second = await next;
    const again = await second.next();
    commit(again);
    second.ack(again.of);
    second.ack(again.of);
    await sent;
    const marker = client.matchStarted(matchId(9));
    second.ack((await second.next()).of);
    await marker;
    expect(committed).toEqual(new Map([[matchId(1), 2]]));
    expect(resolutions).toBe(1);
    expect(client.counters.ignoredAcks).toBe(1);
  });

  test('what is unacknowledged is resent in order, what is acknowledged is not', async () => {
    const { client, connection } = await stage.connected();
    const sends = [
      client.matchStarted(matchId(1)),
      client.matchStarted(matchId(2)),
      client.matchResult(result(1)),
      client.matchStarted(matchId(3)),
      client.matchResult(result(3)),
    ];
    const first = await take(connection, 5);
    connection.ack(first[1]?.of ?? -1);
    await sends[1];
    const next = reconnected(client, stage);
    connection.drop();
    const second = await next;
    const again = await take(second, 4);
    expect(again.map(summary)).toEqual([
      [MsgType.MatchStarted, matchId(1)],
      [MsgType.MatchResult, matchId(1)],
      [MsgType.MatchStarted, matchId(3)],
      [MsgType.MatchResult, matchId(3)],
    ]);
    for (const { of } of again) second.ack(of);
    await Promise.all(sends);
  });

  test('sends made without a connection wait for one', async () => {
    const client = stage.client();
    const sent = client.matchResult(result(1));
    void client.connect();
    const connection = await stage.master.established.next();
    connection.ack((await connection.next()).of);
    await sent;
  });

  test('a refusal rejects with the code of the Ack, and is an event', async () => {
    const { client, connection } = await stage.connected();
    const refused = once(client, 'refused') as Promise<[RefusedSend]>;
    const sent = client.matchResult(result(1));
    connection.ack((await connection.next()).of, { code: 'bad_roster', message: 'who is that?' });
    await expect(sent).rejects.toMatchObject({ code: 'bad_roster', message: 'who is that?' });
    const [event] = await refused;
    expect(event).toMatchObject({ type: MsgType.MatchResult, matchId: matchId(1) });
    expect(client.pending()).toEqual([]);
  });

  test.each(['busy', 'maintenance', 'internal'])(
    'an Ack with %s is answered by another attempt',
    async (code) => {
      const { client, connection } = await stage.connected();
      const sent = client.matchResult(result(1));
      const { of } = await connection.next();
      connection.ack(of, { code, message: 'later' });
      // The Ack has come when a later one has.
      const marker = client.matchStarted(matchId(2));
      const second = await connection.next();
      connection.ack(second.of);
      await marker;
      stage.runtime.advance(500);
      const again = await connection.next();
      expect(summary(again)).toEqual([MsgType.MatchResult, matchId(1)]);
      connection.ack(again.of);
      await sent;
    },
  );

  test('a refusal that follows from a predecessor put off is put off too', async () => {
    const { client, connection } = await stage.connected();
    const sends = [client.matchStarted(matchId(1)), client.matchResult(result(1))];
    const [started, ended] = await take(connection, 2);
    connection.ack(started?.of ?? -1, { code: 'internal', message: 'the disk is full' });
    connection.ack(ended?.of ?? -1, { code: 'bad_state', message: 'it has not begun' });
    const marker = client.matchStarted(matchId(9));
    connection.ack((await connection.next()).of);
    await marker;
    stage.runtime.advance(500);
    const again = await take(connection, 2);
    expect(again.map(summary)).toEqual([
      [MsgType.MatchStarted, matchId(1)],
      [MsgType.MatchResult, matchId(1)],
    ]);
    for (const { of } of again) connection.ack(of);
    await Promise.all(sends);
  });

  test('the same result again is the same send; another one conflicts', async () => {
    const { client, connection } = await stage.connected();
    const sent = client.matchResult(result(1));
    expect(client.matchResult(result(1))).toBe(sent);
    expect(await codeOf(client.matchResult(result(1, 2000)))).toBe('conflict');
    const { of } = await connection.next();
    connection.ack(of);
    await sent;
    // Once acknowledged it may be sent again: the master knows it.
    const again = client.matchResult(result(1));
    connection.ack((await connection.next()).of);
    await again;
  });

  test('a full outbox refuses, and takes again when there is room', async () => {
    const { client, connection } = await stage.connected({ outboxLimit: 2 });
    const kept = [client.matchStarted(matchId(1)), client.matchStarted(matchId(2))];
    await expect(client.matchStarted(matchId(3))).rejects.toMatchObject({
      code: 'outbox-full',
      message: "2 messages already wait for the master's Ack",
    });
    for (const { of } of await take(connection, 2)) connection.ack(of);
    await Promise.all(kept);
    const third = client.matchStarted(matchId(3));
    connection.ack((await connection.next()).of);
    await third;
  });

  test('a wrong result is refused here, and is not kept', async () => {
    const client = stage.client();
    expect(await codeOf(client.matchResult({ ...result(1), durationMs: -1 }))).toBe('schema');
    expect(client.pending()).toEqual([]);
  });

  test('pending() survives a restart of the game server, through JSON', async () => {
    const first = stage.client();
    void first.matchStarted(matchId(1));
    void first.matchResult(result(1));
    const saved = JSON.stringify(first.pending());
    await first.close();
    expect(JSON.stringify(first.pending())).toBe(saved);

    const { client, connection } = await stage.connected({ pending: JSON.parse(saved) });
    const again = await take(connection, 2);
    expect(again.map(summary)).toEqual([
      [MsgType.MatchStarted, matchId(1)],
      [MsgType.MatchResult, matchId(1)],
    ]);
    const sent = client.matchResult(result(1));
    for (const { of } of again) connection.ack(of);
    await sent;
    expect(client.pending()).toEqual([]);
  });

  test('without an Ack for 10 s the client connects again; each Ack is progress', async () => {
    const { client, connection } = await stage.connected();
    const first = client.matchStarted(matchId(1));
    void client.matchStarted(matchId(2));
    void client.matchStarted(matchId(3));
    const sent = await take(connection, 3);
    stage.runtime.advance(9999);
    connection.ack(sent[0]?.of ?? -1);
    await first;
    stage.runtime.advance(9999);
    expect(client.state).toBe('ready');
    const lost = disconnected(client);
    stage.runtime.advance(1);
    const { error, retryInMs } = await lost;
    expect(error).toMatchObject({ code: 'timeout', message: 'the master sent no Ack for 10 s' });
    stage.runtime.advance(retryInMs);
    const second = await stage.master.established.next();
    expect((await take(second, 2)).map(summary)).toEqual([
      [MsgType.MatchStarted, matchId(2)],
      [MsgType.MatchStarted, matchId(3)],
    ]);
  });

  test('a result longer than the master takes is refused, the connection stays', async () => {
    stage.master.conduct.maxPayload = 1000;
    const { client, connection } = await stage.connected();
    const teams = Array.from({ length: 100 }, (_, rank) => ({ rank }));
    expect(await codeOf(client.matchResult({ ...result(1), teams }))).toBe('too-large');
    const small = client.matchResult(result(2));
    connection.ack((await connection.next()).of);
    await small;
  });
});

describe('one turn, one frame', () => {
  test('everything that is sent in one turn travels together, in order', async () => {
    const { client, connection } = await stage.connected();
    await connection.next(MsgType.Heartbeat);
    for (let i = 0; i < 50; i++) client.log('info', `line ${i}`);
    void client.matchStarted(matchId(1));
    void client.matchResult(result(1));
    const all: Received[] = [];
    while (all.length < 52) all.push(await connection.received.next());
    expect(new Set(all.map(({ frame }) => frame)).size).toBe(1);
    expect(all.map(({ type }) => type)).toEqual([
      ...Array<number>(50).fill(MsgType.LogInfo),
      MsgType.MatchStarted,
      MsgType.MatchResult,
    ]);
    expect(all.map(({ of }) => of)).toEqual(all.map((_, i) => 2 + i));
  });

  test('the first heartbeat and what waited for the connection too', async () => {
    const client = stage.client();
    void client.matchStarted(matchId(1));
    void client.connect();
    const connection = await stage.master.established.next();
    const [beat, started] = [await connection.received.next(), await connection.received.next()];
    expect([beat.type, started.type]).toEqual([MsgType.Heartbeat, MsgType.MatchStarted]);
    expect(beat.frame).toBe(started.frame);
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
