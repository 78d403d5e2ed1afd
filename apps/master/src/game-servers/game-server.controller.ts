import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import {
  MsgType,
  type Log,
  type MatchResult,
  type MatchStarted,
  type MessagesOf,
  type MessageTypeOf,
  type ServerHeartbeat,
} from '@ranked/protocol';
import { ChannelContext } from '../channel/channel-context.js';
import type { ServerPeer } from '../channel/peer.js';
import { PlainArguments } from '../channel/plain-arguments.js';
import { S2S } from '../channel/transports.js';
import { MatchResults } from '../results/match-results.js';
import { MatchStarts } from '../results/match-starts.js';
import { HeartbeatIntake } from './heartbeat-intake.js';
import { ServerLogBuffer } from './server-log-buffer.js';

type ServerContext = ChannelContext<ServerPeer>;

/** Every message of a game server (Acks do not reach handlers) and the method that handles it: none can be missing. */
type Methods = {
  [MsgType.Heartbeat]: 'heartbeat';
  [MsgType.MatchStarted]: 'matchStarted';
  [MsgType.MatchResult]: 'matchResult';
  [MsgType.LogInfo]: 'logInfo';
  [MsgType.LogWarn]: 'logWarn';
  [MsgType.LogError]: 'logError';
};

type Handlers = {
  [T in Exclude<MessageTypeOf<'S2S', 'c2s'>, typeof MsgType.Ack> as Methods[T]]: (
    message: MessagesOf<'S2S', 'c2s'>[T],
    context: ServerContext,
  ) => void | Promise<void>;
};

/**
 * What game servers say. Every handler takes the server's identity from the connection; MatchStarted and MatchResult are
 * acknowledged once their promise resolved, that is after the commit.
 */
@Controller()
export class GameServerController implements Handlers {
  constructor(
    private readonly heartbeats: HeartbeatIntake,
    private readonly logs: ServerLogBuffer,
    private readonly starts: MatchStarts,
    private readonly results: MatchResults,
  ) {}

  @MessagePattern(MsgType.Heartbeat, S2S)
  @PlainArguments()
  heartbeat(message: ServerHeartbeat, context: ServerContext): void {
    this.heartbeats.take(message, context);
  }

  @MessagePattern(MsgType.MatchStarted, S2S)
  @PlainArguments()
  async matchStarted(message: MatchStarted, context: ServerContext): Promise<void> {
    await this.starts.accept(context.peer.certificateId, message.matchId);
  }

  @MessagePattern(MsgType.MatchResult, S2S)
  @PlainArguments()
  async matchResult(message: MatchResult, context: ServerContext): Promise<void> {
    await this.results.accept(context.peer.certificateId, message);
  }

  @MessagePattern(MsgType.LogInfo, S2S)
  @PlainArguments()
  logInfo(message: Log, context: ServerContext): void {
    this.logs.add(context.peer.certificateId, 'info', message.message, message.at);
  }

  @MessagePattern(MsgType.LogWarn, S2S)
  @PlainArguments()
  logWarn(message: Log, context: ServerContext): void {
    this.logs.add(context.peer.certificateId, 'warn', message.message, message.at);
  }

  @MessagePattern(MsgType.LogError, S2S)
  @PlainArguments()
  logError(message: Log, context: ServerContext): void {
    this.logs.add(context.peer.certificateId, 'error', message.message, message.at);
  }
}
