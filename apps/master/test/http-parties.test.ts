import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { PlayerClient, type PartyState } from '@ranked/protocol/player';
import { Ticker } from '../src/matchmaking/ticker.js';
import { ManualClock } from './support/manual-clock.js';
import { stopTestMasters, TestMaster } from './support/test-master.js';

let master: TestMaster;
let clock: ManualClock;
beforeAll(async () => {
  // It stands still, but not so far from the clients’ clocks that they would be refused.
  clock = new ManualClock(Date.now());
  master = await TestMaster.start({}, { clock, autoTick: false });
});
afterAll(stopTestMasters);

interface Player {
  id: string;
  name: string;
  token: string;
  login: Record<string, unknown>;
}

const NO_PARTY = '0191d9a0-4f7e-7cc1-8f2a-1b2c3d4e5f60';

let made = 0;
async function player(): Promise<Player> {
  const name = `player-${++made}`;
  return { name, ...(await master.player(name)) };
}

const ask = (who: Player, method: string, path: string, body?: unknown) =>
  master.request(method, `/v1/${path}`, { token: who.token, ...(body === undefined ? {} : { body }) });
const party = async (who: Player) => (await ask(who, 'GET', 'parties/current')).body;

let ann: Player;
let bob: Player;
beforeEach(async () => {
  [ann, bob] = [await player(), await player()];
});

describe('/v1/parties', () => {
  test('from the invitation to the end', async () => {
    expect(await ask(ann, 'GET', 'parties/current')).toMatchObject({ status: 404 });
    expect(
      await ask(ann, 'POST', 'parties/current/invites', { player: bob.name.toUpperCase() }),
    ).toMatchObject({
      status: 204,
      text: '',
    });
    const { body } = await ask(bob, 'GET', 'parties/invites');
    expect(body).toEqual({
      items: [
        {
          partyId: expect.any(String),
          from: { id: ann.id, displayName: ann.name },
          members: [ann.name],
          expiresAt: clock.now() + 300_000,
        },
      ],
    });
    const [{ partyId }] = body['items'] as [{ partyId: string }];
    const answer = { latencies: { eu: 20 }, roles: ['tank'] };
    expect(await ask(bob, 'POST', `parties/invites/${partyId}`, answer)).toMatchObject({ status: 204 });
    expect(await party(bob)).toEqual({
      partyId,
      leader: ann.id,
      members: [
        { id: ann.id, displayName: ann.name, online: false },
        { id: bob.id, displayName: bob.name, online: false },
      ],
      invites: [],
      queue: null,
      note: `${bob.name} joined the party.`,
    });
    expect(await ask(bob, 'PUT', 'parties/current/leader', { id: ann.id })).toMatchObject({
      status: 409,
      body: {
        type: '/problems/conflict',
        code: 'not_leader',
        detail: 'Only the leader of the party can do that.',
      },
    });
    expect(await ask(ann, 'PUT', 'parties/current/leader', { id: bob.id })).toMatchObject({ status: 204 });
    expect(await party(ann)).toMatchObject({ leader: bob.id });
    expect(await ask(bob, 'DELETE', `parties/current/members/${ann.id}`)).toMatchObject({ status: 204 });
    for (const who of [ann, bob])
      expect(await ask(who, 'GET', 'parties/current')).toMatchObject({ status: 404 });
    expect(await ask(bob, 'DELETE', 'parties/current')).toMatchObject({ status: 204 });
  });

  test('declining, and what is not there', async () => {
    await ask(ann, 'POST', 'parties/current/invites', { player: bob.id.toUpperCase() });
    const { partyId } = await party(ann);
    expect(await ask(bob, 'DELETE', `parties/invites/${String(partyId)}`)).toMatchObject({ status: 204 });
    expect(await ask(ann, 'GET', 'parties/current')).toMatchObject({ status: 404 });
    expect(await ask(bob, 'POST', `parties/invites/${String(partyId)}`, {})).toMatchObject({
      status: 404,
      body: { type: '/problems/not-found', code: 'unknown_invite' },
    });
    for (const unknown of ['nobody-of-that-name', randomUUID()])
      expect(await ask(ann, 'POST', 'parties/current/invites', { player: unknown })).toMatchObject({
        status: 404,
        body: { code: 'unknown_player' },
      });
  });

  test.each<[string, string, unknown, string]>([
    ['POST', 'parties/current/invites', {}, 'player'],
    ['POST', 'parties/current/invites', { player: 'x'.repeat(65) }, 'player'],
    ['POST', 'parties/current/invites', { player: 'ada', leader: true }, 'leader'],
    ['POST', `parties/invites/${NO_PARTY}`, { latencies: { eu: -1 } }, 'latencies'],
    ['POST', `parties/invites/${NO_PARTY}`, { latencies: { eu: 10_001 } }, 'latencies'],
    ['POST', `parties/invites/${NO_PARTY}`, { latencies: [20] }, 'latencies'],
    [
      'POST',
      `parties/invites/${NO_PARTY}`,
      { latencies: Object.fromEntries(Array.from({ length: 33 }, (_, i) => [`r${i}`, 1])) },
      'latencies',
    ],
    ['POST', `parties/invites/${NO_PARTY}`, { roles: [] }, 'roles'],
    ['POST', 'parties/invites/1', {}, 'partyId'],
    ['PUT', 'parties/current/leader', { id: 'ada' }, 'id'],
    ['DELETE', 'parties/current/members/ada', undefined, 'id'],
    ['PUT', 'me/blocks/ada', undefined, 'id'],
  ])('%s %s with %j is refused for its %s', async (method, path, body, field) => {
    const answer = await ask(ann, method, path, body);
    expect(answer).toMatchObject({ status: 400, body: { type: '/problems/validation' } });
    const faults = answer.body['errors'] as { field: string }[];
    expect(new Set(faults.map((fault) => fault.field))).toEqual(new Set([field]));
  });

  test('nothing without a token', async () => {
    for (const [method, path] of [
      ['GET', '/v1/parties/current'],
      ['POST', '/v1/parties/current/invites'],
      ['GET', '/v1/me/blocks'],
    ] as const)
      expect((await master.request(method, path)).status).toBe(401);
  });

  test('too many invitations are refused for a while', async () => {
    const answers = [];
    for (let i = 0; i < 11; i++)
      answers.push(await ask(ann, 'POST', 'parties/current/invites', { player: 'no-one' }));
    expect(answers.map(({ status }) => status)).toEqual([...Array<number>(10).fill(404), 429]);
    expect(answers.at(-1)?.headers.get('retry-after')).toBe('1');
  });

  test('players on the channel hear of it: real sockets', async () => {
    const clients = [ann, bob].map(({ login }) => {
      const { rdv, ticket } = login as {
        rdv: { host: string; port: number };
        ticket: { id: string; secret: string };
      };
      return new PlayerClient({ ...rdv, ticketId: ticket.id, ticket: ticket.secret });
    });
    const [ofAnn, ofBob] = clients as [PlayerClient, PlayerClient];
    try {
      await Promise.all(clients.map((client) => client.connect()));
      const invited = once(ofBob, 'partyInvited');
      await ask(ann, 'POST', 'parties/current/invites', { player: bob.name });
      const [{ partyId }] = (await invited) as [{ partyId: string }];
      const joined = state(ofAnn, ({ members }) => members.length === 2);
      await ofBob.acceptInvite(partyId);
      await joined;
      const queued = state(ofBob, ({ queue }) => queue === 'team');
      await expect(ofBob.joinQueue('team')).rejects.toMatchObject({ code: 'not_leader' });
      await ofAnn.joinQueue('team');
      await queued;
      const ended = state(ofBob, (one) => one.ended);
      await ofAnn.kickFromParty(bob.id);
      expect((await ended).note).toBe(`${bob.name} was removed by the leader, so the party left the queue.`);
      await master.running.app.get(Ticker).tickOnce();
    } finally {
      await Promise.all(clients.map((client) => client.close()));
    }
  });
});

/** The next state of the party that is as wanted. */
function state(client: PlayerClient, isWanted: (state: PartyState) => boolean): Promise<PartyState> {
  return new Promise((resolve) => {
    client.on('partyState', (one) => {
      if (isWanted(one)) resolve(one);
    });
  });
}

describe('/v1/me/blocks', () => {
  test('is a list of one’s own, which the other does not see', async () => {
    expect((await ask(ann, 'GET', 'me/blocks')).body).toEqual({ items: [] });
    for (let i = 0; i < 2; i++) expect((await ask(ann, 'PUT', `me/blocks/${bob.id}`)).status).toBe(204);
    expect((await ask(ann, 'GET', 'me/blocks')).body).toEqual({
      items: [{ id: bob.id, displayName: bob.name, createdAt: clock.now() }],
    });
    expect((await ask(bob, 'GET', 'me/blocks')).body).toEqual({ items: [] });
    expect((await ask(bob, 'POST', 'parties/current/invites', { player: ann.id })).status).toBe(204);
    expect((await ask(ann, 'GET', 'parties/invites')).body).toEqual({ items: [] });
    expect((await ask(ann, 'POST', 'parties/current/invites', { player: bob.id })).body).toMatchObject({
      status: 409,
      code: 'blocked',
    });
    for (let i = 0; i < 2; i++) expect((await ask(ann, 'DELETE', `me/blocks/${bob.id}`)).status).toBe(204);
    expect((await ask(ann, 'GET', 'me/blocks')).body).toEqual({ items: [] });
  });

  test('not oneself, not nobody, and not all the time', async () => {
    expect((await ask(ann, 'PUT', `me/blocks/${ann.id}`)).status).toBe(409);
    expect((await ask(ann, 'PUT', `me/blocks/${randomUUID()}`)).status).toBe(404);
    const statuses = new Set<number>();
    for (let i = 0; i < 30; i++) statuses.add((await ask(ann, 'PUT', `me/blocks/${bob.id}`)).status);
    expect(statuses).toEqual(new Set([204, 429]));
  });
});
