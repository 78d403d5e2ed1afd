import { gameServers, matches, matchUpkeep } from '../src/index.js';
import type { NewMatch, Store } from '../src/index.js';
import { DIALECTS, freshDatabase, open, START, TestClock } from './databases.js';
import type { FreshDatabase } from './databases.js';
import {
  aMatch,
  aServer,
  firstTeamWins,
  makeReady,
  makeRunning,
  presenceOf,
  someAccounts,
} from './fixtures.js';

describe.each(DIALECTS)('what the tick looks after, on %s', (dialect) => {
  let database: FreshDatabase;
  let store: Store;
  let clock: TestClock;
  let server: string;

  beforeEach(async () => {
    clock = new TestClock();
    database = await freshDatabase(dialect);
    store = await open(database.target, { now: clock.now });
    server = await aServer(store, { capacity: 100 });
  });
  afterEach(async () => {
    await store.close();
    await database.drop();
  });

  const fresh = async (): Promise<NewMatch> =>
    aMatch(
      store,
      server,
      (await someAccounts(store, 2)).map((id) => [id]),
    );
  const offline = (): Promise<number> =>
    store.write('offline', (tx) =>
      gameServers.markOffline(tx, [{ id: server, nodeId: 'node-1', connectedAt: START }]),
    );
  const online = (connectedAt: number): Promise<number> =>
    store.write('online', (tx) => gameServers.upsertPresence(tx, [presenceOf(server, { connectedAt })]));
  const lostAt = async (match: NewMatch): Promise<number | null | undefined> =>
    (await store.read((tx) => matches.byId(tx, match.id)))?.serverLostAt;

  test('live matches of servers, without those that ended', async () => {
    const [a, b, c] = [await fresh(), await fresh(), await fresh()];
    await makeReady(store, b);
    await makeRunning(store, c);
    await store.write('end', (tx) =>
      matches.finish(tx, { matchId: c.id, serverId: server, ...firstTeamWins(c) }),
    );
    const live = await store.read((tx) => matchUpkeep.liveOnServers(tx, [server, 'nobody']));
    expect(new Map(live.map((row) => [row.id, row.state]))).toEqual(
      new Map([
        [a.id, 'reserving'],
        [b.id, 'ready'],
      ]),
    );
    expect(await store.read((tx) => matchUpkeep.finishedAmong(tx, [a.id, c.id, 'nothing']))).toEqual([
      { id: c.id, serverId: server },
    ]);
  });

  test('matches to move: overdue, refused, or on a server that is offline; nothing but reserving', async () => {
    const [a, b] = [await fresh(), await fresh()];
    await makeReady(store, await fresh());
    const due = async (now: number, ...refused: string[]) =>
      (await store.read((tx) => matchUpkeep.toMove(tx, { now, refused, limit: 10 }))).map(
        ({ id, isOverdue, isOnline }) => ({ id, isOverdue, isOnline }),
      );
    expect(await due(START + 2_999)).toEqual([]);
    expect(await due(START + 2_999, a.id, 'nothing')).toEqual([
      { id: a.id, isOverdue: false, isOnline: true },
    ]);
    const both = [a, b].map(({ id }) => id).sort();
    expect((await due(START + 3_000)).map(({ id }) => id).sort()).toEqual(both);
    await offline();
    expect(await due(START)).toHaveLength(2);
    expect(await due(START)).toEqual(
      expect.arrayContaining([{ id: a.id, isOverdue: true, isOnline: false }]),
    );
    expect(
      await store.read((tx) => matchUpkeep.toMove(tx, { now: START, refused: [], limit: 1 })),
    ).toHaveLength(1);
  });

  test('ready matches that are overdue, or whose server has been gone for long enough', async () => {
    const match = await fresh();
    await makeReady(store, match);
    await makeRunning(store, await fresh());
    const due = (now: number, lostBefore: number) =>
      store.read((tx) => matchUpkeep.overdueReady(tx, { now, lostBefore, limit: 10 }));
    expect(await due(START + 59_999, START)).toEqual([]);
    expect(await due(START + 60_000, START)).toEqual([
      { id: match.id, serverId: server, attempt: 1, isLost: false },
    ]);
    clock.advance(100);
    await offline();
    await store.write('lost', (tx) => matchUpkeep.markLostOfOffline(tx));
    expect(await due(START + 200, START + 99)).toEqual([]);
    expect(await due(START + 200, START + 100)).toEqual([
      { id: match.id, serverId: server, attempt: 1, isLost: true },
    ]);
    await online(START + 150);
    expect(await due(START + 200, START + 100)).toEqual([]);
  });

  test('a loss is noted once, for ready and running, and taken off again', async () => {
    const [reserving, ready, running] = [await fresh(), await fresh(), await fresh()];
    await makeReady(store, ready);
    await makeRunning(store, running);
    expect(await store.write('lost', (tx) => matchUpkeep.markLostOfOffline(tx))).toBe(0);
    await offline();
    clock.advance(10);
    expect(await store.write('lost', (tx) => matchUpkeep.markLostOfOffline(tx))).toBe(2);
    clock.advance(10);
    expect(await store.write('lost', (tx) => matchUpkeep.markLostOfOffline(tx))).toBe(0);
    expect(await store.write('lost', (tx) => matchUpkeep.markLost(tx, [running.id, reserving.id]))).toBe(0);
    expect([await lostAt(reserving), await lostAt(ready), await lostAt(running)]).toEqual([
      null,
      START + 10,
      START + 10,
    ]);
    await store.write('back', (tx) => matchUpkeep.clearLost(tx, [running.id]));
    expect([await lostAt(ready), await lostAt(running)]).toEqual([START + 10, null]);
    expect(await store.write('lost', (tx) => matchUpkeep.markLost(tx, [running.id]))).toBe(1);
    expect(await lostAt(running)).toBe(START + 20);
  });

  test('lost for good: the server gone for long, or back for long without the match', async () => {
    const match = await fresh();
    await makeRunning(store, match);
    const lost = (offlineBefore: number, unnamedBefore: number) =>
      store.read((tx) => matchUpkeep.lost(tx, { offlineBefore, unnamedBefore, limit: 10 }));
    await offline();
    await store.write('lost', (tx) => matchUpkeep.markLostOfOffline(tx));
    expect(await lost(START - 1, START + 1_000)).toEqual([]);
    expect(await lost(START, START - 1)).toEqual([match.id]);
    await online(START + 500);
    // Back: what counts is how long it has been back.
    expect(await lost(START + 400, START + 499)).toEqual([]);
    expect(await lost(START + 400, START + 500)).toEqual([match.id]);
    await store.write('back', (tx) => matchUpkeep.clearLost(tx, [match.id]));
    expect(await lost(START + 400, START + 500)).toEqual([]);
  });

  test('a ready match that its server forgot is to be sent again; a running one is not touched', async () => {
    const [ready, running] = [await fresh(), await fresh()];
    await makeReady(store, ready);
    await makeRunning(store, running);
    expect(await store.write('forget', (tx) => matchUpkeep.forgetAllowed(tx, [ready.id, running.id]))).toBe(
      2,
    );
    const generations = async (match: NewMatch) =>
      (await store.read((tx) => matches.byId(tx, match.id)))?.players.map(
        (player) => player.allowedGeneration,
      );
    expect(await generations(ready)).toEqual([-1, -1]);
    expect(await generations(running)).toEqual([0, 0]);
  });
});
