import type { PartyLimits } from '@ranked/store';
import type { QueueModel } from '../config/queue-models.js';

/** Open invitations of one party. */
const INVITES_SENT = 10;
/** Open invitations that one player sees. */
const INVITES_RECEIVED = 20;
/** Life of an invitation, ms. */
const INVITE_MS = 5 * 60_000;
/** Who has been away for so long is out of his party, ms. */
export const PARTY_ABSENCE_MS = 10 * 60_000;
/** A party that has ended is remembered so long, ms: every node has told its members by then. */
export const ENDED_KEPT_MS = 10 * 60_000;

/** The bounds of parties; none is larger than the largest team of any queue. */
export function partyLimits(queues: readonly QueueModel[]): PartyLimits {
  return {
    size: Math.max(1, ...queues.map(({ config }) => config.size)),
    sent: INVITES_SENT,
    received: INVITES_RECEIVED,
    inviteMs: INVITE_MS,
  };
}
