export { auditMarkPath, readAuditMark, writeAuditMark, type AuditMark } from './audit-mark.js';
export { Account } from './entities/account.js';
export { AuditEntry } from './entities/audit-entry.js';
export type { AuditResult } from './entities/audit-entry.js';
export { CertificateRecord } from './entities/certificate-record.js';
export { MATCH_STATES } from './entities/game-match.js';
export type { MatchState } from './entities/game-match.js';
export { GameServer } from './entities/game-server.js';
export { Penalty } from './entities/penalty.js';
export { MatchVoid } from './entities/match-void.js';
export { MetricSample } from './entities/metric-sample.js';
export { OperatorCertificate } from './entities/operator-certificate.js';
export { QueueEntry } from './entities/queue-entry.js';
export { QueueLeftover } from './entities/queue-leftover.js';
export type { PastWait } from './entities/queue-leftover.js';
export { RatingRow } from './entities/rating-row.js';
export { ServerCommand } from './entities/server-command.js';
export { ServerLog } from './entities/server-log.js';
export type { LogLevel } from './entities/server-log.js';
export { Session } from './entities/session.js';
export { Setting } from './entities/setting.js';
export type { NodeSample } from './node-sample.js';
export { openStore } from './open-store.js';
export * as accounts from './repositories/accounts.js';
export { BANNED_FOREVER, usernameKey } from './repositories/accounts.js';
export * as auditLog from './repositories/audit-log.js';
export type { AuditFault, NewAuditEntry } from './repositories/audit-log.js';
export * as certificates from './repositories/certificates.js';
export * as commands from './repositories/commands.js';
export * as dashboard from './repositories/dashboard/index.js';
export type {
  CertificateFilter,
  CertificateSummary,
  CommandCursor,
  MatchSummary,
  PlayerSummary,
  QueueMade,
  QueueWaiting,
  ServerOverview,
  ServerRecord,
  WaitingEntry,
} from './repositories/dashboard/index.js';
export * as gameServers from './repositories/game-servers.js';
export type { Candidate, Presence, ServerConnection } from './repositories/game-servers.js';
export * as leaveFaults from './repositories/leave-faults.js';
export * as matchDeliveries from './repositories/match-deliveries.js';
export type { AllowAck, ChangedMatch, FoundNotice } from './repositories/match-deliveries.js';
export * as matchProposals from './repositories/match-proposals.js';
export * as matchUpkeep from './repositories/match-upkeep.js';
export type { LiveOnServer, MovableMatch, OverdueMatch } from './repositories/match-upkeep.js';
export * as matchVoids from './repositories/match-voids.js';
export * as matches from './repositories/matches/index.js';
export type { NewMatch } from './repositories/matches/create-matches.js';
export type { MatchRefusal, ReleasedPlayer } from './repositories/matches/lifecycle.js';
export type { Match, MatchPlayer, PlayerInMatch } from './repositories/matches/match-rows.js';
export type { CheckAnswer, EndedCheck } from './repositories/matches/ready-check.js';
export type { LivePlace, ServerAddress } from './repositories/matches/reservation.js';
export type { MatchToRate, PlayerResult } from './repositories/matches/result.js';
export * as parties from './repositories/parties/index.js';
export type { MemberWishes, PartyLimits } from './repositories/parties/membership.js';
export type { ChangedParty, PartyView } from './repositories/parties/party-rows.js';
export type { Silence } from './repositories/parties/upkeep.js';
export * as metricSamples from './repositories/metric-samples.js';
export * as operatorCertificates from './repositories/operator-certificates.js';
export * as peerConnections from './repositories/peer-connections.js';
export * as penalties from './repositories/penalties.js';
export * as playerBlocks from './repositories/player-blocks.js';
export * as queue from './repositories/queue.js';
export type {
  JoinOutcome,
  JoinWish,
  LeftPlayer,
  PageStart,
  PartyJoinOutcome,
  WaitingHere,
  WaitingPage,
  WaitingPlayer,
} from './repositories/queue.js';
export { placedAmong } from './repositories/queue-places.js';
export * as queueLeftovers from './repositories/queue-leftovers.js';
export * as ratedMatches from './repositories/rated-matches.js';
export type {
  RatedCursor,
  RatedMatchRow,
  RatedPlayer,
  RewrittenPlayer,
} from './repositories/rated-matches.js';
export * as ratings from './repositories/ratings.js';
export type { LeaderboardRow, RatingToWrite, Unrated } from './repositories/ratings.js';
export * as serverLogs from './repositories/server-logs.js';
export type { LogLine } from './repositories/server-logs.js';
export * as sessions from './repositories/sessions.js';
export type { SessionOfAccount } from './repositories/sessions.js';
export * as settings from './repositories/settings.js';
export type { Maintenance } from './repositories/settings.js';
export { canonicalJson, resultDigest } from './result-digest.js';
export type { JsonValue } from './result-digest.js';
export { Sealer } from './sealer.js';
export type { ReadTx, Tx } from './sql/tx.js';
export { StoreError } from './store-error.js';
export type { StoreErrorCode } from './store-error.js';
export { NOT_LEADER } from './store.js';
export type { Store, StoreLogger, StoreMetrics, StoreOptions, StoreTarget } from './store.js';
