import { once } from 'node:events';
import type { PartyState } from '../src/messages/index.js';
import { MsgType } from '../src/msg-type.js';
import type { PlayerClient } from '../src/player.js';
import { PlayerStage, matchId, reconnected } from './client-fixtures.js';
import type { TestConnection } from './client-test-master.js';

let stage: PlayerStage;
beforeEach(async () => {
  stage = await new PlayerStage().open();
});
afterEach(() => stage.close());

const PARTY = matchId(3);
const MEMBER = matchId(4);
const STATE: PartyState = {
  partyId: PARTY,
  ended: false,
  leader: MEMBER,
  members: [
    { id: MEMBER, name: 'Ada', online: true },
    { id: matchId(5), name: 'Grace', online: true },
  ],
  invites: [],
  note: 'Grace joined the party.',
};

/** Sends a state and waits until the client has it. */
async function told(
  client: PlayerClient,
  connection: TestConnection<'RDV'>,
  state: PartyState,
): Promise<void> {
  const heard = once(client, 'partyState');
  connection.send(MsgType.PartyState, state);
  expect(await heard).toEqual([state]);
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

test.each<[string, number, (client: PlayerClient) => Promise<void>, unknown]>([
  ['inviteToParty', MsgType.PartyInvite, (client) => client.inviteToParty('grace'), { player: 'grace' }],
  [
    'acceptInvite',
    MsgType.PartyAnswer,
    (client) => client.acceptInvite(PARTY, { latencies: { eu: 20 }, roles: ['tank'] }),
    { partyId: PARTY, accept: true, latencies: { eu: 20 }, roles: ['tank'] },
  ],
  [
    'declineInvite',
    MsgType.PartyAnswer,
    (client) => client.declineInvite(PARTY),
    { partyId: PARTY, accept: false },
  ],
  ['leaveParty', MsgType.PartyLeave, (client) => client.leaveParty(), {}],
  ['kickFromParty', MsgType.PartyKick, (client) => client.kickFromParty(MEMBER), { id: MEMBER }],
  ['promoteInParty', MsgType.PartyPromote, (client) => client.promoteInParty(MEMBER), { id: MEMBER }],
])('%s asks the master, and ends as the master says', async (_, type, ask, message) => {
  const { client, connection } = await stage.connected();
  for (const error of [undefined, { code: 'not_leader', message: 'no' }]) {
    const asked = ask(client);
    const { of, value } = await connection.next(type);
    expect(value).toEqual(message);
    connection.ack(of, error);
    if (error === undefined) await asked;
    else await expect(asked).rejects.toMatchObject(error);
  }
});

test.each<[string, number, (client: PlayerClient) => Promise<void>, string]>([
  ['a removal', MsgType.PartyKick, (client) => client.kickFromParty(MEMBER), 'not_member'],
  ['a promotion', MsgType.PartyPromote, (client) => client.promoteInParty(MEMBER), 'not_leader'],
])(
  '%s whose Ack was lost counts as done when the master says so by its refusal',
  async (_, type, ask, code) => {
    const { client, connection } = await stage.connected();
    const asked = ask(client);
    await connection.next(type);
    const second = await reconnect(client, connection);
    second.ack((await second.next(type)).of, { code, message: 'it is so already' });
    await asked;
  },
);

test('what cannot be a wish is refused here', async () => {
  const { client } = await stage.connected();
  await expect(client.inviteToParty('')).rejects.toMatchObject({ code: 'schema' });
  await expect(client.kickFromParty('grace')).rejects.toMatchObject({ code: 'schema' });
  await expect(client.joinQueue('team', { latencies: { eu: -1 } })).rejects.toMatchObject({ code: 'schema' });
  await expect(client.acceptInvite(PARTY, { roles: [] })).rejects.toMatchObject({ code: 'schema' });
});

test('invitations and the news of the wait are events', async () => {
  const { client, connection } = await stage.connected();
  const invited = { partyId: PARTY, from: { id: MEMBER, name: 'Ada' }, members: ['Ada'], expiresAt: 7 };
  const status = { queue: 'team', waited: 3, window: 100, players: 1 };
  const heard = Promise.all([once(client, 'partyInvited'), once(client, 'queueStatus')]);
  connection.send(MsgType.PartyInvited, invited);
  connection.send(MsgType.QueueStatus, status);
  expect(await heard).toEqual([[invited], [status]]);
});

test('after a reconnect a player joins again with what he said of himself', async () => {
  const { client, connection } = await stage.connected();
  const join = client.joinQueue('team', { latencies: { eu: 20 } });
  connection.ack((await connection.next(MsgType.JoinQueue)).of);
  await join;
  const second = await reconnect(client, connection);
  expect((await second.next(MsgType.JoinQueue)).value).toEqual({ queue: 'team', latencies: { eu: 20 } });
});

test('who was taken out of the queue does not join again after a reconnect, unless he asks meanwhile', async () => {
  const { client, connection } = await stage.connected();
  const join = client.joinQueue('duel');
  connection.ack((await connection.next(MsgType.JoinQueue)).of);
  await join;
  const ended = { queue: 'duel', waited: 3, window: 0, players: 0, ended: true };
  const heard = once(client, 'queueStatus');
  connection.send(MsgType.QueueStatus, ended);
  expect(await heard).toEqual([ended]);
  const second = await reconnect(client, connection);
  const again = client.joinQueue('duel');
  // The first message after the reconnect is the one that he asks for himself.
  const { of } = await second.next(MsgType.JoinQueue);
  second.send(MsgType.QueueStatus, ended);
  second.ack(of);
  await again;
  const third = await reconnect(client, second);
  expect((await third.next(MsgType.JoinQueue)).value).toEqual({ queue: 'duel' });
});

test('nobody joins again for a party, also not after its match was called off', async () => {
  const { client, connection } = await stage.connected();
  const join = client.joinQueue('team');
  connection.ack((await connection.next(MsgType.JoinQueue)).of);
  await join;
  await told(client, connection, { ...STATE, queue: 'team' });
  const cancelled = once(client, 'matchCancelled');
  connection.send(MsgType.MatchFound, {
    matchId: matchId(1),
    queue: 'team',
    host: 'play.example',
    port: 1,
    joinToken: 'A'.repeat(43),
    playerId: matchId(7),
    team: 0,
    teams: [['Ada', 'Grace'], ['Barbara']],
    expiresAt: 5,
  });
  connection.send(MsgType.MatchCancelled, { matchId: matchId(1), reason: 'r', requeued: true });
  await cancelled;
  const second = await reconnect(client, connection);
  const marker = client.leaveParty();
  const request = await second.next(MsgType.JoinQueue, MsgType.PartyLeave);
  expect(request.type).toBe(MsgType.PartyLeave);
  second.ack(request.of);
  await marker;
});
