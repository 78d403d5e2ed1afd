import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { msgTypeName, MsgType, type MsgTypeName } from '@ranked/protocol';
import type { ChannelContext } from '../../src/channel/channel-context.js';
import type { PlayerPeer, ServerPeer } from '../../src/channel/peer.js';
import { PlainArguments } from '../../src/channel/plain-arguments.js';
import { RDV, S2S } from '../../src/channel/transports.js';

/** A message that reached a handler. */
export interface Handled {
  readonly type: string;
  readonly message: unknown;
  readonly ctx: ChannelContext<ServerPeer> | ChannelContext<PlayerPeer>;
}

/** What the handlers have seen, and what they are to do. */
export class HandlerScript {
  readonly handled: Handled[] = [];
  /** Replaces what the handler of this type does, which is nothing. */
  readonly on = new Map<MsgTypeName, (handled: Handled) => unknown>();

  async run(type: number, message: unknown, ctx: Handled['ctx']): Promise<unknown> {
    const handled = { type: msgTypeName(type), message, ctx };
    this.handled.push(handled);
    return this.on.get(handled.type as MsgTypeName)?.(handled);
  }
}

/** A handler for every message that game servers may send, as the master's own are written. */
@Controller()
export class ServerHandlers {
  constructor(private readonly script: HandlerScript) {}

  @MessagePattern(MsgType.LogInfo, S2S)
  @PlainArguments()
  logInfo(message: unknown, ctx: ChannelContext<ServerPeer>): Promise<unknown> {
    return this.script.run(MsgType.LogInfo, message, ctx);
  }

  @MessagePattern(MsgType.LogWarn, S2S)
  @PlainArguments()
  logWarn(message: unknown, ctx: ChannelContext<ServerPeer>): Promise<unknown> {
    return this.script.run(MsgType.LogWarn, message, ctx);
  }

  @MessagePattern(MsgType.LogError, S2S)
  @PlainArguments()
  logError(message: unknown, ctx: ChannelContext<ServerPeer>): Promise<unknown> {
    return this.script.run(MsgType.LogError, message, ctx);
  }

  @MessagePattern(MsgType.Heartbeat, S2S)
  @PlainArguments()
  heartbeat(message: unknown, ctx: ChannelContext<ServerPeer>): Promise<unknown> {
    return this.script.run(MsgType.Heartbeat, message, ctx);
  }

  @MessagePattern(MsgType.MatchStarted, S2S)
  @PlainArguments()
  matchStarted(message: unknown, ctx: ChannelContext<ServerPeer>): Promise<unknown> {
    return this.script.run(MsgType.MatchStarted, message, ctx);
  }

  @MessagePattern(MsgType.MatchResult, S2S)
  @PlainArguments()
  matchResult(message: unknown, ctx: ChannelContext<ServerPeer>): Promise<unknown> {
    return this.script.run(MsgType.MatchResult, message, ctx);
  }
}

/** A handler for every message that players may send, in the form that Nest's manual shows. */
@Controller()
export class PlayerHandlers {
  constructor(private readonly script: HandlerScript) {}

  @MessagePattern(MsgType.Heartbeat, RDV)
  heartbeat(@Payload() message: unknown, @Ctx() ctx: ChannelContext<PlayerPeer>): Promise<unknown> {
    return this.script.run(MsgType.Heartbeat, message, ctx);
  }

  @MessagePattern(MsgType.JoinQueue, RDV)
  joinQueue(@Payload() message: unknown, @Ctx() ctx: ChannelContext<PlayerPeer>): Promise<unknown> {
    return this.script.run(MsgType.JoinQueue, message, ctx);
  }

  @MessagePattern(MsgType.LeaveQueue, RDV)
  leaveQueue(@Payload() message: unknown, @Ctx() ctx: ChannelContext<PlayerPeer>): Promise<unknown> {
    return this.script.run(MsgType.LeaveQueue, message, ctx);
  }

  @MessagePattern(MsgType.MatchAnswer, RDV)
  matchAnswer(@Payload() message: unknown, @Ctx() ctx: ChannelContext<PlayerPeer>): Promise<unknown> {
    return this.script.run(MsgType.MatchAnswer, message, ctx);
  }

  @MessagePattern(MsgType.PartyInvite, RDV)
  partyInvite(@Payload() message: unknown, @Ctx() ctx: ChannelContext<PlayerPeer>): Promise<unknown> {
    return this.script.run(MsgType.PartyInvite, message, ctx);
  }

  @MessagePattern(MsgType.PartyAnswer, RDV)
  partyAnswer(@Payload() message: unknown, @Ctx() ctx: ChannelContext<PlayerPeer>): Promise<unknown> {
    return this.script.run(MsgType.PartyAnswer, message, ctx);
  }

  @MessagePattern(MsgType.PartyLeave, RDV)
  partyLeave(@Payload() message: unknown, @Ctx() ctx: ChannelContext<PlayerPeer>): Promise<unknown> {
    return this.script.run(MsgType.PartyLeave, message, ctx);
  }

  @MessagePattern(MsgType.PartyKick, RDV)
  partyKick(@Payload() message: unknown, @Ctx() ctx: ChannelContext<PlayerPeer>): Promise<unknown> {
    return this.script.run(MsgType.PartyKick, message, ctx);
  }

  @MessagePattern(MsgType.PartyPromote, RDV)
  partyPromote(@Payload() message: unknown, @Ctx() ctx: ChannelContext<PlayerPeer>): Promise<unknown> {
    return this.script.run(MsgType.PartyPromote, message, ctx);
  }
}
