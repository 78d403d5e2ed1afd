import Type from 'typebox';
import type { Static } from 'typebox';
import { between, integer, record, text, time, uuid } from './fields.js';

/** Members of a party, and invitations, that a message can name. */
const MAX_PLAYERS = 100;

/** What a player says of himself to be matched by. Nobody checks it. */
export const WISHES = {
  latencies: Type.Optional(
    record<number>(
      text(1, 32, 'Region, as game servers name it.'),
      between(0, 10_000, 'Milliseconds there and back.'),
      32,
      'What you measured; a region that is not named counts as out of reach. Absent: nothing was measured.',
    ),
  ),
  roles: Type.Optional(
    Type.Array(text(1, 64, 'A role of the queue.'), {
      minItems: 1,
      maxItems: 16,
      description: 'The roles that you take. Absent: any.',
    }),
  ),
};

/** Invite a player into my party, which is made if I am in none. */
export const PartyInvite = Type.Object(
  { player: text(1, 64, "The player's user name or account id.") },
  { title: 'PartyInvite' },
);
export type PartyInvite = Static<typeof PartyInvite>;

/** My answer to an invitation. */
export const PartyAnswer = Type.Object(
  {
    partyId: uuid('The party.'),
    accept: Type.Boolean({ description: 'Whether you join it.' }),
    ...WISHES,
  },
  { title: 'PartyAnswer' },
);
export type PartyAnswer = Static<typeof PartyAnswer>;

/** Take me out of my party. */
export const PartyLeave = Type.Object({}, { title: 'PartyLeave' });
export type PartyLeave = Static<typeof PartyLeave>;

/** Remove a member from the party that I lead. */
export const PartyKick = Type.Object({ id: uuid("The member's account.") }, { title: 'PartyKick' });
export type PartyKick = Static<typeof PartyKick>;

/** Make another member the leader of the party that I lead. */
export const PartyPromote = Type.Object({ id: uuid("The member's account.") }, { title: 'PartyPromote' });
export type PartyPromote = Static<typeof PartyPromote>;

/** Your party as it is now, whole; or that you are in it no longer. */
export const PartyState = Type.Object(
  {
    partyId: uuid('The party.'),
    ended: Type.Boolean({ description: 'Whether you are out of it, or it is no more.' }),
    leader: Type.Optional(uuid("The leader's account; absent when it has ended for you.")),
    members: Type.Array(
      Type.Object({
        id: uuid("The member's account."),
        name: text(1, 64, 'Display name.'),
        online: Type.Boolean({ description: 'Whether he is connected.' }),
      }),
      { maxItems: MAX_PLAYERS, description: 'You among them, the longest first; none when it has ended.' },
    ),
    invites: Type.Array(
      Type.Object({
        id: uuid("The invited player's account."),
        name: text(1, 64, 'Display name.'),
        expiresAt: time('When the invitation runs out'),
      }),
      { maxItems: MAX_PLAYERS, description: 'Invitations that are not answered.' },
    ),
    queue: Type.Optional(text(1, 64, 'The queue into which the leader has put you all.')),
    note: text(0, 1024, 'What changed, in a sentence for people.'),
  },
  { title: 'PartyState' },
);
export type PartyState = Static<typeof PartyState>;

/** Somebody invites you. */
export const PartyInvited = Type.Object(
  {
    partyId: uuid('The party.'),
    from: Type.Object({ id: uuid("The inviting player's account."), name: text(1, 64, 'Display name.') }),
    members: Type.Array(text(1, 64, 'Display name.'), {
      maxItems: MAX_PLAYERS,
      description: 'Who is in it.',
    }),
    expiresAt: time('When the invitation runs out'),
  },
  { title: 'PartyInvited' },
);
export type PartyInvited = Static<typeof PartyInvited>;

/** How it stands with your wait. */
export const QueueStatus = Type.Object(
  {
    queue: text(1, 64, 'The queue.'),
    waited: integer(0, Number.MAX_SAFE_INTEGER, 'Seconds that you have waited.'),
    estimated: Type.Optional(
      between(
        0,
        Number.MAX_SAFE_INTEGER,
        'Seconds that others of about your rating waited in all before they had a match. Absent: nobody knows.',
      ),
    ),
    window: between(
      0,
      Number.MAX_SAFE_INTEGER,
      'Rating points that your opponents may be away from you by now.',
    ),
    players: integer(0, Number.MAX_SAFE_INTEGER, 'Players who wait in the queue, you among them.'),
    reason: Type.Optional(text(1, 1024, 'Why you had no match when one was last looked for, in a sentence.')),
    ended: Type.Optional(
      Type.Boolean({
        description:
          'True: you do not wait any more, though you did not leave, as when an operator took you out. The numbers mean nothing then.',
      }),
    ),
  },
  { title: 'QueueStatus' },
);
export type QueueStatus = Static<typeof QueueStatus>;
