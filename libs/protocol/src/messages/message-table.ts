import type { Static, TSchema } from 'typebox';
import { MsgType } from '../msg-type.js';
import type { Direction, Service } from '../service.js';
import * as channel from './schemas-channel.js';
import * as server from './schemas-game-server.js';
import * as party from './schemas-party.js';
import * as player from './schemas-player.js';
import * as readyCheck from './schemas-ready-check.js';

/**
 * Which messages exist after the handshake, and the schema of each. Types, validators, handler tables and the
 * published JSON Schemas all come from here; a message that is not here is refused.
 */
export const MESSAGE_TABLE = {
  S2S: {
    c2s: {
      [MsgType.Ack]: channel.Ack,
      [MsgType.LogInfo]: server.Log,
      [MsgType.LogWarn]: server.Log,
      [MsgType.LogError]: server.Log,
      [MsgType.Heartbeat]: server.ServerHeartbeat,
      [MsgType.MatchResult]: server.MatchResult,
      [MsgType.MatchStarted]: server.MatchStarted,
    },
    s2c: {
      [MsgType.Ack]: channel.Ack,
      [MsgType.CmdForceStart]: server.CmdForceStart,
      [MsgType.CmdCancelMatch]: server.CmdCancelMatch,
      [MsgType.CmdKickPlayer]: server.CmdKickPlayer,
      [MsgType.CmdShutdown]: server.CmdShutdown,
      [MsgType.CmdAllowPlayers]: server.CmdAllowPlayers,
    },
  },
  RDV: {
    c2s: {
      [MsgType.Heartbeat]: player.PlayerHeartbeat,
      [MsgType.JoinQueue]: player.JoinQueue,
      [MsgType.LeaveQueue]: player.LeaveQueue,
      [MsgType.PartyInvite]: party.PartyInvite,
      [MsgType.PartyAnswer]: party.PartyAnswer,
      [MsgType.PartyLeave]: party.PartyLeave,
      [MsgType.PartyKick]: party.PartyKick,
      [MsgType.PartyPromote]: party.PartyPromote,
      [MsgType.MatchAnswer]: readyCheck.MatchAnswer,
    },
    s2c: {
      [MsgType.Ack]: channel.Ack,
      [MsgType.MatchFound]: player.MatchFound,
      [MsgType.PlayerMatchStarted]: player.PlayerMatchStarted,
      [MsgType.MatchCancelled]: player.MatchCancelled,
      [MsgType.MatchReport]: player.MatchReport,
      [MsgType.PartyState]: party.PartyState,
      [MsgType.PartyInvited]: party.PartyInvited,
      [MsgType.QueueStatus]: party.QueueStatus,
      [MsgType.MatchProposed]: readyCheck.MatchProposed,
      [MsgType.MatchProposalState]: readyCheck.MatchProposalState,
      [MsgType.ServiceNotice]: player.ServiceNotice,
    },
  },
} as const satisfies Record<Service, Record<Direction, Partial<Record<MsgType, TSchema>>>>;

type Table = typeof MESSAGE_TABLE;

/** Every message of a service and direction: number of the type → TypeScript type of its value. */
export type MessagesOf<S extends Service, D extends Direction> = {
  [T in keyof Table[S][D]]: Table[S][D][T] extends TSchema ? Static<Table[S][D][T]> : never;
};

/** The numbers of the messages of a service and direction. */
export type MessageTypeOf<S extends Service, D extends Direction> = keyof MessagesOf<S, D> & number;

/** One message with its number: a union that narrows by `type`. */
export type MessageOf<S extends Service, D extends Direction> = {
  [T in MessageTypeOf<S, D>]: { readonly type: T; readonly message: MessagesOf<S, D>[T] };
}[MessageTypeOf<S, D>];

/**
 * One handler per message of a service and direction, none of them optional: a message without a handler does not
 * compile, and a new message in the table fails to compile wherever it is not handled yet.
 */
export type HandlerTable<S extends Service, D extends Direction, Ctx = void> = {
  [T in keyof MessagesOf<S, D>]: (message: MessagesOf<S, D>[T], context: Ctx) => void | Promise<void>;
};

/** The messages that are answered with an Ack, by who sends them. */
export const ACKNOWLEDGED: ReadonlySet<number> = new Set<number>([
  MsgType.MatchStarted,
  MsgType.MatchResult,
  MsgType.CmdForceStart,
  MsgType.CmdCancelMatch,
  MsgType.CmdKickPlayer,
  MsgType.CmdShutdown,
  MsgType.CmdAllowPlayers,
  MsgType.JoinQueue,
  MsgType.LeaveQueue,
  MsgType.PartyInvite,
  MsgType.PartyAnswer,
  MsgType.PartyLeave,
  MsgType.PartyKick,
  MsgType.PartyPromote,
  MsgType.MatchAnswer,
]);

/** Whether a message of this service, direction and type exists. */
export function isMessageType<S extends Service, D extends Direction>(
  service: S,
  direction: D,
  type: number,
): type is MessageTypeOf<S, D> {
  return Object.hasOwn(MESSAGE_TABLE[service][direction], type);
}
