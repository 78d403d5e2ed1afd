import { DataSource } from 'typeorm';
import { gameServers, leaveFaults, matches, penalties, queue, ratings } from '../src/index.js';
import type { StoreTarget } from '../src/index.js';
import { LighterRows } from '../src/migrations/lighter-rows.js';
import { MatchIndexes } from '../src/migrations/match-indexes.js';
import { MIGRATIONS } from '../src/migrations/index.js';
import { ReadyCheck } from '../src/migrations/ready-check.js';
import { behindTheStore, DIALECTS, freshDatabase, open, START } from './databases.js';
import type { DialectName, FreshDatabase } from './databases.js';
import { ANN, BOB, CY, OLD_ROWS, PLAYED, playerId, RUNNING, SERVER } from './first-version.js';
import {
  aServer,
  firstTeamWins,
  makeMatches,
  makeReady,
  matchOf,
  RULES,
  snapshotOf,
  someAccounts,
} from './fixtures.js';

const TABLES = [...new Set(OLD_ROWS.map(([table]) => table))];

/** A database of the first version, with rows in every table. */
async function oldDatabase(dialect: DialectName): Promise<FreshDatabase> {
  const database = await freshDatabase(dialect);
  await withMigrations(database.target, MIGRATIONS.slice(0, 1), async (source) => {
    await source.runMigrations();
    for (const [table, row] of OLD_ROWS) {
      const values = Object.values(row).map((value) => (typeof value === 'string' ? `'${value}'` : value));
      await source.query(
        `INSERT INTO ${table} (${Object.keys(row).join(', ')}) VALUES (${values.map(String).join(', ')})`,
      );
    }
  });
  return database;
}

async function withMigrations(
  target: StoreTarget,
  migrations: typeof MIGRATIONS,
  use: (source: DataSource) => Promise<unknown>,
): Promise<void> {
  const source = new DataSource(
    target.kind === 'sqlite'
      ? { type: 'sqlite', database: target.path, migrations }
      : { type: 'postgres', url: target.url, migrations },
  );
  await source.initialize();
  try {
    await use(source);
  } finally {
    await source.destroy();
  }
}

/** What every table holds, by table. */
async function rowsOf(target: StoreTarget): Promise<Record<string, Record<string, unknown>[]>> {
  const tables: Record<string, Record<string, unknown>[]> = {};
  for (const table of TABLES) {
    const hidden = table === 'setting' ? `WHERE key = 'k'` : '';
    tables[table] = await behindTheStore(target, `SELECT * FROM ${table} ${hidden} ORDER BY 1, 2`);
  }
  return tables;
}

/** Columns (without their order), keys and indexes of every table. */
async function schemaOf(target: StoreTarget): Promise<string[]> {
  const queries =
    target.kind === 'sqlite'
      ? [
          `SELECT t.name AS t, c.name AS c, c.type, c."notnull", c.dflt_value, c.pk
           FROM sqlite_master t, pragma_table_info(t.name) c WHERE t.type = 'table'`,
          `SELECT t.name AS t, f."from", f."table", f."to", f.on_delete
           FROM sqlite_master t, pragma_foreign_key_list(t.name) f WHERE t.type = 'table'`,
          `SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL`,
          `SELECT name, wr FROM pragma_table_list WHERE schema = 'main' AND type = 'table'`,
        ]
      : [
          `SELECT table_name, column_name, data_type, is_nullable, column_default
           FROM information_schema.columns WHERE table_schema = 'public'`,
          `SELECT conrelid::regclass::text AS t, conname, pg_get_constraintdef(oid) AS def
           FROM pg_constraint WHERE connamespace = 'public'::regnamespace`,
          `SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'`,
        ];
  const rows = (await Promise.all(queries.map((sql) => behindTheStore(target, sql)))).flat();
  return rows.map((row) => JSON.stringify(row)).sort();
}

describe.each(DIALECTS)('a database of the first version on %s', (dialect) => {
  let database: FreshDatabase;
  beforeEach(async () => {
    database = await oldDatabase(dialect);
  });
  afterEach(() => database.drop());

  it('keeps its rows, and gets the schema that a new one has', async () => {
    const before = await rowsOf(database.target);
    expect(Object.values(before).flat()).toHaveLength(OLD_ROWS.length);
    await (await open(database.target)).close();
    const after = await rowsOf(database.target);
    for (const table of TABLES) {
      const kept = (before[table] ?? []).map((row) => {
        if (table !== 'queue_entry' && table !== 'match_player') return row;
        return Object.fromEntries(Object.entries(row).filter(([column]) => column !== 'name'));
      });
      expect(after[table]).toHaveLength(kept.length);
      expect(after[table]).toMatchObject(kept);
    }
    const fresh = await freshDatabase(dialect);
    await (await open(fresh.target)).close();
    expect(await schemaOf(database.target)).toEqual(await schemaOf(fresh.target));
    await fresh.drop();
  });

  it('counts a server that has finished a match as proven', async () => {
    const store = await open(database.target);
    const newcomer = await aServer(store);
    const [old, fresh] = await Promise.all(
      [SERVER, newcomer].map((id) => store.read((tx) => gameServers.byId(tx, id))),
    );
    expect(old).toMatchObject({ provenMatches: gameServers.PROVEN_MATCHES, provenAt: null });
    expect(fresh).toMatchObject({ provenMatches: 0, provenAt: null });
    await store.close();
  });

  it('goes on with matches where it was: one ends, players join, and the next is played', async () => {
    const store = await open(database.target);
    const old = await store.read((tx) => matches.byId(tx, RUNNING));
    expect(old).toMatchObject({ state: 'running', players: [{ accountId: ANN }, { accountId: BOB }] });
    const finish = (matchId: string, serverId: string, outcome: ReturnType<typeof firstTeamWins>) =>
      store.writeGrouped('result', (tx) => matches.finish(tx, { matchId, serverId, ...outcome }));
    const oldPlan = matchOf(SERVER, [[ANN], [BOB]]);
    const teams = oldPlan.teams.map((team) =>
      team.map((player) => ({ ...player, id: playerId(RUNNING, player.accountId) })),
    );
    expect(await finish(RUNNING, SERVER, firstTeamWins({ ...oldPlan, id: RUNNING, teams }))).toBe('finished');

    const [dan = ''] = await someAccounts(store, 1);
    const join = (accountId: string) =>
      store.write('join', (tx) => queue.join(tx, { accountId, queue: 'duel' }));
    expect(await join(CY)).toMatchObject({ status: 'already_queued', joinedAt: 5 });
    for (const id of [ANN, dan]) expect(await join(id)).toMatchObject({ status: 'joined' });
    const waiting = await store.read((tx) => snapshotOf(tx, 'duel'));
    expect(waiting.map(({ accountId }) => accountId)).toEqual([CY, ANN, dan]);

    const server = await aServer(store);
    const plan = matchOf(server, [[CY], [dan]]);
    const made = await store.write('tick', (tx) =>
      makeMatches(tx, {
        queue: 'duel',
        rules: RULES,
        reserveExpiresAt: START + 3000,
        matches: [plan],
      }),
    );
    expect(made.created).toEqual([plan.id]);
    await makeReady(store, plan);
    await store.write('running', (tx) => matches.markRunning(tx, { matchId: plan.id, serverId: server }));
    expect(await finish(plan.id, server, firstTeamWins(plan))).toBe('finished');
    expect(await store.read((tx) => queue.entryOf(tx, CY))).toBeNull();
    expect(await store.read((tx) => ratings.ofAccount(tx, ANN))).toMatchObject([{ mu: 26 + 1 / 3 }]);
    await store.close();
  });

  it('can take the migrations back one by one, down to the first schema with names, and make them again', async () => {
    const before = [await schemaOf(database.target), await rowsOf(database.target)];
    await (await open(database.target)).close();
    const upgraded = [await schemaOf(database.target), await rowsOf(database.target)];
    await withMigrations(database.target, MIGRATIONS, async (source) => {
      for (let n = 1; n < MIGRATIONS.length; n++) await source.undoLastMigration();
    });
    expect([await schemaOf(database.target), await rowsOf(database.target)]).toEqual(before);
    await (await open(database.target)).close();
    expect([await schemaOf(database.target), await rowsOf(database.target)]).toEqual(upgraded);
  });

  it('lets nobody be held by a ready check when those are taken back', async () => {
    const store = await open(database.target);
    const server = await aServer(store);
    const [ann = '', bob = ''] = await someAccounts(store, 2);
    const check = matchOf(server, [[ann], [bob]]);
    await store.write('check', async (tx) => {
      for (const accountId of [ann, bob]) await queue.join(tx, { accountId, queue: 'duel' });
      await makeMatches(tx, {
        queue: 'duel',
        rules: RULES,
        state: 'checking',
        reserveExpiresAt: START,
        matches: [check],
      });
      await penalties.raise(tx, [ann], () => ({ level: 1, until: START, changedAt: START }));
      await leaveFaults.note(tx, server, [bob]);
    });
    await store.close();
    await withMigrations(database.target, MIGRATIONS, async (source) => {
      for (let n = MIGRATIONS.indexOf(ReadyCheck); n < MIGRATIONS.length; n++)
        await source.undoLastMigration();
    });
    const again = await open(database.target);
    expect(await again.read((tx) => matches.byId(tx, check.id))).toMatchObject({ state: 'cancelled' });
    for (const id of [ann, bob]) {
      expect(await again.read((tx) => queue.entryOf(tx, id))).toMatchObject({ matchId: null });
    }
    expect(await again.read((tx) => penalties.ofAccounts(tx, [ann]))).toEqual([]);
    expect(await again.read((tx) => matches.byId(tx, RUNNING))).toMatchObject({ state: 'running' });
    await again.close();
  });

  it('gets ends for its matches that fit their states, where an end was lost or left', async () => {
    const before = MIGRATIONS.slice(0, MIGRATIONS.indexOf(MatchIndexes));
    await withMigrations(database.target, before, (source) => source.runMigrations());
    await behindTheStore(database.target, `UPDATE game_match SET ended_at = NULL WHERE id = '${PLAYED}'`);
    await behindTheStore(database.target, `UPDATE game_match SET ended_at = 7 WHERE id = '${RUNNING}'`);
    const store = await open(database.target);
    expect(await store.read((tx) => matches.byId(tx, PLAYED))).toMatchObject({
      state: 'finished',
      endedAt: 9,
    });
    expect(await store.read((tx) => matches.byId(tx, RUNNING))).toMatchObject({
      state: 'running',
      endedAt: null,
    });
    await store.close();
  });

  it('that was made lighter already, between two releases, stays as it is', async () => {
    const lighter = MIGRATIONS.slice(0, MIGRATIONS.indexOf(LighterRows) + 1);
    await withMigrations(database.target, lighter, (source) => source.runMigrations());
    const { name } = new LighterRows();
    await behindTheStore(database.target, `DELETE FROM migrations WHERE name = '${name}'`);
    const other = await oldDatabase(dialect);
    await (await open(other.target)).close();
    const upgraded = [await schemaOf(other.target), await rowsOf(other.target)];
    await other.drop();
    const again = await open(database.target);
    const [accountId = ''] = await someAccounts(again, 1);
    expect(await again.write('join', (tx) => queue.join(tx, { accountId, queue: 'duel' }))).toMatchObject({
      status: 'joined',
    });
    await again.write('leave', (tx) => queue.leave(tx, accountId));
    await again.close();
    await behindTheStore(database.target, `DELETE FROM account WHERE id = '${accountId}'`);
    expect([await schemaOf(database.target), await rowsOf(database.target)]).toEqual(upgraded);
  });
});
