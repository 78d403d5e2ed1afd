import type {
  Overview,
  OverviewHistory,
  QueueSummary,
  ServerDetail,
  ServerState,
} from '../../../src/api/contract.js';
import type { Chance } from './chance.js';

/** How things stand on a night when a server fell silent. */
export function makeOverview(servers: ServerDetail[], queues: QueueSummary[], now: number): Overview {
  const states: Record<ServerState, number> = {
    online: 0,
    full: 0,
    closed: 0,
    draining: 0,
    resting: 0,
    silent: 0,
    offline: 0,
    revoked: 0,
    expired: 0,
  };
  for (const server of servers) states[server.state] += 1;
  const silent = servers.find((server) => server.state === 'silent');
  const node = (nodeId: string, part: Partial<Overview['nodes'][number]>): Overview['nodes'][number] => ({
    nodeId,
    at: now - 3000,
    present: true,
    playersConnected: 624,
    serversConnected: 31,
    tickMs: 4.2,
    tickLongestMs: 18.7,
    ticksFailed: 0,
    clockOffsetMs: -140,
    ...part,
  });
  return {
    at: now,
    players: { online: 1248, waiting: 37, playing: 412 },
    servers: states,
    matches: { reserving: 3, checking: 2, ready: 4, running: 86, finished: 512, abandoned: 7, cancelled: 12 },
    queues,
    waits: { meanMs: 23_400, longestMs: 1_290_000 },
    nodes: [
      node('master-a', {}),
      node('master-b', { tickLongestMs: 41.3 }),
      node('master-old', { present: false, at: now - 7_400_000, playersConnected: 0, serversConnected: 0 }),
    ],
    refusals: {
      lastHour: 214,
      byCause: [
        { cause: 'ticket is not known', count: 131 },
        { cause: 'handshake timed out', count: 62 },
        { cause: 'certificate revoked', count: 21 },
      ],
    },
    maintenance: { on: false, message: null, since: null },
    alarms: [
      {
        severity: 'critical',
        kind: 'server-silent',
        text: `${silent?.name ?? 'A server'} has not been heard of for 41 s; 2 matches are on it.`,
        since: now - 41_000,
        link: { page: 'servers', ...(silent ? { id: silent.id } : {}) },
      },
      {
        severity: 'critical',
        kind: 'no-server-for-queue',
        text: 'No server can take a match of squad; 9 players wait, the longest for 21 minutes.',
        since: now - 1_200_000,
        link: { page: 'queues', id: 'squad' },
      },
      {
        severity: 'warning',
        kind: 'certificate-expiring',
        text: '7 certificates end within 30 days, the first in 2 days.',
        since: null,
        link: { page: 'certificates' },
      },
      {
        severity: 'info',
        kind: 'refusals-high',
        text: '131 tickets of the last hour were not known; most come from one address.',
        since: now - 2_000_000,
        link: null,
      },
    ],
  };
}

/** The last hour, with a gap where no master was up. */
export function makeOverviewHistory(chance: Chance, now: number): OverviewHistory {
  const length = 360;
  const column = (mean: number, swing: number, noise: number): (number | null)[] =>
    Array.from({ length }, (_, index) =>
      index > 100 && index < 112
        ? null
        : Math.max(0, Math.round(mean + swing * Math.sin(index / 40) + chance.normal(0, noise))),
    );
  return {
    stepMs: 10_000,
    at: Array.from({ length }, (_, index) => now - (length - index) * 10_000),
    playersOnline: column(1180, 90, 8),
    playersWaiting: column(40, 18, 4),
    serversOnline: column(34, 2, 0.6),
    matchesRunning: column(82, 9, 2),
    meanWaitMs: column(24_000, 9000, 1500),
    tickMs: column(18, 6, 4),
    refusals: column(1, 1, 1),
    waitingByQueue: { duel: column(28, 14, 3), squad: column(9, 3, 1) },
    serversByState: { online: column(34, 2, 0.6) },
    matchesByState: { running: column(82, 9, 2) },
  };
}
