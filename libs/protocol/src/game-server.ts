/** For game servers on Node: the S2S client and the allowlist. */
export { Allowlist } from './client/allowlist.js';
export type { Admission, AllowedPlayer, AllowlistOptions, Roster } from './client/allowlist.js';
export type { ClientState, Disconnected } from './client/channel.js';
export { GameServerClient } from './client/game-server-client.js';
export type {
  CommandHandlers,
  GameServerClientOptions,
  GameServerCounters,
  GameServerEvents,
  PendingSend,
  RefusedSend,
} from './client/game-server-client.js';
export type { Address, ClientRuntime } from './client/runtime.js';
export type { ClientTiming } from './client/timing.js';
export { ProtocolError } from './errors.js';
export { RefusalStatus, RefusedError } from './handshake/refusal.js';
export type {
  CmdAllowPlayers,
  CmdCancelMatch,
  CmdForceStart,
  CmdKickPlayer,
  CmdShutdown,
  MatchResult,
  Ready,
  ServerHeartbeat,
} from './messages/index.js';
export { MsgType } from './msg-type.js';
