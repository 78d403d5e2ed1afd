import Type from 'typebox';
import type { Static } from 'typebox';
import { integer, text, time, uuid } from './fields.js';

/**
 * A match could be made: are you ready? It does not say who plays or where, so that nobody can choose by that. It comes again
 * after a reconnect.
 */
export const MatchProposed = Type.Object(
  {
    matchId: uuid('The match.'),
    queue: text(1, 64, 'The queue it was made from.'),
    teams: Type.Array(integer(1, 1000, 'Number of players.'), {
      minItems: 1,
      maxItems: 1000,
      description: 'Size of each team.',
    }),
    expiresAt: time('Until when everybody has to have accepted'),
    answered: Type.Boolean({ description: 'Whether you have accepted already.' }),
    accepted: integer(0, 1_000_000, 'How many players have accepted so far.'),
  },
  { title: 'MatchProposed' },
);
export type MatchProposed = Static<typeof MatchProposed>;

/** More players have accepted the match that was proposed. */
export const MatchProposalState = Type.Object(
  {
    matchId: uuid('The match.'),
    accepted: integer(0, 1_000_000, 'How many players have accepted so far.'),
    players: integer(1, 1_000_000, 'How many are asked.'),
  },
  { title: 'MatchProposalState' },
);
export type MatchProposalState = Static<typeof MatchProposalState>;

/** I am ready for the match that was proposed, or I am not. */
export const MatchAnswer = Type.Object(
  {
    matchId: uuid('The match.'),
    accept: Type.Boolean({ description: 'Whether you are ready; false calls the match off.' }),
  },
  { title: 'MatchAnswer' },
);
export type MatchAnswer = Static<typeof MatchAnswer>;
