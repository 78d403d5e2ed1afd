import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { ratingModel } from '@ranked/rating';
import {
  matches,
  ratedMatches,
  ratings,
  type JsonValue,
  type RatedMatchRow,
  type RatingRow,
  type Store,
} from '@ranked/store';
import { loadQueues } from '../src/config/load-queues.js';
import { reRateQueue, type ReRatingOrder } from '../src/rating/re-rate-queue.js';
import { startPostgres, type PostgresCluster } from './support/postgres-cluster.js';
import { startRig, stopRigs } from './support/game-rigs.js';
import { RankedPlace } from './support/ranked-place.js';
import { removeTempDirs, tempDir } from './support/temp-dir.js';

jest.setTimeout(120_000);

const QUEUES = `# who plays what
queues:
  # one against one
  - name: duel
    teams: 2
    size: 1
    rating: { model: gaussian, drawProbability: 0.1, tauPerDay: 0.02 } # as it was
    window: { initial: 50000, max: 50000 }
  - { name: team, teams: 2, size: 2 }
`;

let cluster: PostgresCluster;
beforeAll(async () => {
  cluster = await startPostgres();
}, 60_000);
afterAll(async () => {
  await cluster.stop();
  removeTempDirs();
});

describe.each(['sqlite', 'postgres'] as const)('ranked, on %s', (dialect) => {
  let place: RankedPlace;
  let store: Store;
  let queuesFile: string;
  let ids: string[];

  /** A world with some dozen matches that a master rated. */
  beforeAll(async () => {
    place = new RankedPlace(
      QUEUES,
      dialect === 'postgres' ? await cluster.createDatabase('ranked') : undefined,
    );
    ({ queuesFile } = place);
    const { target } = place;
    const rig = await startRig({ target, config: { queues: loadQueues(queuesFile) } });
    await rig.server('one', { capacity: 100 });
    const players = await rig.connectedPlayers(4);
    ids = players.map(({ accountId }) => accountId);
    for (let round = 0; round < 9; round++) {
      for (const player of players) await player.join('duel');
      await rig.tick();
      rig.clock.advance(20_000);
      for (const player of players) {
        const live = await rig.liveMatch(player);
        if (live?.state !== 'ready') continue;
        const server = rig.serverOf(live);
        await server.start(live.id);
        // The stronger one is the earlier of the four.
        const strength = live.players.map(({ accountId }) => ids.indexOf(accountId));
        const firstWins = (strength[0] ?? 0) < (strength[1] ?? 0) !== (round % 5 === 4);
        await server.result(live.id, firstWins ? [0, 1] : [1, 0]);
        await rig.idle();
      }
    }
    await rig.idle();
    await stopRigs();
    store = await place.openStore();
    expect((await history()).length).toBeGreaterThan(10);
  });
  afterAll(() => store.close());

  const history = (): Promise<RatedMatchRow[]> =>
    store.read((tx) => ratedMatches.page(tx, 'duel', { limit: 10_000 }));
  const stored = (): Promise<RatingRow[]> => store.read((tx) => ratings.page(tx, 'duel'));

  const ranked = (...argv: string[]) => place.run(...argv);

  test('replay finds what the master rated, to the last bit', async () => {
    const before = await history();
    const { code, out, err } = await ranked('replay', '--queue', 'duel');
    expect(out).toBe(`${before.length} matches rated again\nEverything is as it is stored, to the last bit`);
    expect({ code, err: err.includes('ranked:') }).toEqual({ code: 0, err: false });
    expect(await history()).toEqual(before);
  });

  test('replay of a queue without matches', async () => {
    expect(await ranked('replay', '--queue', 'team')).toMatchObject({
      code: 0,
      out: '0 matches rated again\nEverything is as it is stored, to the last bit',
    });
  });

  test('an audit finds a bit that somebody changed, in a match and in a rating, and mends it only when told to', async () => {
    const [before, ratedBefore] = [await history(), await stored()];
    const seat = before[3]?.players[1];
    const row = ratedBefore[0];
    if (!seat || !row || seat.muAfter === null) throw new Error('there is nothing to spoil');
    await store.write('spoil', async (tx) => {
      await ratedMatches.rewrite(tx, [{ ...seat, muAfter: (seat.muAfter ?? 0) * (1 + 2 ** -51) }]);
      await ratings.upsertMany(tx, [{ ...row, sigma: row.sigma * (1 + 2 ** -52) }]);
    });
    const audit = await ranked('replay', '--queue', 'duel');
    expect(audit.code).toBe(3);
    expect(audit.out).toContain('1 matches and 1 ratings differ');
    expect(audit.out).toContain(`${seat.matchId}  player ${seat.accountId}  muAfter: stored `);
    expect(audit.out).toContain(row.accountId);
    expect(audit.err).toContain('Nothing was written');
    const mended = await ranked('replay', '--queue', 'duel', '--apply');
    expect(mended).toMatchObject({
      code: 0,
      out: expect.stringContaining('1 matches and 1 ratings changed'),
    });
    expect(await history()).toEqual(before);
    expect(await stored()).toEqual(ratedBefore);
    expect(await ranked('replay', '--queue', 'duel')).toMatchObject({ code: 0 });
  });

  test('matches taken out: as if never played, until they are put back', async () => {
    const [before, ratedBefore] = [await history(), await stored()];
    const [first, , third] = before;
    const out = [first?.id ?? '', third?.id ?? ''];
    const preview = await ranked('replay', '--queue', 'duel', '--without', out.join(', '));
    expect(preview).toMatchObject({ code: 0, err: expect.stringContaining('Nothing was written') });
    expect(await history()).toEqual(before);

    expect(await ranked('replay', '--queue', 'duel', '--without', out.join(','), '--apply')).toMatchObject({
      code: 0,
      out: expect.stringContaining(`${before.length - 2} matches rated again, 2 left out`),
    });
    const without = await history();
    const model = ratingModel(loadQueues(queuesFile)[0]?.rating);
    // By hand: the same matches but two, from the first on.
    const hand = new Map<string, { mu: number; sigma: number; at: number; games: number }>();
    for (const match of before) {
      if (out.includes(match.id)) continue;
      const teams = match.players.map(({ accountId }) => {
        const known = hand.get(accountId);
        return [known ? model.aged(known, (match.ratedAt - known.at) / 86_400_000) : model.initial()];
      });
      const after = model.rate({ teams, ranks: match.players.map(({ rank }) => rank ?? 0) }).teams;
      match.players.forEach(({ accountId }, t) => {
        const { mu = NaN, sigma = NaN } = after[t]?.[0] ?? {};
        const games = (hand.get(accountId)?.games ?? 0) + 1;
        hand.set(accountId, { mu, sigma, at: match.ratedAt, games });
      });
    }
    for (const { accountId, mu, sigma, games, lastMatchAt } of await stored()) {
      expect({ mu, sigma, games, at: lastMatchAt }).toEqual(hand.get(accountId));
    }
    expect((await stored()).length).toBe(hand.size);
    const gone = without.find(({ id }) => id === first?.id)?.players ?? [];
    expect(gone.map(({ muBefore, muAfter, idleMs }) => [muBefore, muAfter, idleMs])).toEqual([
      [null, null, null],
      [null, null, null],
    ]);
    // They stay out, and an audit agrees.
    expect(await ranked('replay', '--queue', 'duel')).toMatchObject({
      code: 0,
      out: expect.stringContaining('2 left out\nEverything is as it is stored'),
    });
    expect(await ranked('replay', '--queue', 'duel', '--with', out.join(','), '--apply')).toMatchObject({
      code: 0,
    });
    expect(await history()).toEqual(before);
    expect(await stored()).toEqual(ratedBefore);
  });

  test('all matches taken out leave no ratings', async () => {
    const [before, ratedBefore] = [await history(), await stored()];
    const all = before.map(({ id }) => id).join(',');
    expect(await ranked('replay', '--queue', 'duel', '--without', all, '--apply')).toMatchObject({ code: 0 });
    expect(await stored()).toEqual([]);
    expect(await ranked('calibrate', '--queue', 'duel')).toMatchObject({
      code: 1,
      err: 'ranked: the queue duel has no finished matches that count',
    });
    await ranked('replay', '--queue', 'duel', '--with', all, '--apply');
    expect(await stored()).toEqual(ratedBefore);
    expect(await history()).toEqual(before);
  });

  test('by the present rules: matches get them, and are audited by them from then on', async () => {
    const before = await history();
    const rules = async (): Promise<JsonValue[]> =>
      store.read(async (tx) => {
        const all: JsonValue[] = [];
        for (const { id } of before) all.push(await matches.rulesOf(tx, id));
        return all;
      });
    const oldRules = await rules();
    writeFileSync(queuesFile, QUEUES.replace('drawProbability: 0.1', 'drawProbability: 0.02, beta: 5'));
    const preview = await ranked('replay', '--queue', 'duel', '--current');
    expect(preview).toMatchObject({ code: 0, err: expect.stringContaining('Nothing was written') });
    expect(preview.out).toContain(`${before.length} matches and 4 ratings differ`);
    expect(await rules()).toEqual(oldRules);
    expect(await ranked('replay', '--queue', 'duel', '--current', '--apply')).toMatchObject({
      code: 0,
      err: expect.stringContaining('see that it is this one'),
    });
    for (const one of await rules()) {
      expect(one).toMatchObject({ queue: 'duel', teams: 2, rating: { beta: 5, drawProbability: 0.02 } });
    }
    expect(await ranked('replay', '--queue', 'duel')).toMatchObject({ code: 0 });
    writeFileSync(queuesFile, QUEUES);
    // The queues file has changed; each match is still audited by the rules that it has.
    expect(await ranked('replay', '--queue', 'duel')).toMatchObject({ code: 0 });
    expect(await ranked('replay', '--queue', 'duel', '--current', '--apply')).toMatchObject({ code: 0 });
    expect(await history()).toEqual(before);
    expect(await rules()).toEqual(oldRules);
  });

  test('a match that ends while the others are rated again is rated by the new ratings', async () => {
    const all = await history();
    const last = all.at(-1);
    if (!last) throw new Error('there are no matches');
    // The last match ends only now: its state is that of a running one until the rest has been rated.
    const set = (state: string) =>
      store.write('test', (tx) =>
        tx.run(
          `UPDATE game_match SET state = $2, ended_at = CASE WHEN $2 = 'finished' THEN rated_at END WHERE id = $1`,
          [last.id, state],
        ),
      );
    await set('running');
    const [duel] = loadQueues(queuesFile);
    if (!duel) throw new Error('there is no queue');
    const order: ReRatingOrder = {
      queue: duel,
      without: new Set([all[0]?.id ?? '']),
      include: new Set(),
      byPresentRules: false,
      apply: true,
    };
    let finished: Promise<unknown> | undefined;
    const report = await reRateQueue(
      {
        ...store,
        read: (fn) => store.read(fn),
        write: async (name: string, fn: never, options: never) => {
          finished ??= set('finished');
          await finished;
          return store.write(name, fn, options);
        },
      } as Store,
      order,
    );
    expect(report).toMatchObject({ meanwhile: 1, counted: all.length - 1, left: 1, applied: true });
    expect(await ranked('replay', '--queue', 'duel')).toMatchObject({ code: 0 });
    await ranked('replay', '--queue', 'duel', '--with', all[0]?.id ?? '', '--apply');
    expect(await history()).toEqual(all);
  });

  test('calibrate fits, says what it gained, and writes a queues file that keeps the rest', async () => {
    const before = await history();
    const path = join(tempDir(), 'new.yaml');
    const { code, out, err } = await ranked('calibrate', '--queue', 'duel', '--part', '0.6', '--write', path);
    expect({ code, out, err }).toMatchObject({ code: 0, out: expect.stringContaining('Model gaussian') });
    expect(out).toMatch(/the part fitted\s+\d\.\d{4}\s+\d\.\d{4}/);
    expect(out).toMatch(/the rest, no say\s+\d\.\d{4}/);
    expect(err).toContain(`Fitting to ${Math.floor(0.6 * before.length)} of ${before.length} matches`);
    const text = readFileSync(path, 'utf8');
    expect(text).toContain('# who plays what');
    expect(text).toContain('# one against one');
    const [duel, team] = loadQueues(path);
    const snippet = /rating: (\{.*\})$/m.exec(out)?.[1] ?? '';
    writeFileSync(`${path}.snippet`, `queues:\n  - { name: duel, teams: 2, size: 1, rating: ${snippet} }\n`);
    expect(loadQueues(`${path}.snippet`)[0]?.rating).toEqual(duel?.rating);
    expect(team).toEqual(loadQueues(queuesFile)[1]);
    expect(await history()).toEqual(before);
    // Deterministic, and it does not write over a file.
    expect((await ranked('calibrate', '--queue', 'duel', '--part', '0.6')).out).toBe(out);
    expect(await ranked('calibrate', '--queue', 'duel', '--write', path)).toMatchObject({
      code: 1,
      err: `ranked: ${path} exists already; allowed is the path of a new file`,
    });
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  test('calibrate tries another model, and refuses one that does not exist', async () => {
    const { code, out } = await ranked(
      'calibrate',
      '--queue',
      'duel',
      '--model',
      'plackett-luce',
      '--part',
      '1',
    );
    expect({ code, out }).toMatchObject({ code: 0, out: expect.stringContaining('Model plackett-luce') });
    expect(out).not.toContain('the rest, no say');
    expect(await ranked('calibrate', '--queue', 'duel', '--model', 'elo')).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringMatching(/unknown model "elo".*$/),
    });
  });

  test('what only reads brings no database up to date', async () => {
    const [row] = await store.read((tx) =>
      tx.rows<{ timestamp: number; name: string }>(
        'SELECT timestamp, name FROM migrations ORDER BY timestamp DESC LIMIT 1',
      ),
    );
    if (!row) throw new Error('there are migrations');
    await store.write('older', (tx) => tx.run('DELETE FROM migrations WHERE name = $1', [row.name]));
    for (const argv of [
      ['replay', '--queue', 'duel'],
      ['calibrate', '--queue', 'duel'],
      ['maintenance', 'on'],
    ]) {
      const answer = await ranked(...argv);
      expect(answer).toMatchObject({ code: 2, out: '', err: expect.stringContaining('an older version') });
    }
    expect(
      await store.read((tx) => tx.rows('SELECT name FROM migrations WHERE name = $1', [row.name])),
    ).toEqual([]);
    await store.write('newer', (tx) =>
      tx.run('INSERT INTO migrations (timestamp, name) VALUES ($1, $2)', [row.timestamp, row.name]),
    );
    expect(await ranked('replay', '--queue', 'duel')).toMatchObject({ code: 0 });
  });

  test('a match that does not exist is named, and the rest is done', async () => {
    const id = '0b0e5c1e-58a6-4f43-9d0e-0a9c5f3f2a11';
    expect(await ranked('replay', '--queue', 'duel', '--without', id)).toMatchObject({
      code: 0,
      err: `There is no finished match ${id} in this queue.`,
    });
  });
});
