export {
  ACKNOWLEDGED,
  MESSAGE_TABLE,
  isMessageType,
  type HandlerTable,
  type MessageOf,
  type MessageTypeOf,
  type MessagesOf,
} from './message-table.js';
export {
  decodeClose,
  decodeMessage,
  decodeReady,
  encodeClose,
  encodeMessage,
  encodeReady,
} from './message-codec.js';
export { bindHandler, type BoundHandler } from './dispatch-message.js';
export { Ack, Close, Ready } from './schemas-channel.js';
export {
  CmdAllowPlayers,
  CmdCancelMatch,
  CmdForceStart,
  CmdKickPlayer,
  CmdShutdown,
  Log,
  MatchResult,
  MatchStarted,
  ServerHeartbeat,
} from './schemas-game-server.js';
export {
  PartyAnswer,
  PartyInvite,
  PartyInvited,
  PartyKick,
  PartyLeave,
  PartyPromote,
  PartyState,
  QueueStatus,
} from './schemas-party.js';
export {
  JoinQueue,
  LeaveQueue,
  MatchCancelled,
  MatchFound,
  MatchReport,
  PlayerHeartbeat,
  PlayerMatchStarted,
  ServiceNotice,
} from './schemas-player.js';
export { MatchAnswer, MatchProposalState, MatchProposed } from './schemas-ready-check.js';
