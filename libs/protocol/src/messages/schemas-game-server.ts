import Type from 'typebox';
import type { Static } from 'typebox';
import { between, finite, integer, record, text, time, uuid } from './fields.js';

/** LogInfo, LogWarn, LogError: one line of a game server's log. */
export const Log = Type.Object(
  {
    message: text(1, 4096, 'The line.'),
    at: Type.Optional(time('When it was written, by the clock of the game server')),
  },
  { title: 'Log' },
);
export type Log = Static<typeof Log>;

/** Heartbeat of a game server: its whole present state. */
export const ServerHeartbeat = Type.Object(
  {
    name: text(1, 64, 'Display name. The name that belongs to the certificate wins over it.'),
    port: integer(1, 65_535, 'Port where players connect.'),
    region: text(1, 32, 'Where the server stands, in the words of its operator.'),
    build: text(1, 64, 'Build of the game.'),
    capacity: integer(0, 10_000, 'Matches it can hold at once.'),
    players: integer(0, 100_000, 'Players connected now.'),
    accepting: Type.Boolean({ description: 'Whether it takes new matches.' }),
    matches: Type.Array(uuid('A match.'), {
      maxItems: 1000,
      description: 'Every match it holds, reserved or running.',
    }),
    load: Type.Optional(between(0, 1, 'Processor load, 0 idle to 1 full.')),
    queues: Type.Optional(
      Type.Array(text(1, 64, 'A queue.'), {
        maxItems: 64,
        description: 'Queues it serves; all of them when absent.',
      }),
    ),
  },
  { title: 'ServerHeartbeat' },
);
export type ServerHeartbeat = Static<typeof ServerHeartbeat>;

/** The first moment of play. */
export const MatchStarted = Type.Object({ matchId: uuid('The match.') }, { title: 'MatchStarted' });
export type MatchStarted = Static<typeof MatchStarted>;

/** How a match ended. */
export const MatchResult = Type.Object(
  {
    matchId: uuid('The match.'),
    durationMs: integer(0, Number.MAX_SAFE_INTEGER, 'Milliseconds of play.'),
    teams: Type.Array(
      Type.Object({
        rank: integer(0, 1000, '0 is best; equal ranks are a draw.'),
        score: Type.Optional(finite('Points, by the rules of the game.')),
      }),
      { minItems: 1, maxItems: 1000, description: 'One per team, in the order of CmdAllowPlayers.teams.' },
    ),
    players: Type.Array(
      Type.Object({
        id: uuid("The player's id of this match."),
        playFraction: Type.Optional(between(0, 1, 'Share of the match that he took part in.')),
        left: Type.Optional(
          Type.Boolean({
            description: 'Whether he left before the end, of his own accord, and did not come back.',
          }),
        ),
        stats: Type.Optional(
          record<number>(text(1, 64, 'A statistic.'), finite('Its value.'), 32, 'Statistics of the game.'),
        ),
      }),
      { maxItems: 1000, description: 'One per player of the roster.' },
    ),
  },
  { title: 'MatchResult' },
);
export type MatchResult = Static<typeof MatchResult>;

/** A reservation: these players may join this match. Repeating it changes nothing (same `matchId`). */
export const CmdAllowPlayers = Type.Object(
  {
    matchId: uuid('The match.'),
    queue: text(1, 64, 'The queue it was made from.'),
    teams: Type.Array(
      Type.Array(
        Type.Object({
          id: uuid("The player's id of this match; it means nothing elsewhere."),
          name: text(1, 64, 'Display name.'),
          tokenDigest: Type.String({
            pattern: '^[0-9a-f]{64}$',
            description: 'SHA-256 of the 32 bytes of his join token, in hex.',
          }),
        }),
        { minItems: 1, maxItems: 1000 },
      ),
      { minItems: 1, maxItems: 1000, description: 'The roster, by team.' },
    ),
    expiresAt: time('When the reservation ends'),
  },
  { title: 'CmdAllowPlayers' },
);
export type CmdAllowPlayers = Static<typeof CmdAllowPlayers>;

/** The match will not be played, or ends now without a result. */
export const CmdCancelMatch = Type.Object(
  { matchId: uuid('The match.'), reason: text(0, 1024, 'A sentence, for people.') },
  { title: 'CmdCancelMatch' },
);
export type CmdCancelMatch = Static<typeof CmdCancelMatch>;

/** One player has to leave one match. */
export const CmdKickPlayer = Type.Object(
  {
    matchId: uuid('The match.'),
    playerId: uuid("The player's id of this match."),
    reason: text(0, 1024, 'A sentence, for people.'),
  },
  { title: 'CmdKickPlayer' },
);
export type CmdKickPlayer = Static<typeof CmdKickPlayer>;

/** Start the match with the players who are there. */
export const CmdForceStart = Type.Object({ matchId: uuid('The match.') }, { title: 'CmdForceStart' });
export type CmdForceStart = Static<typeof CmdForceStart>;

/** Finish what runs, take nothing new, and stop. */
export const CmdShutdown = Type.Object(
  {
    reason: text(0, 1024, 'A sentence, for people.'),
    graceMs: integer(0, 86_400_000, 'Milliseconds that running matches still have.'),
  },
  { title: 'CmdShutdown' },
);
export type CmdShutdown = Static<typeof CmdShutdown>;
