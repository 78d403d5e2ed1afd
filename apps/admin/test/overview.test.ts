import type { MetricSample, NodeSample, ServerOverview } from '@ranked/store';
import type { MasterNode, QueueSummary, ServerRow } from '../src/api/contract.js';
import { alarmsOf, type AlarmFacts } from '../src/overview/alarms.js';
import { historyOf, nodesOf, noteSightings, refusalsOf, type Sighting } from '../src/overview/history.js';
import { serverRow, trustOf } from '../src/servers/server-row.js';
import { serverState } from '../src/servers/server-state.js';

const NOW = 1_763_820_000_000;

const aServer = (change: Partial<ServerOverview> = {}): ServerOverview => ({
  id: '3f2c1a90-7b5e-4d66-9a01-c4e2d8f70b13',
  name: 'eu-1',
  online: true,
  nodeId: 'a',
  host: '192.0.2.1',
  port: 7777,
  region: 'eu',
  build: '1',
  capacity: 2,
  players: 0,
  accepting: true,
  matches: 0,
  load: null,
  queues: null,
  lastSeen: NOW - 1_000,
  connectedAt: NOW - 60_000,
  failedUntil: null,
  onProbation: false,
  drainingSince: null,
  certificateExpiresAt: NOW / 1000 + 86_400,
  certificateRevokedAt: null,
  masterKeyId: 'k',
  liveMatches: 0,
  ...change,
});
const context = { now: NOW, heartbeatMs: 5_000, masterKeyId: 'k' };

describe('the one word for a server', () => {
  test.each<[string, Partial<ServerOverview>]>([
    ['online', {}],
    ['full', { liveMatches: 2 }],
    ['closed', { accepting: false, liveMatches: 2 }],
    ['draining', { drainingSince: 1, accepting: false }],
    ['resting', { failedUntil: NOW + 1, drainingSince: 1 }],
    ['online', { failedUntil: NOW }],
    ['silent', { lastSeen: NOW - 15_001, failedUntil: NOW + 1 }],
    ['online', { lastSeen: NOW - 15_000 }],
    ['offline', { online: false, lastSeen: 0 }],
    ['expired', { certificateExpiresAt: NOW / 1000, online: false }],
    ['revoked', { certificateRevokedAt: 5, certificateExpiresAt: 0 }],
    ['revoked', { masterKeyId: 'older' }],
  ])('%s: %j', (state, change) => {
    expect(serverState(aServer(change), context)).toBe(state);
  });

  test('an IPv6 address has brackets', () => {
    expect(serverRow(aServer({ host: '2001:db8::1' }), undefined, context).address).toBe(
      '[2001:db8::1]:7777',
    );
  });

  test('what it says of itself is shown on one line, in the order in which it is stored', () => {
    const row = serverRow(aServer({ region: 'eu\n\u202e', build: '1.2\u200b.3' }), undefined, context);
    expect([row.region, row.build]).toEqual(['eu\\u{a}\\u{202e}', '1.2\\u{200b}.3']);
  });

  test.each([
    [undefined, 'new'],
    [{ finished: 9, abandoned: 0, cancelled: 0 }, 'new'],
    [{ finished: 10, abandoned: 0, cancelled: 90 }, 'good'],
    [{ finished: 90, abandoned: 10, cancelled: 0 }, 'good'],
    [{ finished: 89, abandoned: 11, cancelled: 0 }, 'watch'],
    [{ finished: 0, abandoned: 10, cancelled: 0 }, 'watch'],
  ])('the record %j makes it %s', (record, level) => {
    expect(trustOf(aServer(), record && { serverId: 'x', ...record }, NOW).level).toBe(level);
  });

  test('probation is told as the master has it, whatever the record of the week makes of the server', () => {
    const good = { serverId: 'x', finished: 10, abandoned: 0, cancelled: 0 };
    expect(trustOf(aServer({ onProbation: true }), good, NOW)).toMatchObject({
      level: 'good',
      probation: true,
    });
    expect(trustOf(aServer(), undefined, NOW)).toMatchObject({ level: 'new', probation: false });
    expect(trustOf(aServer({ onProbation: true, failedUntil: NOW + 1 }), good, NOW)).toMatchObject({
      level: 'resting',
      probation: true,
    });
  });
});

const quiet: AlarmFacts = {
  now: NOW,
  servers: [],
  lost: [],
  queues: [],
  nodes: [
    {
      nodeId: 'm',
      at: NOW,
      present: true,
      playersConnected: 0,
      serversConnected: 0,
      tickMs: 1,
      tickLongestMs: 2,
      ticksFailed: 0,
      clockOffsetMs: 0,
    },
  ],
  refusals: { lastHour: 0, byCause: [] },
  expiring: [],
  operators: [],
  maintenance: { on: false, message: null, since: null },
  auditFault: null,
};
const aQueue = (change: Partial<QueueSummary>): QueueSummary => ({
  name: 'duel',
  configured: true,
  waiting: 0,
  meanWaitMs: null,
  longestWaitMs: null,
  matchesMade: 0,
  playersMatched: 0,
  meanWaitToMatchMs: null,
  serversFree: 1,
  ...change,
});
const aRow = (change: Partial<ServerOverview>): ServerRow => serverRow(aServer(change), undefined, context);

describe('alarms', () => {
  test('there are none when all is well', () => {
    expect(
      alarmsOf({ ...quiet, servers: [aRow({})], queues: [aQueue({ waiting: 3, longestWaitMs: 60_000 })] }),
    ).toEqual([]);
  });

  test.each<[string, Partial<AlarmFacts>, string]>([
    ['no-master', { nodes: [] }, 'No master has ever reported: nobody is matched.'],
    [
      'no-master',
      { nodes: [{ ...(quiet.nodes[0] as MasterNode), present: false, at: NOW - 90_000 }] },
      'No master has reported for 90 s: nobody is matched.',
    ],
    [
      'clock-off',
      { nodes: [{ ...(quiet.nodes[0] as MasterNode), clockOffsetMs: -8_000 }] },
      'The clock of master m is 8 s behind this one.',
    ],
    [
      'ticks-slow',
      { nodes: [{ ...(quiet.nodes[0] as MasterNode), tickLongestMs: 1_500 }] },
      'A tick of master m took 1500 ms.',
    ],
    [
      'server-silent',
      { servers: [aRow({ lastSeen: NOW - 41_000, liveMatches: 1 })] },
      'eu-1 has not been heard of for 41 s; 1 match on it.',
    ],
    [
      'server-lost-match',
      { servers: [aRow({})], lost: [{ serverId: aServer().id, n: 2, since: 1 }] },
      'eu-1 is without 2 matches that it should hold.',
    ],
    [
      'no-server-for-queue',
      { queues: [aQueue({ waiting: 2, serversFree: 0 })] },
      'No server can take a match of duel; 2 players wait.',
    ],
    [
      'queue-stuck',
      { queues: [aQueue({ waiting: 1, longestWaitMs: 301_000 })] },
      'Nobody was matched in duel for ten minutes; the longest wait is 5 min.',
    ],
    [
      'certificate-expiring',
      { expiring: [{ uuid: 'u', name: 'eu-1', expiresAt: NOW + 5.5 * 86_400_000 }] },
      'The certificate of eu-1 expires in 5 days.',
    ],
    [
      'refusals-high',
      { refusals: { lastHour: 900, byCause: [{ cause: 's2s rate', count: 800 }] } },
      '900 connections were refused in the last hour, most of them "s2s rate".',
    ],
    [
      'audit-broken',
      { auditFault: 'row 3 was removed' },
      'The audit log was tampered with: row 3 was removed.',
    ],
    [
      'maintenance',
      { maintenance: { on: true, message: null, since: 1 } },
      'Maintenance is on: nobody is matched.',
    ],
  ])('%s: %j', (kind, change, text) => {
    expect(alarmsOf({ ...quiet, ...change })).toMatchObject([{ kind, text }]);
  });

  test('the worst come first, many alike are a number, and maintenance silences queues', () => {
    const many = Array.from({ length: 30 }, (_, n) => aRow({ id: `s${n}`, name: `s${n}`, lastSeen: 0 }));
    const alarms = alarmsOf({
      ...quiet,
      servers: many,
      maintenance: { on: true, message: null, since: 1 },
      queues: [aQueue({ waiting: 1, serversFree: 0 })],
    });
    expect(alarms.map(({ severity }) => severity)).toEqual([...Array<string>(6).fill('critical'), 'info']);
    expect(alarms[5]?.text).toBe('25 more servers have not been heard of.');
  });
});

const aSample = (change: Partial<NodeSample> = {}): NodeSample => ({
  playersConnected: 1,
  serversConnected: 1,
  tickMs: 1,
  tickLongestMs: 2,
  ticks: 1,
  ticksFailed: 0,
  refusals: {},
  heartbeatMs: 5_000,
  waiting: {},
  playing: 0,
  servers: { online: 1, offline: 0, draining: 0 },
  matches: {},
  meanWaitMs: null,
  ...change,
});

describe('the last hour', () => {
  const at = (ms: number, nodeId: string, change: Partial<NodeSample>): MetricSample => ({
    at: NOW - ms,
    nodeId,
    sample: aSample(change),
  });

  test('sums what masters hold, takes once what they all see, and leaves gaps where nobody wrote', () => {
    const history = historyOf(
      [
        at(20_000, 'a', { playersConnected: 3, waiting: { duel: 7 }, refusals: { rate: 2 } }),
        at(1_000, 'a', { playersConnected: 3, waiting: { duel: 5 }, tickLongestMs: 4 }),
        at(500, 'b', { playersConnected: 4, waiting: { duel: 5 }, tickLongestMs: 9 }),
      ],
      NOW,
    );
    expect(history.at).toHaveLength(360);
    expect(history.playersOnline.slice(-3)).toEqual([3, 7, null]);
    expect(history.playersWaiting.slice(-3)).toEqual([7, 5, null]);
    expect(history.tickMs.slice(-3)).toEqual([2, 9, null]);
    expect(history.refusals.slice(-3)).toEqual([2, 0, null]);
    expect(history.waitingByQueue['duel']?.slice(-3)).toEqual([7, 5, null]);
    expect(history.playersOnline.slice(0, 357).every((value) => value === null)).toBe(true);
  });

  test('refusals are told by cause, largest first', () => {
    expect(
      refusalsOf([at(9, 'a', { refusals: { x: 1, y: 5 } }), at(5, 'b', { refusals: { x: 1 } })]),
    ).toEqual({
      lastHour: 7,
      byCause: [
        { cause: 'y', count: 5 },
        { cause: 'x', count: 2 },
      ],
    });
  });

  test('a clock that is off shows in a sample that was seen to come; an old sample says nothing', () => {
    const seen = new Map<string, Sighting>();
    noteSightings(seen, [at(7_000, 'a', {})], NOW, undefined);
    expect(nodesOf([at(7_000, 'a', {})], seen, NOW)).toMatchObject([{ present: true, clockOffsetMs: 0 }]);
    const behind = [at(60_000, 'b', {}), at(0, 'a', {})];
    noteSightings(seen, behind, NOW, NOW - 1_000);
    expect(nodesOf(behind, seen, NOW)).toMatchObject([
      { nodeId: 'a', present: true, clockOffsetMs: 0 },
      { nodeId: 'b', present: true, clockOffsetMs: -60_000 },
    ]);
    expect(nodesOf(behind, seen, NOW + 31_000)).toMatchObject([{ present: false }, { present: false }]);
  });
});
