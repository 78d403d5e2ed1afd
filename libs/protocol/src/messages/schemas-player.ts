import Type from 'typebox';
import type { Static } from 'typebox';
import { between, finite, integer, oneOf, text, time, uuid } from './fields.js';
import { WISHES } from './schemas-party.js';

/** Heartbeat of a player: that it came says everything. */
export const PlayerHeartbeat = Type.Object({}, { title: 'PlayerHeartbeat' });
export type PlayerHeartbeat = Static<typeof PlayerHeartbeat>;

/** Put me into this queue; a party's leader: us all. */
export const JoinQueue = Type.Object({ queue: text(1, 64, 'The queue.'), ...WISHES }, { title: 'JoinQueue' });
export type JoinQueue = Static<typeof JoinQueue>;

/** Take me out of the queue. */
export const LeaveQueue = Type.Object({}, { title: 'LeaveQueue' });
export type LeaveQueue = Static<typeof LeaveQueue>;

/** A match is ready and its server knows you: connect there with the token. */
export const MatchFound = Type.Object(
  {
    matchId: uuid('The match.'),
    queue: text(1, 64, 'The queue it was made from.'),
    host: text(1, 255, 'Host name or address of the game server.'),
    port: integer(1, 65_535, 'Port of the game server.'),
    joinToken: Type.String({
      // 32 bytes leave two zero bits in the last of 43 characters: any other last character is not canonical.
      pattern: '^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$',
      description:
        'One-time secret for the game server: 32 bytes as base64url without padding (RFC 4648 §5).',
    }),
    playerId: uuid('Your id of this match.'),
    team: integer(0, 999, 'Your team, an index into teams.'),
    teams: Type.Array(Type.Array(text(1, 64, 'Display name.'), { minItems: 1, maxItems: 1000 }), {
      minItems: 1,
      maxItems: 1000,
      description: 'Display names, by team.',
    }),
    expiresAt: time('When the reservation ends'),
  },
  { title: 'MatchFound' },
);
export type MatchFound = Static<typeof MatchFound>;

/** The game server says that play began. */
export const PlayerMatchStarted = Type.Object(
  { matchId: uuid('The match.'), startedAt: time('When play began') },
  { title: 'PlayerMatchStarted' },
);
export type PlayerMatchStarted = Static<typeof PlayerMatchStarted>;

/** The match that was found will not be played. */
export const MatchCancelled = Type.Object(
  {
    matchId: uuid('The match.'),
    reason: text(0, 1024, 'A sentence, for people.'),
    requeued: Type.Boolean({ description: 'Whether you are back in the queue, your waiting time kept.' }),
  },
  { title: 'MatchCancelled' },
);
export type MatchCancelled = Static<typeof MatchCancelled>;

/** Whether the service takes players now; sent when that changes, and after READY while it does not. */
export const ServiceNotice = Type.Object(
  {
    maintenance: Type.Boolean({ description: 'Whether it is closed: matches end, none begins.' }),
    message: Type.Optional(text(1, 500, "The operator's words, for people.")),
  },
  { title: 'ServiceNotice' },
);
export type ServiceNotice = Static<typeof ServiceNotice>;

/** The verified result, and what it did to the ratings. */
export const MatchReport = Type.Object(
  {
    matchId: uuid('The match.'),
    queue: text(1, 64, 'The queue it was made from.'),
    team: integer(0, 999, 'Your team, an index into teams.'),
    outcome: oneOf(['win', 'loss', 'draw', 'void'], 'How it ended for you; void: it is not rated.'),
    teams: Type.Array(
      Type.Object({
        rank: integer(0, 1000, '0 is best; equal ranks are a draw.'),
        score: Type.Optional(finite('Points, by the rules of the game.')),
        players: Type.Array(
          Type.Object({
            name: text(1, 64, 'Display name.'),
            ratingBefore: Type.Optional(finite('Displayed rating before the match.')),
            ratingAfter: Type.Optional(finite('Displayed rating after it.')),
          }),
          { maxItems: 1000 },
        ),
      }),
      { minItems: 1, maxItems: 1000, description: 'Every team, in the order of MatchFound.teams.' },
    ),
    rating: Type.Optional(
      Type.Object(
        {
          before: finite('Displayed rating before the match.'),
          after: finite('Displayed rating after it.'),
          mu: finite('Mean of your skill after it.'),
          sigma: finite('Standard deviation of your skill after it.'),
          result: Type.Optional(finite('The part of after − before that the result made.')),
          certainty: Type.Optional(
            finite('The rest of it: your skill is known better, or after a long rest less well.'),
          ),
          provisional: Type.Optional(
            Type.Boolean({ description: 'Whether the rating is still too uncertain to say much.' }),
          ),
          tier: Type.Optional(text(1, 64, 'Your tier after it.')),
          tierBefore: Type.Optional(text(1, 64, 'Your tier before it.')),
          explanation: Type.Optional(text(1, 1024, 'The change in a sentence or two, in English.')),
        },
        { description: 'Your own rating; absent when the match is not rated.' },
      ),
    ),
    expected: Type.Optional(
      Type.Object(
        {
          win: Type.Array(between(0, 1, 'Probability that the team alone comes first.'), {
            minItems: 1,
            maxItems: 1000,
            description: 'Per team, in the order of teams.',
          }),
          draw: between(0, 1, 'Probability that no team alone comes first.'),
          places: Type.Array(between(1, 1000, 'Mean place of the team, 1 the best.'), {
            minItems: 1,
            maxItems: 1000,
            description: 'Per team, in the order of teams.',
          }),
        },
        { description: 'What was expected before the match; absent when it is not rated.' },
      ),
    ),
  },
  { title: 'MatchReport' },
);
export type MatchReport = Static<typeof MatchReport>;
