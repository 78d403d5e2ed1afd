import { matches, ratedMatches, ratings } from '../src/index.js';
import type { JsonValue, NewMatch, RatedCursor, RatedMatchRow, Store, StoreTarget } from '../src/index.js';
import { clear, DIALECTS, open, type TestClock } from './databases.js';
import { aMatch, aServer, firstTeamWins, makeRunning, RULES, someAccounts } from './fixtures.js';
import { withStore } from './with-store.js';

describe.each(DIALECTS)('rated matches on %s', (dialect) => {
  let store: Store;
  let target: StoreTarget;
  let clock: TestClock;
  let serverId: string;
  let players: string[];
  withStore(dialect, (parts) => ({ store, clock, target } = parts));
  beforeEach(async () => {
    await clear(target);
    serverId = await aServer(store);
    players = await someAccounts(store, 2);
  });

  async function finished(
    extra: Partial<ReturnType<typeof firstTeamWins>['players'][number]> = {},
  ): Promise<NewMatch> {
    const match = await aMatch(store, serverId, [[players[0] ?? ''], [players[1] ?? '']]);
    await makeRunning(store, match);
    const { result, players: rows } = firstTeamWins(match);
    const outcome = {
      matchId: match.id,
      serverId,
      result,
      players: rows.map((row) => ({ ...row, ...extra })),
      at: clock.now(),
    };
    expect(await store.write('finish', (tx) => matches.finish(tx, outcome))).toBe('finished');
    return match;
  }

  async function allPages(limit: number): Promise<RatedMatchRow[]> {
    const all: RatedMatchRow[] = [];
    for (let after: RatedCursor | undefined; ;) {
      const cursor = after;
      const rows = await store.read((tx) => ratedMatches.page(tx, 'duel', { after: cursor, limit }));
      all.push(...rows);
      after = rows.at(-1);
      if (rows.length < limit) return all;
    }
  }

  it('come in the order of their rating, page by page, each once', async () => {
    const made: string[] = [];
    for (let n = 0; n < 7; n++) {
      // Every other match ends in the same millisecond as the one before, but was made later.
      clock.advance(n % 2);
      made.push((await finished()).id);
    }
    await aMatch(store, serverId, [[players[0] ?? ''], [players[1] ?? '']]);
    const whole = await allPages(100);
    expect(whole).toHaveLength(7);
    expect(new Set(whole.map(({ id }) => id))).toEqual(new Set(made));
    const times = whole.map(({ ratedAt }) => ratedAt);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    for (const limit of [1, 2, 3, 7]) expect(await allPages(limit)).toEqual(whole);
    expect(await store.read((tx) => ratedMatches.count(tx, 'duel'))).toBe(7);
    expect(await store.read((tx) => ratedMatches.count(tx, 'team'))).toBe(0);
    expect(await store.read((tx) => ratedMatches.page(tx, 'team'))).toEqual([]);
  });

  it('keep what rating again needs, to the last bit', async () => {
    const exact = { volatilityBefore: 0.06 + 1e-17, volatilityAfter: 1 / 3, idleMs: 86_400_001 };
    const match = await finished({ ...exact, tierBefore: 'Gold', tierAfter: 'Master' });
    const [row] = await allPages(5);
    expect(row).toMatchObject({ id: match.id, ratedAt: clock.now() });
    const { players: expected } = firstTeamWins(match);
    expect(row?.players).toEqual(
      expected.map((player, n) => {
        const { stats: _, ...known } = player;
        return {
          ...known,
          ...exact,
          matchId: match.id,
          accountId: players[n],
          team: n,
          tierBefore: 'Gold',
          tierAfter: 'Master',
        };
      }),
    );
    expect(await store.read((tx) => ratedMatches.rulesByDigest(tx, row?.rulesDigest ?? ''))).toEqual(RULES);
    expect(await store.read((tx) => ratedMatches.rulesByDigest(tx, 'none'))).toBeNull();
  });

  it('are rewritten exactly, and left alone where nobody asked', async () => {
    const [first, second] = [await finished(), await finished()];
    const untouched = (await allPages(9)).find(({ id }) => id === second.id);
    const [one, other] = first.teams.flat();
    const values = {
      muBefore: 25.1 + 1e-13,
      sigmaBefore: Math.E,
      volatilityBefore: null,
      idleMs: null,
      muAfter: 0.1 + 0.2,
      sigmaAfter: 1 / 7,
      volatilityAfter: 0.05,
      tierBefore: null,
      tierAfter: 'Silver',
    };
    const nothing = Object.fromEntries(Object.keys(values).map((key) => [key, null])) as Record<
      keyof typeof values,
      null
    >;
    await store.write('rewrite', async (tx) => {
      await ratedMatches.rewrite(tx, [
        { matchId: first.id, id: one?.id ?? '', ...values },
        { matchId: first.id, id: other?.id ?? '', ...nothing },
      ]);
      await ratedMatches.rewrite(tx, []);
    });
    const rows = await allPages(9);
    const rewritten = rows.find(({ id }) => id === first.id)?.players;
    expect(rewritten?.find(({ id }) => id === one?.id)).toMatchObject({ ...values, rank: 0 });
    expect(rewritten?.find(({ id }) => id === other?.id)).toMatchObject({ ...nothing, rank: 1 });
    expect(rows.find(({ id }) => id === second.id)).toEqual(untouched);
  });

  it('and live ones of a digest get other rules; the old rules stay', async () => {
    const match = await finished();
    const live = await aMatch(store, serverId, [[players[0] ?? ''], [players[1] ?? '']]);
    const [digest = ''] = await store.read((tx) => ratedMatches.rulesInUse(tx, 'duel'));
    const rules: JsonValue = { model: 'another' };
    const changed = (queueName: string) =>
      store.write('rules', (tx) => ratedMatches.replaceRules(tx, { queue: queueName, digest, rules }));
    expect(await changed('team')).toBe(0);
    expect(await changed('duel')).toBe(2);
    for (const { id } of [match, live])
      expect(await store.read((tx) => matches.rulesOf(tx, id))).toEqual(rules);
    expect(await store.read((tx) => ratedMatches.rulesByDigest(tx, digest))).toEqual(RULES);
    expect(await store.read((tx) => ratedMatches.rulesInUse(tx, 'duel'))).toHaveLength(1);
    expect(await store.read((tx) => ratedMatches.rulesInUse(tx, 'duel', 'live'))).toHaveLength(1);
  });

  it('are read up to a time, if one is given', async () => {
    const made: string[] = [];
    for (let n = 0; n < 4; n++) {
      clock.advance(10);
      made.push((await finished()).id);
    }
    const ids = async (until: number) =>
      (await store.read((tx) => ratedMatches.page(tx, 'duel', { until }))).map(({ id }) => id);
    expect(await ids(clock.now())).toEqual(made.slice(0, 3));
    expect(await ids(clock.now() - 15)).toEqual(made.slice(0, 2));
    expect(await ids(clock.now() + 1)).toEqual(made);
  });

  it('hold back a result until the rewriting has ended: it has the new rules, and its time is later', async () => {
    const match = await aMatch(store, serverId, [[players[0] ?? ''], [players[1] ?? '']]);
    await makeRunning(store, match);
    const [digest = ''] = await store.read((tx) => ratedMatches.rulesInUse(tx, 'duel', 'live'));
    const rules: JsonValue = { model: 'another' };
    const other = await open(target, { now: clock.now });
    let isHeld = (): void => undefined;
    const held = new Promise<void>((resolve) => (isHeld = resolve));
    let rewritten = 0;
    const rewriting = store.write(
      'rewrite',
      async (tx) => {
        isHeld();
        // Statements of other connections wait; a few of our own give them the time to try.
        for (let n = 0; n < 20; n++) await tx.rows('SELECT 1 AS one');
        await ratedMatches.replaceRules(tx, { queue: 'duel', digest, rules });
        rewritten = clock.advance(5000);
      },
      { lock: 'alone' },
    );
    await held;
    const result = other.writeGrouped('finish', async (tx) => ({
      now: tx.now(),
      toRate: await matches.forResult(tx, match.id, { mu: 25, sigma: 8 }),
    }));
    await rewriting;
    expect(await result).toMatchObject({ now: rewritten, toRate: { rules } });
    await other.close();
  });

  it('ratings of a queue come in pages, and go away', async () => {
    const ids = (await someAccounts(store, 5)).sort();
    const rows = ids.map((accountId, n) => ({
      accountId,
      queue: 'duel',
      mu: n,
      sigma: 1,
      games: 1,
      wins: 0,
      display: n,
      lastMatchAt: null,
    }));
    await store.write('rate', (tx) =>
      ratings.upsertMany(tx, [...rows, ...rows.slice(0, 1).map((row) => ({ ...row, queue: 'team' }))]),
    );
    const first = await store.read((tx) => ratings.page(tx, 'duel', { limit: 3 }));
    const rest = await store.read((tx) =>
      ratings.page(tx, 'duel', { limit: 3, after: first.at(-1)?.accountId ?? '' }),
    );
    expect([...first, ...rest].map(({ accountId }) => accountId)).toEqual(ids);
    expect(first[0]).toEqual({ ...rows[0], volatility: null, tier: null });
    expect(await store.write('remove', (tx) => ratings.remove(tx, 'duel', ids.slice(0, 2)))).toBe(2);
    expect(await store.read((tx) => ratings.page(tx, 'duel'))).toHaveLength(3);
    expect(await store.read((tx) => ratings.page(tx, 'team'))).toHaveLength(1);
  });
});
