import { Account } from './account.js';
import { AuditEntry } from './audit-entry.js';
import { CertificateRecord } from './certificate-record.js';
import { GameMatch } from './game-match.js';
import { GameServer } from './game-server.js';
import { LeaveFault } from './leave-fault.js';
import { MatchPlayerRow } from './match-player.js';
import { MatchRules } from './match-rules.js';
import { Party } from './party.js';
import { PartyInvite } from './party-invite.js';
import { PartyMember } from './party-member.js';
import { MatchVoid } from './match-void.js';
import { MetricSample } from './metric-sample.js';
import { OperatorCertificate } from './operator-certificate.js';
import { PeerConnection } from './peer-connection.js';
import { Penalty } from './penalty.js';
import { PlayerBlock } from './player-block.js';
import { QueueEntry } from './queue-entry.js';
import { QueueLeftover } from './queue-leftover.js';
import { RatingRow } from './rating-row.js';
import { ServerCommand } from './server-command.js';
import { ServerLog } from './server-log.js';
import { Session } from './session.js';
import { Setting } from './setting.js';

/** Every table of the schema. */
export const ENTITIES = [
  Account,
  AuditEntry,
  CertificateRecord,
  GameMatch,
  GameServer,
  LeaveFault,
  MatchPlayerRow,
  MatchRules,
  Party,
  PartyInvite,
  PartyMember,
  MatchVoid,
  MetricSample,
  OperatorCertificate,
  PeerConnection,
  Penalty,
  PlayerBlock,
  QueueEntry,
  QueueLeftover,
  RatingRow,
  ServerCommand,
  ServerLog,
  Session,
  Setting,
];
