import { once } from 'node:events';
import type { ProtocolError } from '../src/errors.js';
import type { MatchFound, MatchProposed } from '../src/messages/index.js';
import { MsgType } from '../src/msg-type.js';
import { PlayerStage, matchId, reconnected, settle } from './client-fixtures.js';
import type { PlayerClient } from '../src/player.js';
import type { TestConnection } from './client-test-master.js';

let stage: PlayerStage;
beforeEach(async () => {
  stage = await new PlayerStage().open();
});
afterEach(() => stage.close());

const FOUND: MatchFound = {
  matchId: matchId(1),
  queue: 'duel',
  host: 'play.example',
  port: 27_015,
  joinToken: 'A'.repeat(43),
  playerId: matchId(7),
  team: 0,
  teams: [['Ada'], ['Grace']],
  expiresAt: 5,
};

const PROPOSED: MatchProposed = {
  matchId: matchId(2),
  queue: 'duel',
  teams: [1, 1],
  expiresAt: 20_000,
  answered: false,
  accepted: 0,
};

async function joined(): Promise<{ client: PlayerClient; connection: TestConnection<'RDV'> }> {
  const { client, connection } = await stage.connected();
  const join = client.joinQueue('duel');
  connection.ack((await connection.next(MsgType.JoinQueue)).of);
  await join;
  return { client, connection };
}

async function reconnect(
  client: PlayerClient,
  connection: TestConnection<'RDV'>,
): Promise<TestConnection<'RDV'>> {
  const ready = once(client, 'ready');
  const next = reconnected(client, stage);
  connection.drop();
  await ready;
  return next;
}

/** What the client asks for on this connection, up to a LeaveQueue that marks the end. */
async function asked(client: PlayerClient, connection: TestConnection<'RDV'>): Promise<unknown[]> {
  const requests: unknown[] = [];
  const marker = client.leaveQueue();
  for (;;) {
    const { type, of, value } = await connection.next(MsgType.JoinQueue, MsgType.LeaveQueue);
    connection.ack(of);
    if (type === MsgType.LeaveQueue) break;
    requests.push((value as { queue: string }).queue);
  }
  await marker;
  return requests;
}

describe('requests', () => {
  test('joinQueue and leaveQueue resolve at their Acks', async () => {
    const { client, connection } = await joined();
    let left = false;
    const leave = client.leaveQueue().then(() => (left = true));
    const { of } = await connection.next(MsgType.LeaveQueue);
    await settle();
    expect(left).toBe(false);
    connection.ack(of);
    await leave;
  });

  test.each(['unknown_queue', 'already_queued', 'banned', 'busy', 'maintenance', 'internal'])(
    'a refusal with %s rejects with that code at once',
    async (code) => {
      const { client, connection } = await stage.connected();
      const join = client.joinQueue('duel');
      connection.ack((await connection.next()).of, { code, message: 'no' });
      await expect(join).rejects.toMatchObject({ name: 'ProtocolError', code, message: 'no' });
    },
  );

  test('made before there is a session, they wait for it, in order', async () => {
    const client = stage.client();
    const requests = [client.joinQueue('duel'), client.leaveQueue(), client.joinQueue('team')];
    void client.connect();
    const connection = await stage.master.established.next();
    for (const type of [MsgType.JoinQueue, MsgType.LeaveQueue, MsgType.JoinQueue]) {
      const request = await connection.next();
      expect(request.type).toBe(type);
      connection.ack(request.of);
    }
    await Promise.all(requests);
  });

  test('unanswered when the connection was lost: asked again; "already queued" is the answer then', async () => {
    const { client, connection } = await stage.connected();
    const join = client.joinQueue('duel');
    await connection.next(MsgType.JoinQueue);
    const second = await reconnect(client, connection);
    const { of } = await second.next(MsgType.JoinQueue);
    second.ack(of, { code: 'already_queued', message: 'you are in a queue' });
    await join;
    expect(await asked(client, second)).toEqual([]);
  });

  test('a queue name that cannot be one is refused here', async () => {
    const { client } = await stage.connected();
    await expect(client.joinQueue('')).rejects.toMatchObject({ code: 'schema' });
  });

  test('16 open requests are enough', async () => {
    const client = stage.client();
    const requests = Array.from({ length: 16 }, () => client.leaveQueue());
    await expect(client.leaveQueue()).rejects.toMatchObject({ code: 'outbox-full' });
    await client.close();
    for (const request of requests) await expect(request).rejects.toMatchObject({ code: 'closed' });
    await expect(client.joinQueue('duel')).rejects.toMatchObject({ code: 'closed' });
  });
});

describe('after a reconnect', () => {
  test('who was in a queue joins it again, once per connection', async () => {
    const { client, connection: first } = await joined();
    let connection = first;
    for (let i = 0; i < 3; i++) {
      connection = await reconnect(client, connection);
      const { of, value } = await connection.next(MsgType.JoinQueue);
      expect(value).toEqual({ queue: 'duel' });
      connection.ack(of, i === 1 ? { code: 'already_queued', message: '' } : undefined);
    }
    expect(await asked(client, connection)).toEqual([]);
  });

  test.each<[string, (c: PlayerClient, m: TestConnection<'RDV'>) => Promise<void>]>([
    [
      'left',
      async (client, connection) => {
        const leave = client.leaveQueue();
        connection.ack((await connection.next(MsgType.LeaveQueue)).of);
        await leave;
      },
    ],
    [
      'found a match',
      async (client, connection) => {
        const found = once(client, 'matchFound');
        connection.send(MsgType.MatchFound, FOUND);
        await found;
      },
    ],
    [
      'declined a match that was proposed',
      async (client, connection) => {
        const proposed = once(client, 'matchProposed');
        connection.send(MsgType.MatchProposed, PROPOSED);
        await proposed;
        const answer = client.answerMatch(PROPOSED.matchId, false);
        connection.ack((await connection.next(MsgType.MatchAnswer)).of);
        await answer;
      },
    ],
    [
      'gave no answer to a match that was proposed',
      async (client, connection) => {
        const cancelled = once(client, 'matchCancelled');
        connection.send(MsgType.MatchProposed, PROPOSED);
        connection.send(MsgType.MatchCancelled, { matchId: matchId(2), reason: 'r', requeued: false });
        await cancelled;
      },
    ],
    [
      'had his match cancelled for good',
      async (client, connection) => {
        const cancelled = once(client, 'matchCancelled');
        connection.send(MsgType.MatchFound, FOUND);
        connection.send(MsgType.MatchCancelled, { matchId: matchId(1), reason: 'r', requeued: false });
        await cancelled;
      },
    ],
  ])('who %s does not', async (_, happen) => {
    const { client, connection } = await joined();
    await happen(client, connection);
    const second = await reconnect(client, connection);
    expect(await asked(client, second)).toEqual([]);
  });

  test('whose join was refused does not', async () => {
    const { client, connection } = await stage.connected();
    const join = client.joinQueue('duel');
    connection.ack((await connection.next()).of, { code: 'maintenance', message: '' });
    await expect(join).rejects.toMatchObject({ code: 'maintenance' });
    expect(await asked(client, await reconnect(client, connection))).toEqual([]);
  });

  test('whom a cancelled match put back joins its queue again', async () => {
    const { client, connection } = await joined();
    const cancelled = once(client, 'matchCancelled');
    connection.send(MsgType.MatchFound, { ...FOUND, queue: 'team' });
    connection.send(MsgType.MatchCancelled, { matchId: matchId(1), reason: 'r', requeued: true });
    await cancelled;
    expect(await asked(client, await reconnect(client, connection))).toEqual(['team']);
  });

  test.each([
    ['is asked whether he is ready', []],
    ['accepted a match that was then called off', [{ matchId: matchId(2), reason: 'r', requeued: true }]],
    [
      'hears late of another match that was called off',
      [{ matchId: matchId(3), reason: 'r', requeued: false }],
    ],
  ])('who %s joins again: he waits still', async (_, cancelled) => {
    const { client, connection } = await joined();
    const proposed = once(client, 'matchProposed');
    connection.send(MsgType.MatchProposed, PROPOSED);
    await proposed;
    const answer = client.answerMatch(PROPOSED.matchId, true);
    connection.ack((await connection.next(MsgType.MatchAnswer)).of);
    await answer;
    for (const message of cancelled) {
      const heard = once(client, 'matchCancelled');
      connection.send(MsgType.MatchCancelled, message);
      await heard;
    }
    expect(await asked(client, await reconnect(client, connection))).toEqual(['duel']);
  });

  test('a match found before the Ack of the join: the join resolves, nobody joins again', async () => {
    const { client, connection } = await stage.connected();
    const join = client.joinQueue('duel');
    const { of } = await connection.next(MsgType.JoinQueue);
    connection.send(MsgType.MatchFound, FOUND);
    connection.ack(of);
    await join;
    expect(await asked(client, await reconnect(client, connection))).toEqual([]);
  });

  test('a refusal of the new join is an event, and the end of it', async () => {
    const { client, connection } = await joined();
    const lost = once(client, 'queueLost') as Promise<[ProtocolError]>;
    const second = await reconnect(client, connection);
    second.ack((await second.next(MsgType.JoinQueue)).of, {
      code: 'unknown_queue',
      message: 'it was closed',
    });
    expect((await lost)[0]).toMatchObject({ code: 'unknown_queue', message: 'it was closed' });
    expect(await asked(client, await reconnect(client, second))).toEqual([]);
  });
});

test('every push of the master is an event with its message', async () => {
  const { client, connection } = await stage.connected();
  const started = { matchId: matchId(1), startedAt: 9 };
  const cancelled = { matchId: matchId(1), reason: 'the server was lost', requeued: true };
  const report = {
    matchId: matchId(1),
    queue: 'duel',
    team: 0,
    outcome: 'win' as const,
    teams: [{ rank: 0, players: [{ name: 'Ada' }] }],
    rating: { before: 1500, after: 1510, mu: 25.5, sigma: 8 },
  };
  const notice = { maintenance: true, message: 'Back at noon.' };
  const state = { matchId: matchId(2), accepted: 1, players: 2 };
  const heard: unknown[] = [];
  client.on('matchFound', (found) => heard.push(found));
  client.on('matchStarted', (message) => heard.push(message));
  client.on('matchCancelled', (message) => heard.push(message));
  client.on('matchReport', (message) => heard.push(message));
  client.on('matchProposed', (message) => heard.push(message));
  client.on('matchProposalState', (message) => heard.push(message));
  client.on('serviceNotice', (message) => heard.push(message));
  const last = once(client, 'matchReport');
  connection.send(MsgType.ServiceNotice, notice);
  connection.send(MsgType.MatchProposed, PROPOSED);
  connection.send(MsgType.MatchProposalState, state);
  connection.send(MsgType.MatchFound, FOUND);
  connection.send(MsgType.PlayerMatchStarted, started);
  connection.send(MsgType.MatchCancelled, cancelled);
  connection.send(MsgType.MatchReport, report);
  await last;
  expect(heard).toEqual([notice, PROPOSED, state, FOUND, started, cancelled, report]);
});

test('a proposal that was overtaken by the end of its match is none', async () => {
  const { client, connection } = await joined();
  const heard: string[] = [];
  client.on('matchProposed', ({ matchId: id }) => heard.push(id));
  const last = once(client, 'matchFound');
  connection.send(MsgType.MatchCancelled, { matchId: PROPOSED.matchId, reason: 'r', requeued: true });
  connection.send(MsgType.MatchProposed, PROPOSED);
  connection.send(MsgType.MatchProposed, { ...PROPOSED, matchId: matchId(4) });
  connection.send(MsgType.MatchFound, FOUND);
  await last;
  expect(heard).toEqual([matchId(4)]);
});

test('an answer that was lost with its connection is given again; its refusal says when to try again', async () => {
  const { client, connection } = await stage.connected();
  const answer = client.answerMatch(matchId(2), true);
  expect((await connection.next(MsgType.MatchAnswer)).value).toEqual({ matchId: matchId(2), accept: true });
  const second = await reconnect(client, connection);
  const { of, value } = await second.next(MsgType.MatchAnswer);
  expect(value).toEqual({ matchId: matchId(2), accept: true });
  second.ack(of, { code: 'over', message: 'too late' });
  await expect(answer).rejects.toMatchObject({ code: 'over', retryAfterMs: undefined });
  const join = client.joinQueue('duel');
  const request = await second.next(MsgType.JoinQueue);
  second.ack(request.of, { code: 'cooldown', message: 'wait', retryAfterMs: 30_000 });
  await expect(join).rejects.toMatchObject({ code: 'cooldown', retryAfterMs: 30_000 });
});

test('heartbeats are empty objects, every heartbeatMs; pushes get no Ack', async () => {
  stage.master.conduct.heartbeatMs = 700;
  const { client, connection } = await stage.connected();
  const found = once(client, 'matchFound');
  connection.send(MsgType.MatchFound, FOUND);
  await found;
  for (let i = 0; i < 3; i++) {
    const { type, value } = await connection.received.next();
    expect([type, value]).toEqual([MsgType.Heartbeat, {}]);
    stage.runtime.advance(700);
  }
});

test('superseded by a newer connection with the ticket: the end', async () => {
  const { client, connection } = await joined();
  const closed = once(client, 'closed') as Promise<[ProtocolError]>;
  connection.close('superseded');
  expect((await closed)[0].code).toBe('superseded');
  stage.runtime.advance(600_000);
  expect(stage.runtime.sockets).toHaveLength(1);
});

test('close() says CLOSE and ends every open request', async () => {
  const { client, connection } = await stage.connected();
  const join = client.joinQueue('duel');
  await client.close();
  await expect(join).rejects.toMatchObject({ code: 'closed' });
  expect((await connection.next(MsgType.Close, MsgType.JoinQueue)).type).toBe(MsgType.JoinQueue);
  expect((await connection.next(MsgType.Close)).value).toMatchObject({ code: 'bye' });
});

test('an Ack that nobody waits for is counted', async () => {
  const { client, connection } = await joined();
  connection.ack(99);
  expect(await asked(client, connection)).toEqual([]);
  expect(client.counters.ignoredAcks).toBe(1);
});
