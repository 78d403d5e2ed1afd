import { randomUUID } from 'node:crypto';
import {
  accounts,
  commands,
  dashboard,
  gameServers,
  matches,
  queue,
  ratings,
  serverLogs,
  sessions,
} from '../src/index.js';
import type { ReadTx, Store, StoreTarget } from '../src/index.js';
import type { SqlParameter } from '../src/sql/connection.js';
import { behindTheStore, clear, DIALECTS, START, type TestClock } from './databases.js';
import {
  aCertificate,
  aMatch,
  aServer,
  firstTeamWins,
  makeRunning,
  MASTER_KEY_ID,
  someAccounts,
} from './fixtures.js';
import { withStore } from './with-store.js';

describe.each(DIALECTS)('what the dashboard reads on %s', (dialect) => {
  let store: Store;
  let target: StoreTarget;
  let clock: TestClock;
  withStore(dialect, (parts) => ({ store, clock, target } = parts));
  beforeEach(() => clear(target));

  const read = <T>(fn: (tx: ReadTx) => Promise<T>): Promise<T> => store.read(fn);

  it('servers with their certificate, matches and record', async () => {
    const [ann = '', bob = '', cy = '', dan = ''] = await someAccounts(store, 4);
    const first = await aServer(store, { queues: ['duel'] });
    const second = await aServer(store, { accepting: false });
    const live = await aMatch(store, first, [[ann], [bob]]);
    const ended = await aMatch(store, first, [[cy], [dan]]);
    await store.write('abandon', (tx) => matches.abandon(tx, { matchIds: [ended.id], reason: 'lost' }));
    const rows = await read((tx) => dashboard.serverOverviews(tx));
    expect(rows.map(({ id }) => id)).toEqual([first, second].sort());
    const row = rows.find(({ id }) => id === first);
    expect(row).toMatchObject({
      online: true,
      queues: ['duel'],
      liveMatches: 1,
      masterKeyId: MASTER_KEY_ID,
      certificateRevokedAt: null,
      drainingSince: null,
    });
    expect(rows.find(({ id }) => id === second)).toMatchObject({ accepting: false, liveMatches: 0 });
    expect(await read((tx) => dashboard.serverOverviews(tx, { id: second }))).toHaveLength(1);
    expect(await read((tx) => dashboard.serverCounts(tx))).toEqual({ online: 2, offline: 0, draining: 0 });
    expect(await read((tx) => dashboard.serverRecords(tx, START))).toEqual([
      { serverId: first, finished: 0, abandoned: 1, cancelled: 0 },
    ]);
    expect(await read((tx) => dashboard.serverRecords(tx, START + 1))).toEqual([]);
    expect(await read((tx) => dashboard.liveLoad(tx, [first, second]))).toEqual({ matches: 1, players: 2 });
    expect(await read((tx) => dashboard.liveLoad(tx, []))).toEqual({ matches: 0, players: 0 });
    expect((await read((tx) => dashboard.matchesOfServer(tx, first))).map(({ id }) => id)).toEqual([live.id]);
  });

  it('servers on probation until they have finished enough matches, and again once they fail', async () => {
    const [proven, fresh] = [await aServer(store), await aServer(store)];
    const onProbation = async () => {
      const rows = await read((tx) => dashboard.serverOverviews(tx));
      return [proven, fresh].map((server) => rows.find(({ id }) => id === server)?.onProbation);
    };
    for (let n = 0; n < gameServers.PROVEN_MATCHES; n++) {
      expect(await onProbation()).toEqual([true, true]);
      await store.write('proven', (tx) => gameServers.countProven(tx, [proven]));
      clock.advance(60_000);
    }
    expect(await onProbation()).toEqual([false, true]);
    await store.write('failed', (tx) => gameServers.setFailed(tx, proven, clock.ms + 1));
    expect(await onProbation()).toEqual([true, true]);
  });

  it('nothing of an empty database', async () => {
    expect(await read((tx) => dashboard.serverCounts(tx))).toEqual({ online: 0, offline: 0, draining: 0 });
    expect(await read((tx) => dashboard.waitingByQueue(tx))).toEqual([]);
    expect(await read((tx) => dashboard.madeByQueue(tx, 0))).toEqual([]);
    expect(await read((tx) => dashboard.matchCounts(tx, 0))).toEqual({});
    expect(await read((tx) => dashboard.lastLogId(tx))).toEqual(expect.any(Number));
    expect(await read((tx) => dashboard.lostMatches(tx))).toEqual([]);
    expect(await read((tx) => dashboard.queueNames(tx))).toEqual([]);
  });

  it('queues: who waits, what was made, how ratings are spread', async () => {
    const ids = await someAccounts(store, 5);
    const [ann = '', bob = '', cy = '', dan = '', eve = ''] = ids;
    const server = await aServer(store);
    const join = (accountId: string, name = 'duel') =>
      store.write('join', (tx) => queue.join(tx, { accountId, queue: name }));
    await join(ann);
    clock.advance(2_000);
    await join(bob);
    await join(cy, 'team');
    expect(await read((tx) => dashboard.waitingByQueue(tx))).toEqual([
      { queue: 'duel', waiting: 2, meanJoinedAt: START + 1_000, firstJoinedAt: START },
      { queue: 'team', waiting: 1, meanJoinedAt: START + 2_000, firstJoinedAt: START + 2_000 },
    ]);
    clock.advance(1_000);
    await aMatch(store, server, [[dan], [eve]]);
    expect(await read((tx) => dashboard.playing(tx))).toBe(2);
    // Ids of these matches do not rise with time: only what was made since 1970 is sure to be found.
    expect(await read((tx) => dashboard.madeByQueue(tx, 0))).toEqual([
      { queue: 'duel', matches: 1, players: 2, meanWaitMs: 3_000 },
    ]);
    expect(await read((tx) => dashboard.madeByQueue(tx, clock.ms + 1))).toEqual([]);
    await store.write('ratings', (tx) =>
      ratings.upsertMany(
        tx,
        [-75, -25, 0, 49.9, 50, 1234].map((display, n) => ({
          accountId: ids[n % 5] ?? '',
          queue: n < 5 ? 'duel' : 'team',
          mu: 25 + n,
          sigma: 8,
          games: 1,
          wins: 0,
          display,
          lastMatchAt: null,
        })),
      ),
    );
    expect(await read((tx) => dashboard.displaySteps(tx, 'duel', 50))).toEqual([
      { step: -2, n: 1 },
      { step: -1, n: 1 },
      { step: 0, n: 2 },
      { step: 1, n: 1 },
    ]);
    expect(await read((tx) => dashboard.waitingEntries(tx, 'duel'))).toMatchObject([
      { accountId: ann, mu: 25, sigma: 8, joinedAt: START },
      { accountId: bob, mu: 26 },
    ]);
    expect(await read((tx) => dashboard.waitingEntries(tx, 'team'))).toMatchObject([
      { accountId: cy, mu: null, sigma: null },
    ]);
    expect(await read((tx) => dashboard.queueNames(tx))).toEqual(['duel', 'team']);
  });

  it('matches by state, queue, server, id and page', async () => {
    const server = await aServer(store);
    const made: string[] = [];
    for (let n = 0; n < 4; n++) {
      const [one = '', two = ''] = await someAccounts(store, 2);
      const match = await aMatch(store, server, [[one], [two]], n === 3 ? 'team' : 'duel');
      made.push(match.id);
      if (n === 0) continue;
      await makeRunning(store, match);
      if (n > 1)
        await store.write('result', (tx) =>
          matches.finish(tx, { matchId: match.id, serverId: server, ...firstTeamWins(match) }),
        );
    }
    const [reserving = '', running = '', finished = '', other = ''] = made;
    const page = async (wanted: Parameters<typeof dashboard.matchPage>[1]) =>
      (await read((tx) => dashboard.matchPage(tx, wanted))).map(({ id }) => id);
    expect(await page({})).toEqual([...made].sort().reverse());
    expect((await page({ state: 'live' })).sort()).toEqual([reserving, running].sort());
    expect((await page({ state: 'finished' })).sort()).toEqual([finished, other].sort());
    expect(await page({ state: 'void' })).toEqual([]);
    expect(await page({ queue: 'team', serverId: server })).toEqual([other]);
    expect(await page({ idBeginsWith: running.slice(0, 8) })).toContain(running);
    expect(await page({ before: [...made].sort()[1] ?? '', limit: 5 })).toEqual([[...made].sort()[0]]);
    expect(await read((tx) => dashboard.matchCounts(tx, START))).toEqual({
      reserving: 1,
      running: 1,
      finished: 2,
    });
    expect(await read((tx) => dashboard.matchCounts(tx, START + 1))).toEqual({ reserving: 1, running: 1 });
    expect((await read((tx) => dashboard.matchesChangedSince(tx, START))).map(({ id }) => id).sort()).toEqual(
      [...made].sort(),
    );
    expect(await read((tx) => dashboard.matchesByIds(tx, [running]))).toMatchObject([
      { id: running, players: 2, serverName: expect.any(String), voidRequestedAt: null },
    ]);
    expect(await read((tx) => dashboard.ratedSince(tx, 'duel', START))).toBe(1);
    const match = await read((tx) => matches.byId(tx, finished));
    const [player] = match?.players ?? [];
    expect(await read((tx) => dashboard.ratingHistory(tx, player?.accountId ?? '', 'duel'))).toMatchObject([
      { matchId: finished, muBefore: player?.muBefore, sigmaAfter: player?.sigmaAfter },
    ]);
    expect(await read((tx) => dashboard.ratingHistory(tx, player?.accountId ?? '', 'team'))).toEqual([]);
  });

  it('players by the beginning of a name, by id, by ban, and their logins', async () => {
    const create = async (username: string, displayName: string): Promise<string> => {
      const id = randomUUID();
      await store.write('account', (tx) =>
        accounts.create(tx, { id, username, displayName, passwordHash: 'x' }),
      );
      return id;
    };
    const anna = await create('Anna', 'Zoë');
    const bob = await create('bob_1', 'Anton');
    await create('bobby', '100%');
    const find = async (wanted: Parameters<typeof dashboard.playerPage>[1]) =>
      (await read((tx) => dashboard.playerPage(tx, wanted))).map(({ username }) => username).sort();
    expect(await find({ text: 'AN' })).toEqual(['Anna', 'bob_1']);
    expect(await find({ text: 'bob_' })).toEqual(['bob_1']);
    expect(await find({ text: '100%' })).toEqual(['bobby']);
    expect(await find({ text: '%' })).toEqual([]);
    expect(await find({ text: anna.toUpperCase() })).toEqual(['Anna']);
    await create('cy', 'Ärger');
    await create('dee', '\u{10ffff}');
    expect(await find({ text: 'Ärg' })).toEqual(['cy']);
    expect(await find({ text: 'Zoë' })).toEqual(['Anna']);
    expect(await find({ text: '\u{10ffff}' })).toEqual(['dee']);
    // So many begin with it that the other way is taken.
    const crowd = await someAccounts(store, 2_100);
    const first = await read((tx) => dashboard.playerPage(tx, { text: 'NAME', limit: 3 }));
    expect(first.map(({ id }) => id)).toEqual([...crowd].sort().slice(0, 3));
    expect(await find({ id: bob })).toEqual(['bob_1']);
    await store.write('ban', (tx) => accounts.ban(tx, bob, { until: START + 5, reason: 'x' }));
    expect(await find({ bannedAt: START })).toEqual(['bob_1']);
    expect(await find({ bannedAt: START + 5 })).toEqual([]);
    if (dialect === 'sqlite') {
      // A hundred thousand accounts are not read for one.
      for (const wanted of [{ text: 'an' }, { bannedAt: START }]) {
        const statements: string[] = [];
        await read((tx) => dashboard.playerPage(listening(tx, statements), wanted));
        for (const statement of statements) {
          const plan = await behindTheStore(target, `EXPLAIN QUERY PLAN ${statement}`);
          expect(JSON.stringify(plan)).toMatch(/SEARCH .*account_(display_name|banned)/);
          expect(JSON.stringify(plan)).not.toMatch(/SCAN (a|n)\b/);
        }
      }
    }
    await store.write('join', (tx) => queue.join(tx, { accountId: anna, queue: 'duel' }));
    const [row] = await read((tx) => dashboard.playerPage(tx, { id: anna }));
    expect(row).toMatchObject({ queue: 'duel', joinedAt: START, matchId: null });
    expect(row).not.toHaveProperty('passwordHash');
    const login = (id: string, expiresAt: number) =>
      store.write('login', (tx) =>
        sessions.create(tx, {
          id,
          accountId: anna,
          accessDigest: id.repeat(2),
          ticketKey: Buffer.alloc(32),
          expiresAt,
        }),
      );
    await login('a'.repeat(32), START + 9);
    await login('b'.repeat(32), START);
    expect(await read((tx) => dashboard.openSessions(tx, anna))).toEqual([
      { id: 'a'.repeat(32), createdAt: START, expiresAt: START + 9 },
    ]);
  });

  it('certificates by expiry, and page by page', async () => {
    const soon = await aCertificate(store, { expiresAt: START / 1000 + 10 });
    const later = await aCertificate(store, { expiresAt: START / 1000 + 20, name: 'US-1' });
    const online = await aServer(store, {}, { expiresAt: START / 1000 + 20 });
    const page = async (wanted: Parameters<typeof dashboard.certificatePage>[1]) =>
      (await read((tx) => dashboard.certificatePage(tx, wanted))).map(({ uuid }) => uuid);
    expect(await page({})).toEqual([soon, ...[later, online].sort()]);
    expect(await page({ after: { expiresAt: START / 1000 + 10, uuid: soon } })).toEqual(
      [later, online].sort(),
    );
    expect(await page({ text: 'us-' })).toEqual([later]);
    expect(
      await page({ expiresAfter: START / 1000 + 10, revoked: false, masterKeyId: MASTER_KEY_ID, limit: 1 }),
    ).toHaveLength(1);
    expect(await page({ expiresUntil: START / 1000 + 10 })).toEqual([soon]);
    expect(await page({ notMasterKeyId: MASTER_KEY_ID })).toEqual([]);
    expect(await page({ revoked: true })).toEqual([]);
    expect(await read((tx) => dashboard.certificatePage(tx, { uuid: online }))).toMatchObject([
      { online: true },
    ]);
    expect(JSON.stringify(await read((tx) => dashboard.certificatePage(tx, {})))).not.toContain('ealed');
  });

  it('commands and log lines, searched and followed', async () => {
    const server = await aServer(store);
    const ids = Array.from({ length: 3 }, () => randomUUID());
    for (const id of ids) {
      await store.write('command', (tx) =>
        commands.enqueue(tx, {
          id,
          serverId: server,
          type: 'shutdown',
          payload: { graceMs: 0 },
          expiresAt: START + 60_000,
        }),
      );
      clock.advance(10);
    }
    const newest = [...ids].reverse();
    const page = async (wanted: Parameters<typeof dashboard.commandPage>[1]) =>
      (await read((tx) => dashboard.commandPage(tx, wanted))).map(({ id }) => id);
    expect(await page({ serverId: server })).toEqual(newest);
    expect(await page({ before: { createdAt: START + 20, id: newest[0] ?? '' }, limit: 1 })).toEqual([
      newest[1],
    ]);
    expect(await page({ serverId: randomUUID() })).toEqual([]);
    await store.write('sent', (tx) => commands.markSent(tx, [ids[0] ?? '']));
    expect(
      (await read((tx) => dashboard.commandsChangedSince(tx, START + 15))).map(({ id, payload }) => [
        id,
        payload,
      ]),
    ).toEqual([
      [ids[0], { graceMs: 0 }],
      [ids[2], { graceMs: 0 }],
    ]);

    const before = await read((tx) => dashboard.lastLogId(tx));
    await store.write('logs', (tx) =>
      serverLogs.appendMany(
        tx,
        ['Map loaded', '100% CPU', 'map changed'].map((message, n) => ({
          serverId: server,
          level: n === 1 ? 'warn' : 'info',
          at: START + n,
          message,
        })),
      ),
    );
    const lines = async (wanted: Parameters<typeof dashboard.logLines>[1]) =>
      (await read((tx) => dashboard.logLines(tx, wanted))).map(({ message }) => message);
    expect(await lines({ contains: 'MAP' })).toEqual(['map changed', 'Map loaded']);
    expect(await lines({ contains: '%' })).toEqual(['100% CPU']);
    expect(await lines({ level: 'warn', serverId: server })).toEqual(['100% CPU']);
    expect(await lines({ after: before, limit: 2 })).toEqual(['Map loaded', '100% CPU']);
    expect(await lines({ before: before + 1 })).toEqual([]);
    expect(await read((tx) => dashboard.lastLogId(tx))).toBe(before + 3);
    expect((await read((tx) => dashboard.logLines(tx, { limit: 1 })))[0]?.serverName).toEqual(
      expect.any(String),
    );
  });
});

/** Notes the statements that are run, their parameters put in. */
function listening(tx: ReadTx, statements: string[]): ReadTx {
  return new Proxy(tx, {
    get: (target, name) =>
      name === 'rows'
        ? (sql: string, parameters: SqlParameter[]) => {
            const literal = (n: string) => JSON.stringify(parameters[Number(n) - 1]).replaceAll('"', "'");
            statements.push(sql.replace(/\$(\d+)/g, (_, n: string) => literal(n)));
            return target.rows(sql, parameters);
          }
        : (Reflect.get(target, name, target) as unknown),
  });
}
