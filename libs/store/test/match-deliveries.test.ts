import { matchDeliveries, matches } from '../src/index.js';
import type { AllowAck, Match, NewMatch, Store } from '../src/index.js';
import { DIALECTS, START, type TestClock } from './databases.js';
import { aMatch, aServer, firstTeamWins, makeReady, makeRunning, someAccounts } from './fixtures.js';
import { withStore } from './with-store.js';

describe.each(DIALECTS)('what has to be sent, on %s', (dialect) => {
  let store: Store;
  let clock: TestClock;
  let server: string;
  let other: string;
  withStore(dialect, (parts) => ({ store, clock } = parts));
  beforeEach(async () => {
    server = await aServer(store, { capacity: 100 });
    other = await aServer(store, { capacity: 100 });
  });

  const fresh = async (): Promise<{ match: NewMatch; ids: string[] }> => {
    const ids = await someAccounts(store, 2);
    return {
      match: await aMatch(
        store,
        server,
        ids.map((id) => [id]),
      ),
      ids,
    };
  };
  const due = (...serverIds: string[]): Promise<string[]> =>
    store.read(async (tx) =>
      (await matchDeliveries.allowsDue(tx, { serverIds, limit: 100 })).map(({ id }) => id),
    );
  const byId = async (id: string): Promise<Match | null> => store.read((tx) => matches.byId(tx, id));
  const ackOf = (match: NewMatch, generation: number, more: Partial<AllowAck> = {}): AllowAck => ({
    matchId: match.id,
    serverId: match.serverId,
    attempt: 1,
    reserveExpiresAt: START + 60_000,
    players: match.teams.flat().map(({ id }) => ({ id, generation })),
    ...more,
  });
  const record = (...acks: AllowAck[]): Promise<string[]> =>
    store.write('acks', (tx) => matchDeliveries.recordAllowed(tx, acks));
  const bump = (...ids: string[]): Promise<string[]> =>
    store.write('bump', async (tx) =>
      (await matchDeliveries.bumpTokens(tx, ids)).map(({ matchId }) => matchId),
    );

  test('a match in reserving is due on its server until it is acknowledged', async () => {
    const { match } = await fresh();
    expect(await due(server)).toEqual([match.id]);
    expect(await due(other)).toEqual([]);
    clock.advance(500);
    expect(await record(ackOf(match, 0))).toEqual([match.id]);
    expect(await due(server)).toEqual([]);
    expect(await byId(match.id)).toMatchObject({
      state: 'ready',
      stateSince: START + 500,
      allowAckedAt: START + 500,
      reserveExpiresAt: START + 60_000,
      players: [{ allowedGeneration: 0 }, { allowedGeneration: 0 }],
    });
  });

  test.each<[string, Partial<AllowAck>]>([
    ['another attempt', { attempt: 2 }],
    ['another server', { serverId: 'somebody' }],
    ['a match that does not exist', { matchId: 'nothing' }],
  ])('an Ack of %s changes nothing, and those beside it count', async (_, wrong) => {
    const [one, two] = [await fresh(), await fresh()];
    const before = await byId(one.match.id);
    expect(await record(ackOf(one.match, 0, wrong), ackOf(two.match, 0))).toEqual([two.match.id]);
    expect(await byId(one.match.id)).toEqual(before);
    expect(await byId(two.match.id)).toMatchObject({ state: 'ready' });
  });

  test('an Ack that comes after the match was cancelled changes nothing', async () => {
    const { match } = await fresh();
    await store.write('cancel', (tx) =>
      matches.cancel(tx, { matchId: match.id, state: 'reserving', reason: 'x', requeue: 'none' }),
    );
    expect(await record(ackOf(match, 0))).toEqual([]);
    expect(await byId(match.id)).toMatchObject({ state: 'cancelled' });
  });

  test('an Ack never allows a generation that does not exist, nor goes back to an older one', async () => {
    const { match, ids } = await fresh();
    await record(ackOf(match, 7));
    expect(await byId(match.id)).toMatchObject({
      players: [{ allowedGeneration: -1 }, { allowedGeneration: -1 }],
    });
    await record(ackOf(match, 0));
    await bump(...ids);
    await record(ackOf(match, 1));
    await record(ackOf(match, 0));
    expect(await byId(match.id)).toMatchObject({
      players: [{ allowedGeneration: 1 }, { allowedGeneration: 1 }],
    });
  });

  test('a new token: only for players in ready and running, and the match is due again', async () => {
    const { match, ids } = await fresh();
    const [ann = ''] = ids;
    expect(await bump(ann)).toEqual([]);
    await makeReady(store, match);
    expect(await bump(ann, 'nobody')).toEqual([match.id]);
    expect(await due(server)).toEqual([match.id]);
    const tokens = async () =>
      (await byId(match.id))?.players.map(({ tokenGeneration, allowedGeneration }) => [
        tokenGeneration,
        allowedGeneration,
      ]);
    expect(await tokens()).toEqual([
      [1, 0],
      [0, 0],
    ]);
    clock.advance(10);
    // The Ack of an update leaves the match as it is.
    await store.write('ack', (tx) =>
      matchDeliveries.recordAllowed(tx, [
        ackOf(match, 0, {
          players: match.teams.flat().map(({ id }, i) => ({ id, generation: i === 0 ? 1 : 0 })),
        }),
      ]),
    );
    expect(await tokens()).toEqual([
      [1, 1],
      [0, 0],
    ]);
    expect(await byId(match.id)).toMatchObject({ state: 'ready', stateSince: START });
    await store.write('running', (tx) => matches.markRunning(tx, { matchId: match.id, serverId: server }));
    expect(await bump(ann)).toEqual([match.id]);
    expect(await due(server)).toEqual([match.id]);
  });

  test('a match that ended gives nobody a new token', async () => {
    const { match, ids } = await fresh();
    await makeRunning(store, match);
    await store.write('end', (tx) =>
      matches.finish(tx, { matchId: match.id, serverId: server, ...firstTeamWins(match) }),
    );
    expect(await bump(...ids)).toEqual([]);
    expect(await due(server)).toEqual([]);
  });

  test('players are due to be told once their present token is allowed, until it is marked', async () => {
    const { match, ids } = await fresh();
    const found = async () =>
      (await store.read((tx) => matchDeliveries.foundDue(tx, [match.id]))).flatMap((one) =>
        one.players
          .filter(
            (player) => player.foundSentAt === null && player.allowedGeneration === player.tokenGeneration,
          )
          .map((player) => player.accountId),
      );
    const [first, second] = match.teams.flat();
    const mark = (generation: number) =>
      store.write('told', (tx) =>
        matchDeliveries.markFoundSent(tx, [{ matchId: match.id, playerId: first?.id ?? '', generation }]),
      );
    expect(await found()).toEqual([]);
    await makeReady(store, match);
    expect((await found()).sort()).toEqual([...ids].sort());
    expect(await mark(0)).toBe(1);
    expect(await mark(0)).toBe(0);
    expect(await found()).toEqual([second?.accountId]);
    await bump(first?.accountId ?? '');
    // What was told of the older token says nothing of the newer.
    expect(await mark(0)).toBe(0);
    expect(await found()).toEqual([second?.accountId]);
    await record(ackOf(match, 0, { players: [{ id: first?.id ?? '', generation: 1 }] }));
    expect((await found()).sort()).toEqual([...ids].sort());
    expect(await mark(1)).toBe(1);
  });

  test('changes of state since a time, without reserving', async () => {
    const [a, b, c] = [(await fresh()).match, (await fresh()).match, (await fresh()).match];
    await makeReady(store, a);
    clock.advance(10);
    await makeRunning(store, b);
    const own = new Set([a.id, b.id, c.id]);
    const since = async (ms: number) =>
      (await store.read((tx) => matchDeliveries.changedSince(tx, ms))).filter(({ id }) => own.has(id));
    expect(await since(START)).toEqual([
      { id: a.id, state: 'ready' },
      { id: b.id, state: 'running' },
    ]);
    expect(await since(START + 10)).toEqual([{ id: b.id, state: 'running' }]);
    const found = await store.read((tx) => matchDeliveries.byIds(tx, [a.id, c.id, 'nothing']));
    expect(found.map(({ id }) => id).sort()).toEqual([a.id, c.id].sort());
  });

  test('addresses: the host of the certificate wins over that of the connection', async () => {
    const named = await aServer(store, { port: 7001 }, { publicHost: 'play.example.org' });
    const addresses = await store.read((tx) => matchDeliveries.addressesOf(tx, [server, named, 'nobody']));
    expect([...addresses.values()]).toHaveLength(2);
    expect(addresses.get(named)).toEqual({ host: 'play.example.org', port: 7001 });
    expect(addresses.get(server)).toEqual({ host: '203.0.113.9', port: 7777 });
  });
});
