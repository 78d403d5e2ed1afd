import { MsgType, type PartyInvited, type PartyState } from '@ranked/protocol';
import type { PartyView } from '@ranked/store';

/** What players say about parties. */
export type PartyMessageType =
  | typeof MsgType.PartyInvite
  | typeof MsgType.PartyAnswer
  | typeof MsgType.PartyLeave
  | typeof MsgType.PartyKick
  | typeof MsgType.PartyPromote;

/** A party as its members are told of it. An invitation that nobody may see looks like any other. */
export function stateMessage(party: PartyView): PartyState {
  return {
    partyId: party.id,
    ended: false,
    leader: party.leaderId,
    members: party.members.map(({ accountId, name, online }) => ({ id: accountId, name, online })),
    invites: party.invites.map(({ accountId, name, expiresAt }) => ({ id: accountId, name, expiresAt })),
    ...(party.queue !== null && { queue: party.queue }),
    note: party.note,
  };
}

/** The end of a party, or of somebody's membership. */
export function endMessage(partyId: string, note: string): PartyState {
  return { partyId, ended: true, members: [], invites: [], note };
}

/** An open invitation as the invited player is told of it. */
export function invitedMessage(
  party: PartyView,
  { inviterId, inviterName, expiresAt }: PartyView['invites'][number],
): PartyInvited {
  return {
    partyId: party.id,
    from: { id: inviterId, name: inviterName },
    members: party.members.map(({ name }) => name),
    expiresAt,
  };
}
