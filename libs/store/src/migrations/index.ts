import { AuditLog } from './audit-log.js';
import { ConnectionTimes } from './connection-times.js';
import { EntryNumbers } from './entry-numbers.js';
import { Initial } from './initial.js';
import { LighterRows } from './lighter-rows.js';
import { MatchIndexes } from './match-indexes.js';
import { Parties } from './parties.js';
import { PeerConnections } from './peer-connections.js';
import { PlayerSearch } from './player-search.js';
import { QueueFront } from './queue-front.js';
import { RatingModels } from './rating-models.js';
import { ReadyCheck } from './ready-check.js';
import { ServerProbation } from './server-probation.js';

/** Every migration, oldest first. A published one is never changed; see the README for adding one. */
export const MIGRATIONS = [
  Initial,
  RatingModels,
  PeerConnections,
  LighterRows,
  ConnectionTimes,
  Parties,
  ReadyCheck,
  AuditLog,
  PlayerSearch,
  ServerProbation,
  QueueFront,
  MatchIndexes,
  EntryNumbers,
];
