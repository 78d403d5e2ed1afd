import { MESSAGE_TABLE } from '../src/messages/index.js';
import { MsgType } from '../src/msg-type.js';
import type { Direction, Service } from '../src/service.js';

export const MATCH = '0191d9a0-4f7e-7cc1-8f2a-1b2c3d4e5f60';
export const PLAYER = '7c9e6679-7425-40de-944b-e07fc1f90ae7';
const OTHER = '16fd2706-8baf-433b-82eb-8c7fada847da';
const NOW = 1_764_000_000_000;

export interface Sample {
  readonly service: Service;
  readonly direction: Direction;
  readonly type: number;
  readonly name: string;
  /** Every optional member is there, so that each can be taken away or spoilt. */
  readonly full: Record<string, unknown>;
}

const heartbeat = {
  name: 'Köln 3 🎲',
  port: 27_015,
  region: 'eu-central',
  build: '1.4.2+9f3c',
  capacity: 16,
  players: 11,
  accepting: true,
  matches: [MATCH, OTHER],
  load: 0.43,
  queues: ['duel', 'team'],
};
const ack = {
  of: 17,
  ok: false,
  error: { code: 'unknown_match', message: 'no such match', retryAfterMs: 30_000 },
};
const log = { message: 'map loaded', at: NOW };

const VALUES: Record<Service, Record<Direction, Record<number, Record<string, unknown>>>> = {
  S2S: {
    c2s: {
      [MsgType.Ack]: ack,
      [MsgType.LogInfo]: log,
      [MsgType.LogWarn]: log,
      [MsgType.LogError]: log,
      [MsgType.Heartbeat]: heartbeat,
      [MsgType.MatchStarted]: { matchId: MATCH },
      [MsgType.MatchResult]: {
        matchId: MATCH,
        durationMs: 61_500,
        teams: [{ rank: 0, score: 16 }, { rank: 1 }],
        players: [
          { id: PLAYER, playFraction: 0.5, left: true, stats: { kills: 12, 'accuracy %': 43.5 } },
          { id: OTHER },
        ],
      },
    },
    s2c: {
      [MsgType.Ack]: ack,
      [MsgType.CmdForceStart]: { matchId: MATCH },
      [MsgType.CmdCancelMatch]: { matchId: MATCH, reason: 'a player left' },
      [MsgType.CmdKickPlayer]: { matchId: MATCH, playerId: PLAYER, reason: 'banned' },
      [MsgType.CmdShutdown]: { reason: 'update', graceMs: 60_000 },
      [MsgType.CmdAllowPlayers]: {
        matchId: MATCH,
        queue: 'duel',
        teams: [
          [{ id: PLAYER, name: 'Ada', tokenDigest: 'ab'.repeat(32) }],
          [{ id: OTHER, name: 'Grace', tokenDigest: '01'.repeat(32) }],
        ],
        expiresAt: NOW,
      },
    },
  },
  RDV: {
    c2s: {
      [MsgType.Heartbeat]: {},
      [MsgType.JoinQueue]: { queue: 'duel', latencies: { 'eu-central': 31.5, us: 120 }, roles: ['tank'] },
      [MsgType.LeaveQueue]: {},
      [MsgType.MatchAnswer]: { matchId: MATCH, accept: true },
      [MsgType.PartyInvite]: { player: 'grace' },
      [MsgType.PartyAnswer]: {
        partyId: MATCH,
        accept: true,
        latencies: { eu: 20 },
        roles: ['tank', 'healer'],
      },
      [MsgType.PartyLeave]: {},
      [MsgType.PartyKick]: { id: OTHER },
      [MsgType.PartyPromote]: { id: OTHER },
    },
    s2c: {
      [MsgType.Ack]: ack,
      [MsgType.MatchFound]: {
        matchId: MATCH,
        queue: 'duel',
        host: 'play.example',
        port: 27_015,
        joinToken: `${'A'.repeat(42)}E`,
        playerId: PLAYER,
        team: 1,
        teams: [['Grace'], ['Ada']],
        expiresAt: NOW,
      },
      [MsgType.PlayerMatchStarted]: { matchId: MATCH, startedAt: NOW },
      [MsgType.MatchCancelled]: { matchId: MATCH, reason: 'the game server was lost', requeued: true },
      [MsgType.MatchProposed]: {
        matchId: MATCH,
        queue: 'duel',
        teams: [1, 1],
        expiresAt: NOW,
        answered: false,
        accepted: 1,
      },
      [MsgType.MatchProposalState]: { matchId: MATCH, accepted: 1, players: 2 },
      [MsgType.ServiceNotice]: { maintenance: true, message: 'Back at noon.' },
      [MsgType.MatchReport]: {
        matchId: MATCH,
        queue: 'duel',
        team: 0,
        outcome: 'win',
        teams: [
          { rank: 0, score: 16, players: [{ name: 'Ada', ratingBefore: 1500, ratingAfter: 1512.5 }] },
          { rank: 1, players: [{ name: 'Grace' }] },
        ],
        rating: {
          before: 1500,
          after: 1512.5,
          mu: 25.2,
          sigma: 8.1,
          result: 10,
          certainty: 2.5,
          provisional: true,
          tier: 'Silver',
          tierBefore: 'Bronze',
          explanation: 'Your chance of winning was 48 %, and you won.',
        },
        expected: { win: [0.48, 0.48], draw: 0.04, places: [1.5, 1.5] },
      },
      [MsgType.PartyState]: {
        partyId: MATCH,
        ended: false,
        leader: PLAYER,
        members: [
          { id: PLAYER, name: 'Ada', online: true },
          { id: OTHER, name: 'Grace', online: false },
        ],
        invites: [{ id: MATCH, name: 'Barbara', expiresAt: NOW }],
        queue: 'team',
        note: 'Grace went away.',
      },
      [MsgType.PartyInvited]: {
        partyId: MATCH,
        from: { id: PLAYER, name: 'Ada' },
        members: ['Ada', 'Grace'],
        expiresAt: NOW,
      },
      [MsgType.QueueStatus]: {
        queue: 'team',
        waited: 12,
        estimated: 30.5,
        window: 145,
        players: 7,
        reason: 'The nearest opponents are 131 points apart, and the window is 74 points.',
        ended: false,
      },
    },
  },
};

/** One sample for every message of the table; a message without one fails the first test. */
export const SAMPLES: readonly Sample[] = (['S2S', 'RDV'] as const).flatMap((service) =>
  (['c2s', 's2c'] as const).flatMap((direction) =>
    Object.entries(MsgType)
      .filter(([, type]) => Object.hasOwn(MESSAGE_TABLE[service][direction], type))
      .map(([name, type]) => {
        const full = VALUES[service][direction][type];
        if (full === undefined) throw new Error(`no sample for ${service} ${direction} ${name}`);
        return { service, direction, type, name: `${service} ${direction} ${name}`, full };
      }),
  ),
);
