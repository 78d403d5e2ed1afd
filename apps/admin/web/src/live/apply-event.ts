import type { InfiniteData, QueryClient } from '@tanstack/react-query';
import type { MatchRow, Page, ServerCommandView, ServerDetail, ServerRow } from '../api/contract.js';
import { endpointKey } from '../api/endpoint-key.js';
import type { LiveEvent } from './live-stream.js';
import { mergeRows } from './merge-rows.js';

/** Brings what an event tells into the lists that are loaded. Rows it cannot place make their list load again. */
export function applyEvent(client: QueryClient, event: LiveEvent): void {
  switch (event.name) {
    case 'overview':
      client.setQueryData(endpointKey('GET /api/overview'), event.data);
      return;
    case 'queues':
      client.setQueryData(endpointKey('GET /api/queues'), event.data);
      return;
    case 'servers':
      applyServers(client, event.data);
      return;
    case 'matches':
      applyMatches(client, event.data);
      return;
    case 'commands':
      applyCommands(client, event.data);
      return;
    default:
      return;
  }
}

function applyServers(client: QueryClient, rows: ServerRow[]): void {
  mergeLists(
    client,
    'GET /api/servers',
    rows,
    (row) => row.id,
    (before, after) => before.state === after.state,
  );
  for (const row of rows) {
    client.setQueryData<ServerDetail>(
      endpointKey('GET /api/servers/:id', { params: { id: row.id } }),
      (detail) => (detail ? { ...detail, ...row } : detail),
    );
  }
}

function applyMatches(client: QueryClient, rows: MatchRow[]): void {
  mergeLists(
    client,
    'GET /api/matches',
    rows,
    (row) => row.id,
    (before, after) => before.state === after.state,
  );
  for (const row of rows) {
    void client.invalidateQueries({
      queryKey: endpointKey('GET /api/matches/:id', { params: { id: row.id } }),
    });
    void client.invalidateQueries({
      queryKey: endpointKey('GET /api/servers/:id', { params: { id: row.serverId } }),
    });
  }
}

function applyCommands(client: QueryClient, commands: ServerCommandView[]): void {
  for (const command of commands) {
    client.setQueryData<ServerDetail>(
      endpointKey('GET /api/servers/:id', { params: { id: command.serverId } }),
      (detail) => (detail ? { ...detail, commands: withCommand(detail.commands, command) } : detail),
    );
  }
}

function withCommand(commands: ServerCommandView[], command: ServerCommandView): ServerCommandView[] {
  const at = commands.findIndex((known) => known.id === command.id);
  return at === -1 ? [command, ...commands].slice(0, 20) : commands.with(at, command);
}

function mergeLists<Row>(
  client: QueryClient,
  name: 'GET /api/servers' | 'GET /api/matches',
  rows: Row[],
  keyOf: (row: Row) => string,
  staysInPlace: (before: Row, after: Row) => boolean,
): void {
  for (const [key, loaded] of client.getQueriesData<InfiniteData<Page<Row>>>({ queryKey: [name] })) {
    if (loaded === undefined) continue;
    const before = new Map(
      loaded.pages.flatMap((page) => page.items.map((row) => [keyOf(row), row] as const)),
    );
    const merged = mergeRows(loaded, rows, keyOf);
    const moved = rows.some((row) => {
      const known = before.get(keyOf(row));
      return known !== undefined && !staysInPlace(known, row);
    });
    if (merged.loaded !== loaded) client.setQueryData(key, merged.loaded);
    // Marked only: the list's own pause between loads decides when, so that a busy hour does not load it every second.
    if (moved || merged.unknown > 0) {
      void client.invalidateQueries({ queryKey: key, refetchType: 'none' });
    }
  }
}
