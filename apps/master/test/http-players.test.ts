import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  certificates,
  gameServers,
  matchDeliveries,
  matches,
  queue,
  ratings,
  type NewMatch,
  type Match,
} from '@ranked/store';
import { QueueModels } from '../src/config/queue-models.js';
import { MasterKeys } from '../src/keys/master-keys.js';
import { ratingIn } from '../src/rating/stored-rating.js';
import { ManualClock } from './support/manual-clock.js';
import { expectProblem, fieldsOf } from './support/problems.js';
import { startPostgres, type PostgresCluster } from './support/postgres-cluster.js';
import { stopTestMasters, TestMaster } from './support/test-master.js';

const DAY = 86_400_000;
let cluster: PostgresCluster;

beforeAll(async () => {
  cluster = await startPostgres();
}, 60_000);
afterAll(async () => {
  await stopTestMasters();
  await cluster.stop();
}, 60_000);

describe.each(['SQLite', 'PostgreSQL'])('on %s', (kind) => {
  const clock = new ManualClock();
  const players: { id: string; token: string }[] = [];
  let master: TestMaster;
  let serverId: string;

  beforeAll(async () => {
    const env = kind === 'SQLite' ? {} : { RANKED_DATABASE: await cluster.createDatabase('players') };
    master = await TestMaster.start(env, { clock, autoTick: false });
    for (const name of ['ada', 'ben', 'cleo', 'dan']) players.push(await master.player(name));
    serverId = await addServer(master, clock);
  }, 60_000);

  const idOf = (index: number) => players[index]?.id ?? '';

  test('a new player has the initial rating in every queue and no history', async () => {
    expect((await master.get(`/v1/players/${idOf(0)}`)).body).toEqual({
      id: idOf(0),
      displayName: 'ada',
      createdAt: clock.now(),
      ratings: ['duel', 'team'].map((name) => ({
        queue: name,
        rating: 1500,
        games: 0,
        wins: 0,
        rank: null,
        lastMatchAt: null,
        provisional: true,
        tier: null,
      })),
    });
    expect((await master.get(`/v1/players/${idOf(0)}/matches`)).body).toEqual({ items: [], next: null });
    expect((await master.get('/v1/queues/duel/leaderboard')).body).toEqual({ queue: 'duel', items: [] });
    expect(
      (await master.get('/v1/queues/duel/leaderboard?around=me', { token: players[0]?.token ?? '' })).body,
    ).toEqual({ queue: 'duel', items: [] });
  });

  test('the queues say how many wait', async () => {
    await master.store.write('test.join', (tx) => queue.join(tx, { accountId: idOf(3), queue: 'team' }));
    expect((await master.get('/v1/queues')).body).toEqual({
      items: [
        { name: 'duel', teams: 2, size: 1, waiting: 0 },
        { name: 'team', teams: 2, size: 3, waiting: 1 },
      ],
    });
    await master.store.write('test.leave', (tx) => queue.leave(tx, idOf(3)));
  });

  test('matches change profile, history and leaderboard', async () => {
    const won = await playMatch(master, serverId, [idOf(0), idOf(1)], [0, 1]);
    clock.advance(60_000);
    const drawn = await playMatch(master, serverId, [idOf(0), idOf(2)], [0, 0]);
    clock.advance(60_000);
    const abandoned = await playMatch(master, serverId, [idOf(2), idOf(0)], null);

    const profile = (await master.get(`/v1/players/${idOf(0)}`)).body;
    expect(profile).toMatchObject({
      ratings: [
        { queue: 'duel', games: 2, wins: 1, rank: 1 },
        { queue: 'team', games: 0 },
      ],
    });

    const history = (await master.get(`/v1/players/${idOf(0)}/matches`)).body as {
      items: Record<string, unknown>[];
      next: string | null;
    };
    expect(history.next).toBeNull();
    expect(history.items.map(({ matchId, outcome, team }) => [matchId, outcome, team])).toEqual([
      [abandoned, 'void', 1],
      [drawn, 'draw', 0],
      [won, 'win', 0],
    ]);
    const first = history.items[2] as {
      teams: {
        rank: number;
        players: { id: string; displayName: string; ratingBefore: number; ratingAfter: number }[];
      }[];
    };
    expect(
      first.teams.map(({ rank, players: [player] }) => [
        rank,
        player?.id,
        player?.displayName,
        player?.ratingBefore,
      ]),
    ).toEqual([
      [0, idOf(0), 'ada', 1500],
      [1, idOf(1), 'ben', 1500],
    ]);
    const after = first.teams.map(({ players: [player] }) => player?.ratingAfter ?? 0);
    expect(after[0]).toBeGreaterThan(1500);
    expect(after[0]).toBeGreaterThan(after[1] ?? Infinity);
    const loser = (await master.get(`/v1/players/${idOf(1)}/matches`)).body as {
      items: { outcome: string }[];
    };
    expect(loser.items.map(({ outcome }) => outcome)).toEqual(['loss']);
    // Ids that a game server knows stay between it and the master.
    expect(JSON.stringify(history)).not.toContain(await perMatchId(master, won, idOf(0)));
  });

  test('a history comes in pages without gaps or repeats', async () => {
    for (let i = 0; i < 4; i++) {
      clock.advance(1_000);
      await playMatch(master, serverId, [idOf(0), idOf(1)], [0, 1]);
    }
    const whole = (await master.get(`/v1/players/${idOf(0)}/matches?limit=100`)).body as {
      items: { matchId: string }[];
    };
    const seen: string[] = [];
    let next: string | null = null;
    do {
      const page: { items: { matchId: string }[]; next: string | null } = (
        await master.get(
          `/v1/players/${idOf(0)}/matches?limit=3${next === null ? '' : `&before=${encodeURIComponent(next)}`}`,
        )
      ).body as never;
      expect(page.items.length).toBeLessThanOrEqual(3);
      seen.push(...page.items.map(({ matchId }) => matchId));
      next = page.next;
    } while (next !== null);
    expect(whole.items).toHaveLength(7);
    expect(seen).toEqual(whole.items.map(({ matchId }) => matchId));
  });

  test('the leaderboard: top, page, around a player, around me', async () => {
    const board = async (query: string, token?: string) => {
      const answer = await master.get(
        `/v1/queues/duel/leaderboard${query}`,
        token === undefined ? {} : { token },
      );
      expect(answer.status).toBe(200);
      return (answer.body as { items: { rank: number; displayName: string; rating: number }[] }).items;
    };
    const top = await board('');
    expect(top.map(({ rank, displayName }) => [rank, displayName])).toEqual([
      [1, 'ada'],
      [2, 'cleo'],
      [3, 'ben'],
    ]);
    expect(top.every(({ rating }) => Number.isInteger(rating))).toBe(true);
    expect(await board('?limit=1&offset=1')).toEqual([top[1]]);
    expect(await board('?offset=500')).toEqual([]);
    expect(await board(`?limit=2&around=${idOf(2)}`)).toEqual(top.slice(1));
    expect(await board(`?limit=1&around=${idOf(1).toUpperCase()}`)).toEqual([top[2]]);
    expect(await board('?limit=3&around=me', players[2]?.token)).toEqual(top);
    expect(await board('?around=me', players[3]?.token)).toEqual([]);
  });

  test.each<[string, string, number, string, string[]]>([
    ['around me without a token', 'duel/leaderboard?around=me', 401, 'unauthenticated', []],
    ['around nobody', 'duel/leaderboard?around=00000000-0000-4000-8000-000000000000', 404, 'not-found', []],
    ['around something else', 'duel/leaderboard?around=you', 400, 'validation', ['around']],
    [
      'around and offset',
      'duel/leaderboard?around=00000000-0000-4000-8000-000000000000&offset=5',
      400,
      'validation',
      ['offset'],
    ],
    ['too much at once', 'duel/leaderboard?limit=101', 400, 'validation', ['limit']],
    ['nothing at all', 'duel/leaderboard?limit=0', 400, 'validation', ['limit']],
    ['half a place', 'duel/leaderboard?offset=1.5', 400, 'validation', ['offset']],
    ['a place of another kind', 'duel/leaderboard?offset=one', 400, 'validation', ['offset']],
    ['a place twice', 'duel/leaderboard?offset=1&offset=2', 400, 'validation', ['offset']],
    ['an unknown parameter', 'duel/leaderboard?sort=asc', 400, 'validation', ['sort']],
    ['a queue of strange letters', "du'el/leaderboard", 400, 'validation', ['queue']],
  ])('refuses %s', async (_name, path, status, name, fields) => {
    const answer = await master.get(`/v1/queues/${path}`);
    expectProblem(answer, status, name);
    expect(fieldsOf(answer)).toEqual(fields);
  });

  test.each([
    'x',
    "'; DROP TABLE account;--",
    '99999999999999999999999',
    'null',
    `${'9'.repeat(15)}.${randomUUID()}`,
  ])('a cursor that was never given out (%s) breaks nothing', async (before) => {
    const answer = await master.get(`/v1/players/${idOf(0)}/matches?before=${encodeURIComponent(before)}`);
    expect([200, 400]).toContain(answer.status);
    if (answer.status === 400) expectProblem(answer, 400, 'validation');
  });
});

async function addServer(master: TestMaster, clock: ManualClock): Promise<string> {
  const id = randomUUID();
  const now = clock.now();
  await master.store.write('test.server', async (tx) => {
    const dates = { issuedAt: Math.floor(now / 1000), expiresAt: Math.floor((now + DAY) / 1000) };
    await certificates.insert(tx, {
      uuid: id,
      name: 'eu-1',
      ...dates,
      secret: Buffer.alloc(32, 1),
      masterKeyId: master.running.app.get(MasterKeys).current().keyId,
    });
    await gameServers.upsertPresence(tx, [
      {
        id,
        name: 'eu-1',
        nodeId: 'n',
        host: '127.0.0.1',
        port: 1,
        region: 'eu',
        build: '1',
        capacity: 100,
        players: 0,
        accepting: true,
        matches: 0,
        load: null,
        queues: null,
        lastSeen: now,
        connectedAt: now,
      },
    ]);
  });
  return id;
}

/** A duel from queue to rating, straight in the database; without ranks it is abandoned. Gives the match's id. */
async function playMatch(
  master: TestMaster,
  serverId: string,
  accountIds: string[],
  ranks: number[] | null,
): Promise<string> {
  const model = master.running.app.get(QueueModels).of('duel')?.model;
  if (!model) throw new Error('no queue "duel"');
  const id = randomUUID();
  const reserveExpiresAt = Date.UTC(2030, 0, 1);
  await master.store.write('test.match', async (tx) => {
    const teams: NewMatch['teams'][number][] = [];
    for (const accountId of accountIds) {
      await queue.join(tx, { accountId, queue: 'duel' });
      const { entryNo = 0 } = (await queue.entryOf(tx, accountId)) ?? {};
      teams.push([{ id: randomUUID(), accountId, entryNo, queuedAt: Date.now() }]);
    }
    await matches.createMany(tx, {
      queue: 'duel',
      rules: {},
      reserveExpiresAt,
      matches: [{ id, serverId, teams }],
    });
    await matchDeliveries.recordAllowed(tx, [
      { matchId: id, serverId, attempt: 1, reserveExpiresAt, players: [] },
    ]);
    await matches.markRunning(tx, { matchId: id, serverId });
    if (ranks === null) {
      await matches.abandon(tx, { matchIds: [id], reason: 'test' });
      return;
    }
    const found = await matches.forResult(tx, id, model.initial());
    if (!found) throw new Error('the match is not there');
    const before = found.ratings;
    const rated = model.rate({ teams: before.map((row) => [ratingIn(row)]), ranks });
    const after = before.map((row, index) => ({ ...row, ...rated.teams[index]?.[0] }));
    await matches.finish(tx, {
      matchId: id,
      serverId,
      result: { ranks },
      players: found.match.players.map((player, index) => ({
        id: player.id,
        rank: ranks[player.team] ?? 0,
        muBefore: before[index]?.mu ?? 0,
        sigmaBefore: before[index]?.sigma ?? 0,
        muAfter: after[index]?.mu ?? 0,
        sigmaAfter: after[index]?.sigma ?? 0,
      })),
    });
    const won = (index: number) => ranks[index] === 0 && ranks.filter((rank) => rank === 0).length === 1;
    await ratings.upsertMany(
      tx,
      after.map((row, index) => ({
        ...row,
        games: row.games + 1,
        wins: row.wins + (won(index) ? 1 : 0),
        display: model.displayRating(ratingIn(row)),
      })),
    );
  });
  return id;
}

async function perMatchId(master: TestMaster, matchId: string, accountId: string): Promise<string> {
  const match: Match | null = await master.store.read((tx) => matches.byId(tx, matchId));
  return match?.players.find((player) => player.accountId === accountId)?.id ?? 'no such player';
}
