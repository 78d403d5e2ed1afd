import { once } from 'node:events';
import type { RefusedSend } from '../src/game-server.js';
import { MsgType } from '../src/msg-type.js';
import {
  ServerStage,
  codeOf,
  disconnected,
  matchId,
  reconnected,
  result,
  settle,
  summary,
  take,
} from './client-fixtures.js';
import type { Received } from './client-test-master.js';

let stage: ServerStage;
beforeEach(async () => {
  stage = await new ServerStage().open();
});
afterEach(() => stage.close());

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
