import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataSource, getMetadataArgsStorage } from 'typeorm';
import { ratings, settings } from '../src/index.js';
import { ENTITIES } from '../src/entities/index.js';
import { MIGRATIONS } from '../src/migrations/index.js';
import { snakeCase } from '../src/sql/snake-naming.js';
import { behindTheStore, DATABASE_KEY, DIALECTS, freshDatabase, open } from './databases.js';
import type { FreshDatabase } from './databases.js';
import { someAccounts } from './fixtures.js';

describe.each(DIALECTS)('opening on %s', (dialect) => {
  let database: FreshDatabase;
  beforeEach(async () => {
    database = await freshDatabase(dialect);
  });
  afterEach(() => database.drop());

  it('migrates an empty database, and leaves it alone afterwards', async () => {
    const first = await open(database.target);
    await first.write('x', (tx) => settings.set(tx, 'x', '1'));
    await first.close();
    const second = await open(database.target);
    expect(await second.read((tx) => settings.get(tx, 'x'))).toBe('1');
    await second.close();
    const done = await behindTheStore(database.target, 'SELECT name FROM migrations');
    expect(done).toEqual(MIGRATIONS.map((Migration) => ({ name: new Migration().name })));
  });

  it('by many at once migrates once', async () => {
    const stores = await Promise.all(Array.from({ length: 6 }, () => open(database.target)));
    await Promise.all(
      stores.map((store, n) => store.write('x', (tx) => settings.set(tx, `opened ${n}`, '1'))),
    );
    for (let n = 0; n < stores.length; n += 1) {
      expect(await stores[0]?.read((tx) => settings.get(tx, `opened ${n}`))).toBe('1');
    }
    await Promise.all(stores.map((store) => store.close()));
    expect(await behindTheStore(database.target, 'SELECT name FROM migrations')).toHaveLength(
      MIGRATIONS.length,
    );
  });

  it('refuses another database key, and takes the right one afterwards', async () => {
    await (await open(database.target)).close();
    await expect(open(database.target, { databaseKey: randomBytes(32) })).rejects.toMatchObject({
      name: 'StoreError',
      code: 'wrong_database_key',
    });
    await expect(open(database.target, { databaseKey: randomBytes(16) })).rejects.toMatchObject({
      code: 'invalid_value',
    });
    await (await open(database.target, { databaseKey: Buffer.from(DATABASE_KEY) })).close();
  });

  it('refuses a database of a later version', async () => {
    await (await open(database.target)).close();
    await behindTheStore(
      database.target,
      `INSERT INTO migrations (timestamp, name) VALUES (9999999999999, 'Later9999999999999')`,
    );
    await expect(open(database.target)).rejects.toMatchObject({ code: 'newer_schema' });
  });

  it('for reading alone makes nothing, brings nothing up to date, and reads what is', async () => {
    const tables = () =>
      behindTheStore(
        database.target,
        dialect === 'sqlite'
          ? `SELECT name FROM sqlite_master WHERE type = 'table'`
          : `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'`,
      );
    const reading = () => open(database.target, { migrate: false });
    await expect(reading()).rejects.toMatchObject({ name: 'StoreError', code: 'older_schema' });
    expect(await tables()).toEqual([]);
    const first = await open(database.target);
    await first.write('x', (tx) => settings.set(tx, 'x', '1'));
    await first.close();
    const store = await reading();
    expect(await store.read((tx) => settings.get(tx, 'x'))).toBe('1');
    await store.close();
    await expect(
      open(database.target, { migrate: false, databaseKey: randomBytes(32) }),
    ).rejects.toMatchObject({ code: 'wrong_database_key' });
    const last = MIGRATIONS.map((Migration) => new Migration().name).at(-1) ?? '';
    await behindTheStore(database.target, `DELETE FROM migrations WHERE name = '${last}'`);
    await expect(reading()).rejects.toMatchObject({
      code: 'older_schema',
      message: expect.stringContaining(last),
    });
    expect(await behindTheStore(database.target, 'SELECT name FROM migrations')).toHaveLength(
      MIGRATIONS.length - 1,
    );
    await behindTheStore(
      database.target,
      `INSERT INTO migrations (timestamp, name) VALUES (1, '${last}'), (9999999999999, 'Later9999999999999')`,
    );
    await expect(reading()).rejects.toMatchObject({ code: 'newer_schema' });
  });

  it('has the columns that the entities say, no more and no less', async () => {
    await (await open(database.target)).close();
    for (const entity of ENTITIES) {
      const table = getMetadataArgsStorage().tables.find(({ target }) => target === entity)?.name ?? '';
      const declared = getMetadataArgsStorage()
        .columns.filter(({ target }) => target === entity)
        .map(
          ({ propertyName, options }) =>
            `${snakeCase(propertyName)} ${options.nullable === true ? 'null' : 'not null'}`,
        );
      const columns = await behindTheStore(
        database.target,
        dialect === 'sqlite'
          ? `SELECT name, "notnull" AS required FROM pragma_table_info('${table}')`
          : `SELECT column_name AS name, CASE is_nullable WHEN 'NO' THEN 1 ELSE 0 END AS required
             FROM information_schema.columns WHERE table_name = '${table}'`,
      );
      const actual = columns.map(
        (column) => `${String(column['name'])} ${column['required'] === 1 ? 'not null' : 'null'}`,
      );
      expect([table, ...actual.sort()]).toEqual([table, ...declared.sort()]);
    }
  });

  it('can take every migration back and make it again', async () => {
    await (await open(database.target)).close();
    const source = new DataSource(
      database.target.kind === 'sqlite'
        ? { type: 'sqlite', database: database.target.path, migrations: MIGRATIONS }
        : { type: 'postgres', url: database.target.url, migrations: MIGRATIONS },
    );
    await source.initialize();
    for (let n = 0; n < MIGRATIONS.length; n++) await source.undoLastMigration();
    await source.destroy();
    const left = await behindTheStore(
      database.target,
      dialect === 'sqlite'
        ? `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`
        : `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'`,
    );
    expect(left.map(({ name }) => name)).toEqual(['migrations']);
    await (await open(database.target)).close();
  });

  it('adds columns to a database of the first version, and what is in it stays', async () => {
    const store = await open(database.target);
    const [accountId = ''] = await someAccounts(store, 1);
    const row = {
      accountId,
      queue: 'duel',
      mu: 25.1,
      sigma: 8,
      games: 3,
      wins: 1,
      display: 1501,
      lastMatchAt: 5,
    };
    await store.write('rate', (tx) => ratings.upsertMany(tx, [row]));
    await store.close();
    const source = new DataSource(
      database.target.kind === 'sqlite'
        ? { type: 'sqlite', database: database.target.path, migrations: MIGRATIONS }
        : { type: 'postgres', url: database.target.url, migrations: MIGRATIONS },
    );
    await source.initialize();
    for (let n = 1; n < MIGRATIONS.length; n++) await source.undoLastMigration();
    await source.destroy();
    const again = await open(database.target);
    expect(await again.read((tx) => ratings.ofAccount(tx, accountId))).toEqual([
      { ...row, volatility: null, tier: null },
    ]);
    await again.close();
  });
});

describe('opening what cannot be opened', () => {
  it.each([
    ['a directory', async (directory: string) => directory],
    [
      'a file that is no database',
      async (directory: string) => {
        await writeFile(
          join(directory, 'text'),
          'no database, and longer than a header of SQLite would be'.repeat(100),
        );
        return join(directory, 'text');
      },
    ],
    [
      'a path below a file',
      async (directory: string) => {
        await writeFile(join(directory, 'file'), '');
        return join(directory, 'file', 'x.sqlite');
      },
    ],
  ])('SQLite: %s', async (_, make) => {
    const directory = await mkdtemp(join(tmpdir(), 'ranked-store-'));
    const path = await make(directory);
    await expect(open({ kind: 'sqlite', path })).rejects.toMatchObject({
      name: 'StoreError',
      code: 'unavailable',
    });
    await rm(directory, { recursive: true });
  });

  it('PostgreSQL: nobody listens, or the database is missing', async () => {
    await expect(open({ kind: 'postgres', url: 'postgres://u:p@127.0.0.1:1/x' })).rejects.toMatchObject({
      code: 'unavailable',
    });
    const url = `${process.env['RANKED_TEST_POSTGRES'] ?? ''}missing`;
    const error = await open({ kind: 'postgres', url }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'unavailable' });
    expect(JSON.stringify(error) + String(error)).not.toContain('postgres:postgres');
  });
});

it("the SQLite file, its log and its index are their owner's alone", async () => {
  const database = await freshDatabase('sqlite');
  const store = await open(database.target);
  await store.write('x', (tx) => settings.set(tx, 'x', '1'));
  if (database.target.kind !== 'sqlite') throw new Error('SQLite only');
  for (const suffix of ['', '-wal', '-shm']) {
    expect((await stat(database.target.path + suffix)).mode & 0o777).toBe(0o600);
  }
  const [pragmas] = await store.write('pragmas', (tx) =>
    tx.rows('SELECT * FROM pragma_journal_mode, pragma_synchronous, pragma_foreign_keys'),
  );
  expect(pragmas).toEqual({ journal_mode: 'wal', synchronous: 2, foreign_keys: 1 });
  await store.close();
  await database.drop();
});

it('a new SQLite file gets large pages, and an old one keeps those that it has', async () => {
  const [fresh, old] = [await freshDatabase('sqlite'), await freshDatabase('sqlite')];
  await behindTheStore(old.target, 'CREATE TABLE of_an_older_version (n integer)');
  const sizes = [];
  for (const { target, drop } of [fresh, old]) {
    await (await open(target)).close();
    sizes.push(...(await behindTheStore(target, 'PRAGMA page_size')));
    await drop();
  }
  expect(sizes).toEqual([{ page_size: 8192 }, { page_size: 4096 }]);
});
