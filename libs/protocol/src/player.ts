/** For players' programs on Node: the RDV client. */
export type { ClientState, Disconnected } from './client/channel.js';
export { PlayerClient } from './client/player-client.js';
export type {
  PlayerClientOptions,
  PlayerCounters,
  PlayerEvents,
  QueueWishes,
} from './client/player-client.js';
export type { Address, ClientRuntime } from './client/runtime.js';
export type { ClientTiming } from './client/timing.js';
export { ProtocolError } from './errors.js';
export { RefusalStatus, RefusedError } from './handshake/refusal.js';
export type {
  MatchCancelled,
  MatchFound,
  MatchProposalState,
  MatchProposed,
  MatchReport,
  PartyInvited,
  PartyState,
  PlayerMatchStarted,
  QueueStatus,
  Ready,
  ServiceNotice,
} from './messages/index.js';
