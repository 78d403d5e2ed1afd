import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { Shell } from '../layout/shell.js';
import { Loading } from '../ui/page-states.js';
import { PageFailure, PageNotFound } from './page-failure.js';
import * as search from './page-search.js';
import { parseSearch, stringifySearch } from './search-params.js';

/*
 * One address per page and thing. Each page's script is loaded when it is first opened.
 */

const root = createRootRoute({ component: Shell });

const overview = createRoute({
  getParentRoute: () => root,
  path: '/',
  component: lazyRouteComponent(() => import('../pages/overview/overview-page.js'), 'OverviewPage'),
});

const servers = createRoute({
  getParentRoute: () => root,
  path: '/servers',
  validateSearch: search.serversSearch,
  component: lazyRouteComponent(() => import('../pages/servers/servers-page.js'), 'ServersPage'),
});

const server = createRoute({
  getParentRoute: () => root,
  path: '/servers/$id',
  validateSearch: search.logsSearch,
  component: lazyRouteComponent(() => import('../pages/servers/server-page.js'), 'ServerPage'),
});

const queues = createRoute({
  getParentRoute: () => root,
  path: '/queues',
  component: lazyRouteComponent(() => import('../pages/queues/queues-page.js'), 'QueuesPage'),
});

const queue = createRoute({
  getParentRoute: () => root,
  path: '/queues/$name',
  validateSearch: search.queueSearch,
  component: lazyRouteComponent(() => import('../pages/queues/queue-page.js'), 'QueuePage'),
});

const players = createRoute({
  getParentRoute: () => root,
  path: '/players',
  validateSearch: search.playersSearch,
  component: lazyRouteComponent(() => import('../pages/players/players-page.js'), 'PlayersPage'),
});

const player = createRoute({
  getParentRoute: () => root,
  path: '/players/$id',
  validateSearch: search.playerSearch,
  component: lazyRouteComponent(() => import('../pages/players/player-page.js'), 'PlayerPage'),
});

const matches = createRoute({
  getParentRoute: () => root,
  path: '/matches',
  validateSearch: search.matchesSearch,
  component: lazyRouteComponent(() => import('../pages/matches/matches-page.js'), 'MatchesPage'),
});

const match = createRoute({
  getParentRoute: () => root,
  path: '/matches/$id',
  component: lazyRouteComponent(() => import('../pages/matches/match-page.js'), 'MatchPage'),
});

const certificates = createRoute({
  getParentRoute: () => root,
  path: '/certificates',
  validateSearch: search.certificatesSearch,
  component: lazyRouteComponent(
    () => import('../pages/certificates/certificates-page.js'),
    'CertificatesPage',
  ),
});

const logs = createRoute({
  getParentRoute: () => root,
  path: '/logs',
  validateSearch: search.logsSearch,
  component: lazyRouteComponent(() => import('../pages/logs/logs-page.js'), 'LogsPage'),
});

const audit = createRoute({
  getParentRoute: () => root,
  path: '/audit',
  validateSearch: search.auditSearch,
  component: lazyRouteComponent(() => import('../pages/audit/audit-page.js'), 'AuditPage'),
});

const settings = createRoute({
  getParentRoute: () => root,
  path: '/settings',
  component: lazyRouteComponent(() => import('../pages/settings/settings-page.js'), 'SettingsPage'),
});

/** The pages by their addresses. */
export const router = createRouter({
  routeTree: root.addChildren([
    overview,
    servers,
    server,
    queues,
    queue,
    players,
    player,
    matches,
    match,
    certificates,
    logs,
    audit,
    settings,
  ]),
  parseSearch,
  stringifySearch,
  defaultPendingComponent: () => <Loading what="the page" />,
  defaultErrorComponent: PageFailure,
  defaultNotFoundComponent: PageNotFound,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
