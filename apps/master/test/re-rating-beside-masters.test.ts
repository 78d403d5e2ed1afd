import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { openStore, ratedMatches, ratings, type Match, type Store, type StoreTarget } from '@ranked/store';
import { StateFeed } from '../src/matchmaking/state-feed.js';
import { reRateQueue, type ReRatingOrder } from '../src/rating/re-rate-queue.js';
import type { FakePlayer } from './support/fake-player.js';
import type { GameRig } from './support/game-rig.js';
import { startRig, stopRigs } from './support/game-rigs.js';
import { startPostgres, type PostgresCluster } from './support/postgres-cluster.js';
import { removeTempDirs, tempDir } from './support/temp-dir.js';
import { readyDuel, TwoNodes } from './support/two-nodes.js';

jest.setTimeout(60_000);

let cluster: PostgresCluster;
let databases = 0;
beforeAll(async () => {
  cluster = await startPostgres();
}, 60_000);
afterEach(stopRigs);
afterAll(async () => {
  await cluster.stop();
  removeTempDirs();
});

async function freshTarget(dialect: 'sqlite' | 'postgres'): Promise<StoreTarget> {
  return dialect === 'sqlite'
    ? { kind: 'sqlite', path: `${tempDir()}/ranked.sqlite` }
    : { kind: 'postgres', url: await cluster.createDatabase(`beside_${++databases}`), poolSize: 6 };
}

/** The store of another process. */
const beside = (target: StoreTarget, rig: GameRig): Promise<Store> =>
  openStore(target, { databaseKey: Buffer.alloc(32, 9), now: () => rig.clock.now() });

/** A replay as `ranked replay` does it, by each match's own rules. */
function orderOf(rig: GameRig, apply: boolean, changes: Partial<ReRatingOrder> = {}): ReRatingOrder {
  const [queue] = rig.config.queues;
  if (!queue) throw new Error('there is no queue');
  const none = new Set<string>();
  return { queue, without: none, include: none, byPresentRules: false, apply, ...changes };
}

const standings = (store: Store) => store.read((tx) => ratings.page(tx, 'duel'));
const CLEAN = { differing: 0, ratings: [], unsettled: 0 };

describe.each(['sqlite', 'postgres'] as const)('rating again beside a master, on %s', (dialect) => {
  let rig: GameRig;
  let store: Store;
  let players: FakePlayer[];

  beforeEach(async () => {
    const target = await freshTarget(dialect);
    rig = await startRig({ target });
    store = await beside(target, rig);
    await rig.server('one', { capacity: 100 });
    players = await rig.connectedPlayers(4);
  });
  afterEach(() => store.close());

  /** Matches of these players, running. */
  async function running(of: readonly FakePlayer[] = players): Promise<Match[]> {
    for (const player of of) await player.join('duel');
    await rig.tick();
    const live = new Map<string, Match>();
    for (const player of of) {
      const match = await rig.liveMatch(player);
      if (match) live.set(match.id, match);
    }
    for (const match of live.values()) await rig.serverOf(match).start(match.id);
    rig.clock.advance(20_000);
    return [...live.values()];
  }

  /** These matches end, a moment after each other. */
  async function finish(matches: readonly Match[]): Promise<void> {
    for (const match of matches) {
      rig.clock.advance(50);
      await rig.serverOf(match).result(match.id, [0, 1]);
    }
    await rig.idle();
  }

  /** The history but for one match, which is committed only when the replay's transaction is about to begin. */
  async function withLate(match: Match | undefined): Promise<Store> {
    const set = (state: string) =>
      store.write('test', (tx) =>
        tx.run(
          `UPDATE game_match SET state = $2, ended_at = CASE WHEN $2 = 'finished' THEN rated_at END WHERE id = $1`,
          [match?.id ?? '', state],
        ),
      );
    await set('running');
    return {
      ...store,
      read: (fn) => store.read(fn),
      write: async (name: string, fn: never, options: never) => {
        await set('finished');
        return store.write(name, fn, options);
      },
    } as Store;
  }

  test('a result that others overtook on its way to its commit keeps its rating', async () => {
    await finish(await running());
    const last = await running();
    await finish(last);
    const before = await standings(store);
    const report = await reRateQueue(await withLate(last[0]), orderOf(rig, true));
    expect(report).toMatchObject({ ...CLEAN, counted: 4, meanwhile: 1, applied: true });
    expect(await standings(store)).toEqual(before);
    expect(before.map(({ games }) => games)).toEqual([2, 2, 2, 2]);
  });

  test('nothing is written when a result comes in whose time is long past', async () => {
    const [late, ...others] = await running();
    await finish(late ? [late, ...others] : []);
    rig.clock.advance(61_000);
    const [before, out] = [await standings(store), others[0]?.id ?? ''];
    const order = orderOf(rig, true, { without: new Set([out]) });
    await expect(reRateQueue(await withLate(late), order)).rejects.toMatchObject({
      name: 'LateResultError',
      message: expect.stringContaining('has 2 finished matches, and 1 were rated'),
    });
    expect(await standings(store)).toEqual(before);
    const page = await store.read((tx) => ratedMatches.page(tx, 'duel'));
    for (const match of page) for (const player of match.players) expect(player.muAfter).not.toBeNull();
    // Now it is part of the history like any other.
    expect(await reRateQueue(store, order)).toMatchObject({ counted: 1, left: 1, applied: true });
  });

  /** A store at which a match of the first two players ends before each of the first `times` reads. */
  function busy(times: number): { store: Store; reads: () => number } {
    let reads = 0;
    const playing = players.slice(0, 2);
    return {
      reads: () => reads,
      store: {
        ...store,
        read: async (fn: never) => {
          if (reads++ < times) await finish(await running(playing));
          return store.read(fn);
        },
      } as Store,
    };
  }

  test('an audit ends, though matches end all the time, and says of whom it knows nothing', async () => {
    await finish(await running());
    const endless = busy(1000);
    const report = await reRateQueue(endless.store, orderOf(rig, false));
    expect(report).toMatchObject({ differing: 0, unsettled: 2 });
    const ids = players.slice(0, 2).map(({ accountId }) => accountId);
    expect(new Set(report.ratings.map(({ accountId }) => accountId))).toEqual(new Set(ids));
    expect(endless.reads()).toBeLessThan(40);
    expect(await reRateQueue(store, orderOf(rig, false))).toMatchObject(CLEAN);
  });

  test.each([1, 5, 8])('matches that end before the first %i reads are no difference', async (times) => {
    await finish(await running());
    const report = await reRateQueue(busy(times).store, orderOf(rig, false));
    expect(report).toMatchObject(CLEAN);
  });

  test('what somebody changed is found while matches end', async () => {
    await finish(await running());
    const [still, playing] = [players[3]?.accountId ?? '', players[0]?.accountId ?? ''];
    await store.write('spoil', (tx) =>
      tx.run('UPDATE rating SET wins = wins + 7 WHERE account_id IN ($1, $2)', [still, playing]),
    );
    const report = await reRateQueue(busy(7).store, orderOf(rig, false));
    expect(report.unsettled).toBe(0);
    expect(new Set(report.ratings.map(({ accountId }) => accountId))).toEqual(new Set([still, playing]));
  });
});

/** Resolves when that many statements wait for a lock. */
async function lockWaits(store: Store, wanted: number): Promise<void> {
  for (let waiting = 0; waiting < wanted;) {
    const [row] = await store.read((tx) =>
      tx.rows<{ n: number }>(
        `SELECT count(*) AS n FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      ),
    );
    waiting = row?.n ?? 0;
  }
}

function gate(): { opened: Promise<void>; open: () => void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}

describe('rating again beside two masters', () => {
  test('a result that is under way while a later one is committed keeps its rating', async () => {
    const target = await freshTarget('postgres');
    const nodes = await TwoNodes.start(target);
    const { a, b } = nodes;
    await a.server('on a', { capacity: 2 });
    await b.server('on b', { capacity: 2 });
    const players = [
      await nodes.player(a),
      await nodes.player(a),
      await nodes.player(b),
      await nodes.player(b),
    ];
    await nodes.tick();
    for (const player of players) await player.join();
    for (let n = 0; n < 3; n++) await nodes.tick();
    const live = new Map<string, Match>();
    for (const player of players) {
      const match = await a.liveMatch(player);
      if (match) live.set(match.serverId, match);
    }
    expect(live.size).toBe(2);
    for (const match of live.values()) await a.serverOf(match).start(match.id);
    const slow = live.get(a.servers[0]?.id ?? '');
    const quick = live.get(a.servers[1]?.id ?? '');
    if (!slow || !quick) throw new Error('each server has a match');

    const store = await beside(target, a);
    const inside = gate();
    const { opened, open } = gate();
    const blocking = store.write('block', async (tx) => {
      await tx.rows('SELECT 1 FROM queue_entry WHERE match_id = $1 FOR UPDATE', [slow.id]);
      inside.open();
      await opened;
    });
    await inside.opened;
    const result = a.serverOf(slow).result(slow.id);
    await lockWaits(store, 1);
    nodes.clock.advance(50);
    await b.serverOf(quick).result(quick.id);
    const other = await beside(target, a);
    const replay = reRateQueue(other, orderOf(a, true));
    await lockWaits(store, 2);
    open();
    await Promise.all([blocking, result]);
    expect(await replay).toMatchObject({ ...CLEAN, counted: 2, applied: true });
    expect((await standings(store)).map(({ games }) => games)).toEqual([1, 1, 1, 1]);
    expect(await reRateQueue(store, orderOf(a, false))).toMatchObject(CLEAN);
    await Promise.all([store.close(), other.close()]);
  });

  test('a start and a result that waited for it are heard of on the other node, however long that was', async () => {
    const nodes = await TwoNodes.start(await freshTarget('postgres'));
    const { a, b } = nodes;
    const server = await a.server();
    const [ann, bob] = [await nodes.player(b), await nodes.player(b)];
    const { match } = await readyDuel(nodes, ann, bob);
    /** Sends while somebody writes alone; 5 s go by, and the other node looks for changes, before it is committed. */
    const sendMeanwhile = async (send: () => Promise<void>): Promise<void> => {
      const inside = gate();
      const { opened, open } = gate();
      const work = async (): Promise<void> => {
        inside.open();
        await opened;
      };
      const alone = b.store.write('alone', work, { lock: 'alone' });
      await inside.opened;
      const sent = send();
      await lockWaits(a.store, 1);
      nodes.clock.advance(5_000);
      await b.app.get(StateFeed).follow();
      open();
      await Promise.all([alone, sent]);
      await nodes.tick();
    };
    await sendMeanwhile(() => server.start(match.id));
    for (const player of [ann, bob]) expect(player.started).toMatchObject([{ matchId: match.id }]);
    await sendMeanwhile(() => server.result(match.id));
    for (const player of [ann, bob]) expect(player.reports).toMatchObject([{ matchId: match.id }]);
  });

  test('a result that waited for it is rated by the rules that it wrote', async () => {
    const target = await freshTarget('postgres');
    const nodes = await TwoNodes.start(target);
    const { a, b } = nodes;
    const busy = await a.server();
    const [ann, bob] = [await nodes.player(a), await nodes.player(b)];
    const { match } = await readyDuel(nodes, ann, bob);
    await busy.start(match.id);
    const inside = gate();
    const { opened, open } = gate();
    const present = a.config.queues[0];
    if (!present) throw new Error('there is no queue');
    const rating = {
      ...present.rating,
      mu: 25,
      sigma: 25 / 3,
      beta: 9,
      tau: 0.1,
      tauPerDay: 0.5,
      drawProbability: 0.2,
    };
    const replay = reRateQueue(
      {
        ...b.store,
        read: (fn) => b.store.read(fn),
        write: (name: string, fn: (tx: never) => Promise<unknown>, options: never) =>
          b.store.write(
            name,
            async (tx) => {
              inside.open();
              await opened;
              return fn(tx as never);
            },
            options,
          ),
      } as Store,
      orderOf(a, true, { queue: { ...present, rating }, byPresentRules: true }),
    );
    await inside.opened;
    const result = busy.result(match.id);
    await lockWaits(a.store, 1);
    open();
    await Promise.all([replay, result]);
    const audit = await reRateQueue(b.store, orderOf(b, false));
    expect(audit).toMatchObject({ ...CLEAN, counted: 1 });
    const again = await reRateQueue(
      b.store,
      orderOf(b, false, { queue: { ...present, rating }, byPresentRules: true }),
    );
    expect(again).toMatchObject(CLEAN);
  });
});
