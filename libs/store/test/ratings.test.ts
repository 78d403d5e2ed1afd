import { randomUUID } from 'node:crypto';
import { ratings } from '../src/index.js';
import type { RatingRow, Store, StoreTarget } from '../src/index.js';
import { clear, DIALECTS, START } from './databases.js';
import { someAccounts } from './fixtures.js';
import { withStore } from './with-store.js';

describe.each(DIALECTS)('ratings on %s', (dialect) => {
  let store: Store;
  let target: StoreTarget;
  withStore(dialect, (parts) => ({ store, target } = parts));
  beforeEach(() => clear(target));

  const upsert = (rows: RatingRow[]) => store.write('rate', (tx) => ratings.upsertMany(tx, rows));
  const row = (accountId: string, display: number, fields: Partial<RatingRow> = {}): RatingRow => ({
    accountId,
    queue: 'duel',
    mu: 25,
    sigma: 8,
    volatility: null,
    games: 1,
    wins: 0,
    display,
    lastMatchAt: START,
    tier: null,
    ...fields,
  });

  it('are written new or over the old, exactly, and read in the order asked for', async () => {
    const [a = '', b = '', c = ''] = await someAccounts(store, 3);
    await upsert([row(a, 1), row(b, 2, { lastMatchAt: null })]);
    const exact = row(a, 0.1 + 0.2, {
      mu: 25 + 1e-13,
      sigma: Math.PI,
      volatility: 0.06 + 1e-17 * 3,
      games: 2,
      wins: 1,
      tier: 'Gold',
    });
    await upsert([exact, row(a, 9, { queue: 'team' })]);
    await upsert([]);
    expect(
      await store.read((tx) => ratings.forAccounts(tx, 'duel', [c, b, a], { mu: 1, sigma: 2, display: 3 })),
    ).toEqual([
      {
        accountId: c,
        queue: 'duel',
        mu: 1,
        sigma: 2,
        volatility: null,
        games: 0,
        wins: 0,
        display: 3,
        lastMatchAt: null,
        tier: null,
      },
      row(b, 2, { lastMatchAt: null }),
      exact,
    ]);
    expect(await store.read((tx) => ratings.ofAccount(tx, a))).toMatchObject([
      exact,
      { queue: 'team', display: 9 },
    ]);
    await expect(upsert([row(randomUUID(), 1)])).rejects.toMatchObject({ code: 'foreign_key' });
  });

  it('refuse what is no number', async () => {
    const [a = ''] = await someAccounts(store, 1);
    for (const mu of [Number.NaN, Number.POSITIVE_INFINITY]) {
      await expect(upsert([row(a, 1, { mu })])).rejects.toMatchObject({ code: 'invalid_value' });
    }
  });

  it('make a leaderboard in which everybody has one rank, ties too', async () => {
    const ids = (await someAccounts(store, 12)).sort();
    const display = [5, 5, 5, 9, 1, 7, 7, 3, 2, 0, -4, 8.5];
    await upsert(ids.map((id, n) => row(id, display[n] ?? 0)));
    await upsert([row(ids[0] ?? '', 100, { queue: 'team' })]);
    const expected = ids
      .map((id, n) => ({ id, display: display[n] ?? 0 }))
      .sort((x, y) => y.display - x.display || (x.id < y.id ? -1 : 1));

    const top = await store.read((tx) => ratings.leaderboardTop(tx, 'duel', { limit: 5 }));
    expect(top.map((line) => [line.rank, line.accountId])).toEqual(
      expected.slice(0, 5).map(({ id }, n) => [n + 1, id]),
    );
    expect(top[0]).toMatchObject({ displayName: `name ${expected[0]?.id.slice(0, 4)}`, mu: 25, games: 1 });
    const second = await store.read((tx) => ratings.leaderboardTop(tx, 'duel', { limit: 5, offset: 5 }));
    expect(second.map((line) => line.accountId)).toEqual(expected.slice(5, 10).map(({ id }) => id));
    expect(second[0]?.rank).toBe(6);

    for (const [n, { id }] of expected.entries()) {
      expect(await store.read((tx) => ratings.rankOf(tx, 'duel', id))).toEqual({ rank: n + 1, of: 12 });
      const around = await store.read((tx) =>
        ratings.leaderboardAround(tx, 'duel', id, { above: 2, below: 1 }),
      );
      expect(around.map((line) => line.accountId)).toEqual(
        expected.slice(Math.max(0, n - 2), n + 2).map((one) => one.id),
      );
      expect(around.find((line) => line.accountId === id)?.rank).toBe(n + 1);
    }
    expect(await store.read((tx) => ratings.rankOf(tx, 'duel', randomUUID()))).toBeNull();
    expect(await store.read((tx) => ratings.leaderboardAround(tx, 'duel', randomUUID()))).toEqual([]);
    expect(await store.read((tx) => ratings.leaderboardTop(tx, 'none'))).toEqual([]);
  });

  it('takes more rows than one statement holds', async () => {
    const [a = ''] = await someAccounts(store, 1);
    const rows = Array.from({ length: 4100 }, (_, n) => row(a, n, { queue: `q${n}` }));
    await upsert(rows);
    expect(await store.read((tx) => ratings.ofAccount(tx, a))).toHaveLength(4100);
    expect((await store.read((tx) => ratings.leaderboardTop(tx, 'q4099')))[0]?.display).toBe(4099);
  });
});
