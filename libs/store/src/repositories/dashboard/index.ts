export { certificatePage, type CertificateFilter, type CertificateSummary } from './certificates.js';
export {
  liveLoad,
  lostMatches,
  matchCounts,
  matchesByIds,
  matchesChangedSince,
  matchesOfServer,
  matchPage,
  ratedSince,
  ratingHistory,
  type MatchSummary,
} from './matches.js';
export { openSessions, playerPage, type PlayerSummary } from './players.js';
export {
  displaySteps,
  madeByQueue,
  playing,
  queueNames,
  waitingByQueue,
  waitingEntries,
  type QueueMade,
  type QueueWaiting,
  type WaitingEntry,
} from './queues.js';
export {
  commandPage,
  commandsChangedSince,
  lastLogId,
  logLines,
  serverCounts,
  serverOverviews,
  serverRecords,
  type CommandCursor,
  type ServerOverview,
  type ServerRecord,
} from './servers.js';
