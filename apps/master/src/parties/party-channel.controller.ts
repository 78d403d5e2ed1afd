import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import {
  MsgType,
  type MessagesOf,
  type PartyAnswer,
  type PartyInvite,
  type PartyKick,
  type PartyLeave,
  type PartyPromote,
} from '@ranked/protocol';
import { ChannelContext } from '../channel/channel-context.js';
import type { PlayerPeer } from '../channel/peer.js';
import { PlainArguments } from '../channel/plain-arguments.js';
import { RDV } from '../channel/transports.js';
import { PartyMembership } from './party-membership.js';
import type { PartyMessageType } from './party-messages.js';

type PlayerContext = ChannelContext<PlayerPeer>;

type Methods = {
  [MsgType.PartyInvite]: 'invite';
  [MsgType.PartyAnswer]: 'answer';
  [MsgType.PartyLeave]: 'leave';
  [MsgType.PartyKick]: 'kick';
  [MsgType.PartyPromote]: 'promote';
};

type Handlers = {
  [T in PartyMessageType as Methods[T]]: (
    message: MessagesOf<'RDV', 'c2s'>[T],
    context: PlayerContext,
  ) => Promise<void>;
};

/** What players say about parties. Who says it comes from the connection; the Ack goes out after the commit. */
@Controller()
export class PartyChannelController implements Handlers {
  constructor(private readonly membership: PartyMembership) {}

  @MessagePattern(MsgType.PartyInvite, RDV)
  @PlainArguments()
  async invite(message: PartyInvite, context: PlayerContext): Promise<void> {
    await this.membership.invite(context.peer.accountId, message.player);
  }

  @MessagePattern(MsgType.PartyAnswer, RDV)
  @PlainArguments()
  async answer(message: PartyAnswer, context: PlayerContext): Promise<void> {
    await this.membership.answer(context.peer.accountId, message);
  }

  @MessagePattern(MsgType.PartyLeave, RDV)
  @PlainArguments()
  async leave(_message: PartyLeave, context: PlayerContext): Promise<void> {
    await this.membership.leave(context.peer.accountId);
  }

  @MessagePattern(MsgType.PartyKick, RDV)
  @PlainArguments()
  async kick(message: PartyKick, context: PlayerContext): Promise<void> {
    await this.membership.kick(context.peer.accountId, message.id);
  }

  @MessagePattern(MsgType.PartyPromote, RDV)
  @PlainArguments()
  async promote(message: PartyPromote, context: PlayerContext): Promise<void> {
    await this.membership.promote(context.peer.accountId, message.id);
  }
}
