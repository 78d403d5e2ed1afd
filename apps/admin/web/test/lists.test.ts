import { QueryClient } from '@tanstack/react-query';
import fc from 'fast-check';
import { endpointKey } from '../src/api/endpoint-key.js';
import type { LogLineView, Page, ServerCommandView, ServerDetail, ServerRow } from '../src/api/contract.js';
import { applyEvent } from '../src/live/apply-event.js';
import { mergeRows, type LoadedPages } from '../src/live/merge-rows.js';
import {
  follow,
  joinLines,
  matchesFilter,
  MAX_FOLLOWED_LINES,
  NO_LINES,
  release,
} from '../src/pages/logs/followed-lines.js';
import { FakeWorld } from './support/fake-world.js';

interface Row {
  id: string;
  value: number;
}

const loadedRows = (...pages: Row[][]): LoadedPages<Row> => ({
  pages: pages.map((items) => ({ items, next: null })),
  pageParams: pages.map(() => null),
});

test('changed rows take the place of the old ones, on whichever page they are', () => {
  const before = loadedRows([{ id: 'a', value: 1 }], [{ id: 'b', value: 1 }]);
  const { loaded, unknown } = mergeRows(
    before,
    [
      { id: 'b', value: 2 },
      { id: 'c', value: 1 },
    ],
    (row) => row.id,
  );
  expect(loaded.pages.map((page) => page.items)).toEqual([[{ id: 'a', value: 1 }], [{ id: 'b', value: 2 }]]);
  expect(loaded.pages[0]).toBe(before.pages[0]);
  expect(unknown).toBe(1);
});

test('merging never adds, drops or moves a row', () => {
  const row = fc.record({ id: fc.constantFrom('a', 'b', 'c', 'd', 'e'), value: fc.nat() });
  fc.assert(
    fc.property(fc.uniqueArray(row, { selector: (one) => one.id }), fc.array(row), (rows, changed) => {
      const { loaded } = mergeRows(loadedRows(rows), changed, (one) => one.id);
      expect(loaded.pages[0]?.items.map((one) => one.id)).toEqual(rows.map((one) => one.id));
    }),
  );
});

describe('events', () => {
  const world = new FakeWorld();
  const [server] = world.servers as [ServerDetail];
  const listKey = endpointKey('GET /api/servers', { query: { region: 'eu-west' } });
  const detailKey = endpointKey('GET /api/servers/:id', { params: { id: server.id } });

  function loadedClient(): QueryClient {
    const client = new QueryClient();
    const page: Page<ServerRow> = { items: world.servers.slice(0, 3), next: null };
    client.setQueryData(listKey, { pages: [page], pageParams: [null] });
    client.setQueryData(detailKey, server);
    return client;
  }

  test('a server’s row comes into every list and its own page, and leaves the rest of that page as it is', () => {
    const client = loadedClient();
    applyEvent(client, { name: 'servers', data: [{ ...server, players: 999 }] });
    const list = client.getQueryData<LoadedPages<ServerRow>>(listKey);
    expect(list?.pages[0]?.items[0]?.players).toBe(999);
    const detail = client.getQueryData<ServerDetail>(detailKey);
    expect(detail?.players).toBe(999);
    expect(detail?.commands).toBe(server.commands);
    expect(client.getQueryState(listKey)?.isInvalidated).toBe(false);
  });

  test('a row that may stand elsewhere now makes the list stale', () => {
    const moved = loadedClient();
    applyEvent(moved, { name: 'servers', data: [{ ...server, state: 'offline' }] });
    expect(moved.getQueryState(listKey)?.isInvalidated).toBe(true);
    const unknown = loadedClient();
    applyEvent(unknown, { name: 'servers', data: [{ ...server, id: 'new' }] });
    expect(unknown.getQueryState(listKey)?.isInvalidated).toBe(true);
  });

  test('a command that came further takes its own place; a new one comes first, twenty at most', () => {
    const client = loadedClient();
    const [command] = server.commands as [ServerCommandView];
    applyEvent(client, { name: 'commands', data: [{ ...command, state: 'acknowledged' }] });
    const states = () => client.getQueryData<ServerDetail>(detailKey)?.commands;
    expect(states()?.[0]).toMatchObject({ id: command.id, state: 'acknowledged' });
    for (let count = 0; count < 30; count++) {
      applyEvent(client, { name: 'commands', data: [{ ...command, id: `new ${count}` }] });
    }
    expect(states()?.[0]?.id).toBe('new 29');
    expect(states()).toHaveLength(20);
  });
});

describe('a log that is followed', () => {
  const line = (id: number, part: Partial<LogLineView> = {}): LogLineView => ({
    id,
    serverId: 's',
    serverName: 'eu-1',
    level: 'info',
    at: id,
    message: `line ${id}`,
    ...part,
  });
  const ids = (lines: readonly LogLineView[]) => lines.map((one) => one.id);

  test('new lines come on top', () => {
    const followed = follow(follow(NO_LINES, [line(1), line(2)], 0, false), [line(3)], 0, false);
    expect(ids(followed.lines)).toEqual([3, 2, 1]);
  });

  test('while it is paused they are held, and come in when it goes on', () => {
    const paused = follow(follow(NO_LINES, [line(1)], 0, false), [line(2), line(3)], 4, true);
    expect(ids(paused.lines)).toEqual([1]);
    expect(paused).toMatchObject({ skipped: 4 });
    const released = release(paused);
    expect(ids(released.lines)).toEqual([3, 2, 1]);
    expect(released.held).toEqual([]);
  });

  test('however many come, a bound is kept, and what a pause lost is counted', () => {
    const flood = Array.from({ length: MAX_FOLLOWED_LINES + 50 }, (_, index) => line(index));
    expect(follow(NO_LINES, flood, 0, false).lines).toHaveLength(MAX_FOLLOWED_LINES);
    const paused = follow(NO_LINES, flood, 0, true);
    expect(paused.held).toHaveLength(MAX_FOLLOWED_LINES);
    expect(paused.skipped).toBe(50);
  });

  test('lines that were loaded and followed are shown once', () => {
    expect(ids(joinLines([line(3), line(2)], [line(2), line(1)]))).toEqual([3, 2, 1]);
  });

  test.each([
    [{ q: 'LINE 1' }, true],
    [{ q: 'line 2' }, false],
    [{ level: 'info' as const }, true],
    [{ level: 'error' as const }, false],
    [{ serverId: 's' }, true],
    [{ serverId: 'other' }, false],
  ])('%j', (filter, passes) => {
    expect(matchesFilter(line(1), filter)).toBe(passes);
  });
});
