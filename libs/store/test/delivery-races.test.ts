import { matchDeliveries, matches } from '../src/index.js';
import type { NewMatch, Store, StoreTarget } from '../src/index.js';
import { clear, DIALECTS, START, type TestClock } from './databases.js';
import { aMatch, aServer, makeReady, someAccounts } from './fixtures.js';
import { withStore } from './with-store.js';

describe.each(DIALECTS)('deliveries in numbers and out of order, on %s', (dialect) => {
  let store: Store;
  let target: StoreTarget;
  let clock: TestClock;
  let server: string;
  withStore(dialect, (parts) => ({ store, clock, target } = parts));
  beforeEach(async () => {
    await clear(target);
    server = await aServer(store);
  });

  async function duel(on = server): Promise<{ match: NewMatch; a: string; b: string }> {
    const [a = '', b = ''] = await someAccounts(store, 2);
    return { match: await aMatch(store, on, [[a], [b]]), a, b };
  }
  const playersOf = (match: NewMatch) => match.teams.flat();
  const byId = async (id: string) => {
    const match = await store.read((tx) => matches.byId(tx, id));
    if (match === null) throw new Error('no such match');
    return match;
  };
  const allowsDue = async (serverIds = [server], limit = 100) =>
    store.read(async (tx) => (await matchDeliveries.allowsDue(tx, { serverIds, limit })).map(({ id }) => id));
  const acknowledge = (match: NewMatch, generations: number[], change: object = {}) =>
    store.write('ack', (tx) =>
      matchDeliveries.recordAllowed(tx, [
        {
          matchId: match.id,
          serverId: server,
          attempt: 1,
          reserveExpiresAt: START + 60_000,
          players: playersOf(match).map(({ id }, n) => ({ id, generation: generations[n] ?? 0 })),
          ...change,
        },
      ]),
    );
  const bump = (accountIds: string[]) =>
    store.write('bump', (tx) => matchDeliveries.bumpTokens(tx, accountIds));

  it('an Ack after the match was called off, or for a server it has left, changes nothing', async () => {
    const [left, off] = [await duel(), await duel()];
    const other = await aServer(store);
    await store.write('move', (tx) =>
      matches.reassign(tx, {
        matchId: left.match.id,
        attempt: 1,
        toServerId: other,
        reserveExpiresAt: START,
      }),
    );
    await store.write('off', (tx) =>
      matches.cancel(tx, { matchId: off.match.id, state: 'reserving', reason: 'x', requeue: 'all' }),
    );
    expect(await acknowledge(left.match, [0, 0])).toEqual([]);
    expect(await acknowledge(off.match, [0, 0])).toEqual([]);
    expect(await allowsDue()).toEqual([]);
    expect(await allowsDue([other])).toEqual([left.match.id]);
    expect((await byId(off.match.id)).state).toBe('cancelled');
  });

  it('many Acks are recorded at once, the same one again harmlessly', async () => {
    const all = await Promise.all(Array.from({ length: 20 }, () => duel()));
    const acks = all.map(({ match }) => ({
      matchId: match.id,
      serverId: server,
      attempt: 1,
      reserveExpiresAt: START + 9,
      players: playersOf(match).map(({ id }) => ({ id, generation: 0 })),
    }));
    const record = () => store.write('acks', (tx) => matchDeliveries.recordAllowed(tx, acks));
    expect((await record()).sort()).toEqual(all.map(({ match }) => match.id).sort());
    clock.advance(100);
    await record();
    expect(await byId(all[0]?.match.id ?? '')).toMatchObject({ state: 'ready', stateSince: START });
    expect(await allowsDue()).toEqual([]);
    expect(await store.write('none', (tx) => matchDeliveries.recordAllowed(tx, []))).toEqual([]);
  });

  it('what is due comes oldest first and in portions', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 4; n += 1) {
      ids.push((await duel()).match.id);
      clock.advance(1);
    }
    expect(await allowsDue([server], 3)).toEqual(ids.slice(0, 3));
  });

  describe('join tokens', () => {
    it('that was told too late is not marked as told', async () => {
      const { match, a } = await duel();
      await makeReady(store, match);
      const [first] = playersOf(match);
      await bump([a]);
      const late = [{ matchId: match.id, playerId: first?.id ?? '', generation: 0 }];
      expect(await store.write('told', (tx) => matchDeliveries.markFoundSent(tx, late))).toBe(0);
    });

    it('many reconnections at once count each', async () => {
      const { match, a } = await duel();
      await makeReady(store, match);
      await Promise.all(Array.from({ length: 10 }, () => bump([a])));
      expect((await byId(match.id)).players.find((player) => player.accountId === a)?.tokenGeneration).toBe(
        10,
      );
    });
  });
});
