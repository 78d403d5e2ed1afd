import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { settings } from '../src/index.js';
import type { StoreTarget } from '../src/index.js';
import { compileStore } from './compiled-store.js';
import { DIALECTS, freshDatabase, open } from './databases.js';
import type { FreshDatabase } from './databases.js';

const script = join(dirname(fileURLToPath(import.meta.url)), 'store-process.mjs');

describe.each(DIALECTS)('several processes on %s', (dialect) => {
  let database: FreshDatabase;
  let compiled: Awaited<ReturnType<typeof compileStore>>;
  beforeAll(async () => {
    compiled = await compileStore();
  });
  afterAll(() => compiled.remove());
  beforeEach(async () => {
    database = await freshDatabase(dialect);
  });
  afterEach(() => database.drop());

  function start(target: StoreTarget, task: string, number = 0) {
    const child = spawn(
      process.execPath,
      [script, compiled.index, JSON.stringify(target), task, String(number)],
      {
        env: { ...process.env, NODE_OPTIONS: '' },
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    const exited = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
    return { child, exited, lines: createInterface({ input: child.stdout }) };
  }

  it('write the same row and lose nothing', async () => {
    const store = await open(database.target);
    await store.write('zero', (tx) => settings.set(tx, 'sum', '0'));
    const others = [start(database.target, 'add', 100), start(database.target, 'add', 100)];
    for (let n = 0; n < 100; n += 1) {
      await store.writeGrouped('add', async (tx) => {
        const [row] = await tx.rows<{ value: string }>(
          `SELECT value FROM setting WHERE key = 'sum'${tx.dialect.forUpdate}`,
        );
        await settings.set(tx, 'sum', String(Number(row?.value) + 1));
      });
    }
    for (const other of others) expect(await other.exited).toEqual([0, null]);
    expect(await store.read((tx) => settings.get(tx, 'sum'))).toBe('300');
    await store.close();
  }, 30_000);

  it('one killed at any moment leaves whole transactions, none lost that it had reported', async () => {
    await (await open(database.target)).close();
    for (const enough of [1, 7, 40]) {
      const { child, exited, lines } = start(database.target, 'pairs');
      let reported = 0;
      for await (const line of lines) {
        if (line === 'open') continue;
        reported = Number(line);
        if (reported >= enough) child.kill('SIGKILL');
      }
      expect(await exited).toEqual([null, 'SIGKILL']);
      const store = await open(database.target);
      const left = Number(await store.read((tx) => settings.get(tx, 'left')));
      expect(await store.read((tx) => settings.get(tx, 'right'))).toBe(String(left));
      expect(left).toBeGreaterThanOrEqual(reported);
      await store.close();
    }
  }, 30_000);

  it('one killed in the middle of a transaction takes its half and its lock with it', async () => {
    const { child, exited, lines } = start(database.target, 'hang');
    for await (const line of lines) if (line === 'inside') child.kill('SIGKILL');
    await exited;
    const store = await open(database.target);
    expect(await store.read((tx) => settings.get(tx, 'half'))).toBeNull();
    await store.write('whole', (tx) => settings.set(tx, 'half', '2'));
    expect(await store.read((tx) => settings.get(tx, 'half'))).toBe('2');
    await store.close();
  }, 30_000);
});
