import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import {
  MsgType,
  type JoinQueue,
  type LeaveQueue,
  type MatchAnswer,
  type MessagesOf,
  type MessageTypeOf,
  type PlayerHeartbeat,
} from '@ranked/protocol';
import { ChannelContext } from '../channel/channel-context.js';
import type { PlayerPeer } from '../channel/peer.js';
import { PlainArguments } from '../channel/plain-arguments.js';
import { RDV } from '../channel/transports.js';
import { ReadyChecks } from '../matchmaking/ready-checks.js';
import type { PartyMessageType } from '../parties/party-messages.js';
import { PlayerPresence } from './player-presence.js';
import { QueueEntrance } from './queue-entrance.js';

type PlayerContext = ChannelContext<PlayerPeer>;

/** Every message of a player and the method that handles it, but those about parties: none can be missing. */
type Methods = {
  [MsgType.Heartbeat]: 'heartbeat';
  [MsgType.JoinQueue]: 'joinQueue';
  [MsgType.LeaveQueue]: 'leaveQueue';
  [MsgType.MatchAnswer]: 'matchAnswer';
};

type Handlers = {
  [T in Exclude<MessageTypeOf<'RDV', 'c2s'>, PartyMessageType> as Methods[T]]: (
    message: MessagesOf<'RDV', 'c2s'>[T],
    context: PlayerContext,
  ) => void | Promise<void>;
};

/** What players say. Who says it comes from the connection; the Ack goes out after the commit. */
@Controller()
export class QueueController implements Handlers {
  constructor(
    private readonly entrance: QueueEntrance,
    private readonly presence: PlayerPresence,
    private readonly checks: ReadyChecks,
  ) {}

  @MessagePattern(MsgType.Heartbeat, RDV)
  @PlainArguments()
  heartbeat(_message: PlayerHeartbeat, context: PlayerContext): void {
    this.presence.heard(context.peer.accountId);
  }

  @MessagePattern(MsgType.JoinQueue, RDV)
  @PlainArguments()
  async joinQueue(message: JoinQueue, context: PlayerContext): Promise<void> {
    await this.entrance.join(context.peer.accountId, message);
  }

  @MessagePattern(MsgType.LeaveQueue, RDV)
  @PlainArguments()
  async leaveQueue(_message: LeaveQueue, context: PlayerContext): Promise<void> {
    await this.entrance.leave(context.peer.accountId);
  }

  @MessagePattern(MsgType.MatchAnswer, RDV)
  @PlainArguments()
  async matchAnswer({ matchId, accept }: MatchAnswer, context: PlayerContext): Promise<void> {
    await this.checks.answer(context.peer.accountId, matchId, accept);
  }
}
