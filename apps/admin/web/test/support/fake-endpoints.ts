import type { Page } from '../../src/api/contract.js';
import type { EndpointName, EndpointResponse } from '../../src/api/endpoint.js';
import { fakeActions } from './fake-actions.js';
import { notFound } from './fake-problem.js';
import type { FakeWorld } from './fake-world.js';
import { makeHistogram, matchRow } from './world/games.js';
import { makeOverviewHistory } from './world/overview.js';
import { makeHistory, makePlayerMatches } from './world/people.js';

/** A request as a handler sees it. */
export interface Call {
  params: Record<string, string>;
  query: URLSearchParams;
  body: unknown;
}

/** A handler for each endpoint of the contract: the compiler says when one is missing or answers something else. */
export type Handlers = { [Name in EndpointName]: (call: Call) => EndpointResponse<Name> };

export type ActionName = Exclude<EndpointName, `GET ${string}`>;
export type ReadHandlers = Omit<Handlers, ActionName>;

/** The whole API over a world. */
export function fakeEndpoints(world: FakeWorld): Handlers {
  const reads: ReadHandlers = {
    'GET /api/session': () => ({
      certificateName: 'alice',
      certificateSerial: '5f0c9a77b1d2e3f4',
      certificateExpiresAt: world.startedAt + 61 * 86_400_000,
      address: '127.0.0.1',
      version: '0.1.0',
      now: Date.now(),
    }),
    'GET /api/overview': () => ({ ...world.overview, at: Date.now() }),
    'GET /api/overview/history': () => makeOverviewHistory(world.chance, Date.now()),
    'GET /api/servers': ({ query }) =>
      page(
        world.servers.filter(
          (server) =>
            fits(server.state, query.get('state')) &&
            fits(server.region, query.get('region')) &&
            contains(`${server.name} ${server.id}`, query.get('q')),
        ),
        query,
      ),
    'GET /api/servers/:id': ({ params }) => world.server(params['id'] ?? ''),
    'GET /api/servers/:id/commands': ({ params, query }) =>
      page(world.server(params['id'] ?? '').commands, query),
    'GET /api/servers/:id/logs': ({ params, query }) =>
      page(
        world.logs.filter(
          (line) =>
            line.serverId === params['id'] &&
            fits(line.level, query.get('level')) &&
            contains(line.message, query.get('q')),
        ),
        query,
      ),
    'GET /api/logs': ({ query }) =>
      page(
        world.logs.filter(
          (line) =>
            fits(line.serverId, query.get('serverId')) &&
            fits(line.level, query.get('level')) &&
            contains(line.message, query.get('q')),
        ),
        query,
      ),
    'GET /api/queues': () => world.queues,
    'GET /api/queues/:name': ({ params }) => {
      const summary = world.queues.find((queue) => queue.name === params['name']);
      if (summary === undefined) throw notFound();
      const waiting = summary.waiting;
      return {
        ...summary,
        config: world.settings.queues.find((config) => config.name === summary.name) ?? null,
        distribution: {
          ratings: makeHistogram(world.chance, 4218, 600, 75, 24),
          waitingRatings: makeHistogram(world.chance, waiting, 600, 75, 24),
          waits: makeHistogram(world.chance, waiting, 0, 30, 15),
        },
      };
    },
    'GET /api/queues/:name/entries': ({ params, query }) =>
      page(params['name'] === 'duel' ? world.entries : [], query),
    'GET /api/players': ({ query }) =>
      page(
        world.players.filter(
          (player) =>
            contains(`${player.username} ${player.displayName} ${player.id}`, query.get('q')) &&
            (query.get('banned') !== 'true' || player.ban !== null),
        ),
        query,
      ),
    'GET /api/players/:id': ({ params }) => world.player(params['id'] ?? ''),
    'GET /api/players/:id/ratings': ({ query }) =>
      makeHistory(world.chance, query.get('queue') ?? '', Date.now()),
    'GET /api/players/:id/matches': ({ query }) => {
      const ids = world.matches.slice(30, 50).map((match) => match.id);
      return page(makePlayerMatches(world.chance, ids, world.servers[1]?.id ?? '', world.startedAt), query);
    },
    'GET /api/matches': ({ query }) =>
      page(
        world.matches
          .filter(
            (match) =>
              (fits(match.state, query.get('state')) ||
                (query.get('state') === 'live' && match.endedAt === null) ||
                (query.get('state') === 'void' && match.voided !== null)) &&
              fits(match.queue, query.get('queue')) &&
              fits(match.serverId, query.get('serverId')) &&
              match.id.startsWith(query.get('q') ?? ''),
          )
          .map(matchRow),
        query,
      ),
    'GET /api/matches/:id': ({ params }) => world.match(params['id'] ?? ''),
    'GET /api/certificates': ({ query }) =>
      page(
        world.certificates.filter(
          (certificate) =>
            fits(certificate.status, query.get('status')) &&
            contains(`${certificate.name} ${certificate.uuid}`, query.get('q')),
        ),
        query,
      ),
    'GET /api/certificates/downloads/:id': () => {
      throw notFound();
    },
    'GET /api/master-key': () => ({ keyId: '8f14e45fceea167a', dying: 61, available: true }),
    'GET /api/operator-certificates': ({ query }) =>
      page(
        ['alice', 'bob', 'carol'].map((name, index) => ({
          serial: `5f0c9a77b1d2e3f${index}`,
          name,
          issuedAt: world.startedAt - 20 * 86_400_000,
          expiresAt: world.startedAt + 70 * 86_400_000,
          status: name === 'carol' ? ('revoked' as const) : ('valid' as const),
          revokedAt: name === 'carol' ? world.startedAt - 86_400_000 : null,
          revokeReason: name === 'carol' ? 'left the team' : null,
          own: name === 'alice',
        })),
        query,
      ),
    'GET /api/audit': ({ query }) =>
      page(
        world.audit.filter(
          (row) =>
            fits(row.result, query.get('result')) &&
            fits(row.actor ?? '', query.get('actor')) &&
            row.action.startsWith(query.get('action') ?? '') &&
            contains(`${row.target} ${JSON.stringify(row.detail)}`, query.get('q')),
        ),
        query,
      ),
    'GET /api/audit/verify': () => ({ ok: true, checked: world.audit.length, fault: null }),
    'GET /api/settings': () => world.settings,
  };
  return { ...reads, ...fakeActions(world) };
}

function fits(value: string, wanted: string | null): boolean {
  return wanted === null || value === wanted;
}

function contains(text: string, wanted: string | null): boolean {
  return wanted === null || text.toLowerCase().includes(wanted.toLowerCase());
}

function page<Row>(rows: readonly Row[], query: URLSearchParams): Page<Row> {
  const limit = Number(query.get('limit') ?? 20);
  const from = Number(query.get('cursor') ?? 0);
  const next = from + limit;
  return { items: rows.slice(from, next), next: next < rows.length ? String(next) : null };
}
