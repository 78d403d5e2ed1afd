import type {
  Histogram,
  MatchDetail,
  MatchRow,
  MatchStateName,
  PlayerDetail,
  QueueConfigView,
  QueueEntryView,
  QueueSummary,
  ServerDetail,
} from '../../../src/api/contract.js';
import type { Chance } from './chance.js';

const STATES: MatchStateName[] = [
  'running',
  'running',
  'ready',
  'reserving',
  'checking',
  'running',
  'finished',
  'finished',
  'finished',
  'abandoned',
  'finished',
  'cancelled',
  'finished',
  'finished',
];

/** Matches in every state there is, newest first. */
export function makeMatches(
  chance: Chance,
  servers: ServerDetail[],
  players: PlayerDetail[],
  now: number,
): MatchDetail[] {
  return Array.from({ length: 140 }, (_, index) => {
    const state = index < 24 ? (STATES[index % 6] ?? 'running') : (STATES[6 + (index % 8)] ?? 'finished');
    const server = servers[index < 24 ? index % 12 : index % servers.length];
    if (server === undefined) throw new Error('There are no servers');
    const createdAt = now - index * 47_000 - 20_000;
    const begun = ['running', 'finished', 'abandoned'].includes(state);
    const over = ['finished', 'abandoned', 'cancelled'].includes(state);
    const size = index % 3 === 0 ? 4 : 1;
    const rated = state === 'finished';
    const startedAt = begun ? createdAt + 12_000 : null;
    const endedAt = over ? createdAt + 640_000 - 500_000 * (index < 40 ? 1 : 0) : null;
    return {
      id: chance.uuid(),
      queue: size === 4 ? 'squad' : 'duel',
      state,
      voided: state === 'finished' && index % 17 === 7 ? 'done' : null,
      serverId: server.id,
      serverName: server.name,
      players: size * 2,
      createdAt,
      stateSince: endedAt ?? startedAt ?? createdAt + 2000,
      startedAt,
      endedAt,
      endReason: state === 'abandoned' ? 'server lost' : state === 'cancelled' ? 'no acknowledgement' : null,
      lostAt: index === 0 ? now - 41_000 : null,
      attempt: index % 13 === 2 ? 2 : 1,
      previousServers: index % 13 === 2 ? [chance.uuid()] : [],
      reserveExpiresAt: createdAt + 30_000,
      allowAckedAt: begun ? createdAt + 800 : null,
      ratedAt: rated ? (endedAt ?? now) + 40 : null,
      teams: [0, 1].map((team) => ({
        rank: rated ? (index + team) % 2 : null,
        score: rated ? chance.whole(0, 16) : null,
        odds: team === 0 ? 0.62 : 0.38,
        players: Array.from({ length: size }, (_unused, seat) => {
          const player = players[(index * 3 + team * 4 + seat) % players.length];
          if (player === undefined) throw new Error('There are no players');
          const before = player.ratings[0]?.display ?? 1500;
          return {
            accountId: player.id,
            displayName: player.displayName,
            playerId: `p_${chance.uuid().slice(0, 12)}`,
            queuedAt: createdAt - 21_000,
            waitMs: chance.whole(2000, 90_000),
            toldAt: state === 'checking' || state === 'reserving' ? null : createdAt + 900,
            reportedAt: rated ? endedAt : null,
            requeued: state === 'cancelled' ? true : null,
            before: rated ? before : null,
            after: rated ? before + chance.whole(-25, 25) : null,
            playFraction: rated ? 1 : null,
            stats: rated ? { kills: chance.whole(0, 30), deaths: chance.whole(0, 30) } : null,
          };
        }),
      })),
      rules: { teams: 2, size, rating: { model: 'thurstone-mosteller', beta: 4.17 }, draw: 0.02 },
      result: rated
        ? {
            teams: [
              { rank: 0, score: 13 },
              { rank: 1, score: 9 },
            ],
            durationMs: 628_000,
          }
        : null,
      resultDigest: rated ? 'b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9' : null,
      voidReason: null,
    };
  });
}

/** The columns of a list of matches. */
export function matchRow(match: MatchDetail): MatchRow {
  const { id, queue, state, voided, serverId, serverName, players, createdAt, stateSince } = match;
  const { startedAt, endedAt, endReason, lostAt } = match;
  return {
    id,
    queue,
    state,
    voided,
    serverId,
    serverName,
    players,
    createdAt,
    stateSince,
    startedAt,
    endedAt,
    endReason,
    lostAt,
  };
}

/** Players who wait, the longest first. */
export function makeEntries(chance: Chance, players: PlayerDetail[], now: number): QueueEntryView[] {
  return players.slice(12, 40).map((player, index): QueueEntryView => {
    const joinedAt = now - (412_000 - index * 14_000);
    const window = 40 + Math.round((now - joinedAt) / 1000) * 2;
    const nearest = window + chance.whole(3, 140);
    return {
      accountId: player.id,
      displayName: player.displayName,
      joinedAt,
      waitMs: now - joinedAt,
      lastSeen: now - chance.whole(0, 3000),
      rating: player.ratings[0]?.display ?? 1500,
      mu: player.ratings[0]?.mu ?? 25,
      sigma: player.ratings[0]?.sigma ?? 8,
      window,
      nearest,
      reason: index % 6 === 5 ? 'no server free in eu-west' : `window ${window}, nearest ${nearest}`,
      partyId: index % 5 === 0 ? chance.uuid() : null,
    };
  });
}

/** Queues: one that runs, one that nobody serves, one that was taken out. */
export function makeQueues(waiting: number): QueueSummary[] {
  return [
    {
      name: 'duel',
      configured: true,
      waiting,
      meanWaitMs: 191_000,
      longestWaitMs: 412_000,
      matchesMade: 84,
      playersMatched: 168,
      meanWaitToMatchMs: 23_400,
      serversFree: 21,
    },
    {
      name: 'squad',
      configured: true,
      waiting: 9,
      meanWaitMs: 660_000,
      longestWaitMs: 1_290_000,
      matchesMade: 0,
      playersMatched: 0,
      meanWaitToMatchMs: null,
      serversFree: 0,
    },
    {
      name: 'winter-event',
      configured: false,
      waiting: 0,
      meanWaitMs: null,
      longestWaitMs: null,
      matchesMade: 0,
      playersMatched: 0,
      meanWaitToMatchMs: null,
      serversFree: 3,
    },
  ];
}

/** The rules of the queues that are configured. */
export function makeConfigs(): QueueConfigView[] {
  return ['duel', 'squad'].map((name, index) => ({
    name,
    teams: 2,
    size: index === 0 ? 1 : 4,
    rating: { model: 'thurstone-mosteller', beta: 4.17, tau: 0.083 },
    window: { initial: 40, perSecond: 2, max: 1200, lastResortAfter: 300 },
    ranks: {
      provisional: 10,
      tiers: [
        { name: 'Bronze', from: 0 },
        { name: 'Silver', from: 1400 },
        { name: 'Gold', from: 1750 },
      ],
    },
  }));
}

/** A bell. */
export function makeHistogram(
  chance: Chance,
  count: number,
  low: number,
  step: number,
  bins: number,
): Histogram {
  const counts = Array.from({ length: bins }, () => 0);
  for (let index = 0; index < count; index++) {
    const bin = Math.round(chance.normal(bins / 2 - 0.5, bins / 6));
    const at = Math.min(bins - 1, Math.max(0, bin));
    counts[at] = (counts[at] ?? 0) + 1;
  }
  return { edges: Array.from({ length: bins + 1 }, (_, index) => low + index * step), counts };
}
