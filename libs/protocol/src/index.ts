export { masterIdentity, masterPublicKey, type MasterIdentity } from './ed25519.js';
export { ProtocolError, type ProtocolErrorCode } from './errors.js';
export { FRAME_LIMITS, FrameDecoder, type FrameLimits } from './frame-decoder.js';
export {
  CHALLENGE_PAYLOAD,
  FINISH_PAYLOAD,
  HEADER_LENGTH,
  HELLO_PAYLOAD,
  MAX_DRIFT_MS,
  MAX_PAYLOAD,
  MAX_PLAINTEXT,
  TAG_LENGTH,
} from './frame-format.js';
export { Frame } from './frame.js';
export { ChallengeCache, type ChallengeCacheOptions } from './handshake/challenge-cache.js';
export type { RandomSource } from './handshake/clear-frame.js';
export {
  ClientHandshake,
  type ClientEstablished,
  type ClientHandshakeOptions,
  type ClientHandshakeState,
} from './handshake/client-handshake.js';
export { TICKET_ID_LENGTH, TICKET_LENGTH, ticketAuthKey, ticketCredential } from './handshake/credential.js';
export {
  MasterHandshake,
  type HelloAnswer,
  type HelloRequest,
  type KnownCredential,
  type MasterEstablished,
  type MasterHandshakeOptions,
  type MasterHandshakeState,
  type MasterLoad,
} from './handshake/master-handshake.js';
export { RefusalStatus, RefusedError } from './handshake/refusal.js';
export { MsgType, msgTypeName, type MsgTypeName } from './msg-type.js';
export { REPLAY_WINDOW } from './replay-window.js';
export type { Direction, Service, Side } from './service.js';
export type { OutgoingMessage } from './batch.js';
export {
  Session,
  type DecodeMessage,
  type OpenedMessage,
  type Sealed,
  type SealedBatch,
  type SessionOptions,
  type SessionSettings,
} from './session.js';
export * from './messages/index.js';
