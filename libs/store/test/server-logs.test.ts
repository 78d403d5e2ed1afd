import { randomUUID } from 'node:crypto';
import { serverLogs } from '../src/index.js';
import type { LogLine, Store, StoreTarget } from '../src/index.js';
import { clear, DIALECTS, START } from './databases.js';
import { withStore } from './with-store.js';

describe.each(DIALECTS)('logs of servers on %s', (dialect) => {
  let store: Store;
  let target: StoreTarget;
  withStore(dialect, (parts) => ({ store, target } = parts));
  beforeEach(() => clear(target));

  const lines = (serverId: string, messages: string[]): LogLine[] =>
    messages.map((message) => ({ serverId, level: 'info', at: START, message }));

  it('keep their order and only the newest of each server', async () => {
    const [a, b] = [randomUUID(), randomUUID()];
    await store.write('log', (tx) => serverLogs.appendMany(tx, lines(b, ['kept'])));
    const all = [...lines(a, ['1', '2', '3', '4']), ...lines(b, ['x'])];
    expect(await store.write('log', (tx) => serverLogs.appendMany(tx, all, { keepPerServer: 3 }))).toBe(5);
    const tail = await store.read((tx) => serverLogs.tail(tx, a));
    expect(tail.map((line) => line.message)).toEqual(['4', '3', '2']);
    expect(tail[0]).toMatchObject({ serverId: a, level: 'info', at: START, id: expect.any(Number) });
    const page = await store.read((tx) => serverLogs.tail(tx, a, { limit: 1, before: tail[0]?.id ?? 0 }));
    expect(page.map((line) => line.message)).toEqual(['3']);
    expect((await store.read((tx) => serverLogs.tail(tx, b))).map((line) => line.message)).toEqual([
      'x',
      'kept',
    ]);
    expect(await store.write('log', (tx) => serverLogs.appendMany(tx, []))).toBe(0);
  });

  it('mend what cannot be stored', async () => {
    const a = randomUUID();
    await store.write('log', (tx) => serverLogs.appendMany(tx, lines(a, [`'); DROP\0 \ud800 "`, '\\u0000'])));
    expect((await store.read((tx) => serverLogs.tail(tx, a))).map((line) => line.message)).toEqual([
      '\\u0000',
      `'); DROP\ufffd \ufffd "`,
    ]);
  });
});
