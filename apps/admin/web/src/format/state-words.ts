import type {
  Alarm,
  AuditResult,
  CertificateStatus,
  CommandState,
  MatchStateName,
  PlayerMatch,
  ServerState,
  ServerTrust,
} from '../api/contract.js';

/** `wrong` is the only one that is red; `good` and `plain` are quiet; `notice` asks for a look. */
export type Tone = 'good' | 'plain' | 'notice' | 'wrong';

export interface StateWord {
  label: string;
  tone: Tone;
  /** What it means, for those who do not know. */
  meaning: string;
}

export const SERVER_STATES: Record<ServerState, StateWord> = {
  online: { label: 'Online', tone: 'good', meaning: 'Takes matches' },
  full: { label: 'Full', tone: 'plain', meaning: 'Has no free place' },
  closed: { label: 'Closed', tone: 'plain', meaning: 'Says that it takes no matches' },
  draining: { label: 'Draining', tone: 'notice', meaning: 'An operator lets it run empty' },
  resting: { label: 'Resting', tone: 'notice', meaning: 'Failed lately and is left alone for a while' },
  silent: { label: 'Silent', tone: 'wrong', meaning: 'Has not been heard of for three heartbeats' },
  offline: { label: 'Offline', tone: 'plain', meaning: 'Not connected' },
  revoked: { label: 'Revoked', tone: 'plain', meaning: 'Its certificate is revoked' },
  expired: { label: 'Expired', tone: 'wrong', meaning: 'Its certificate ran out' },
};

export const MATCH_STATES: Record<MatchStateName, StateWord> = {
  checking: { label: 'Checking', tone: 'plain', meaning: 'Players are asked whether they are there' },
  reserving: { label: 'Reserving', tone: 'plain', meaning: 'Its server is being told who plays' },
  ready: { label: 'Ready', tone: 'good', meaning: 'Players know where to go' },
  running: { label: 'Running', tone: 'good', meaning: 'Is being played' },
  finished: { label: 'Finished', tone: 'plain', meaning: 'Has a result' },
  abandoned: { label: 'Abandoned', tone: 'notice', meaning: 'Began and came to nothing' },
  cancelled: { label: 'Cancelled', tone: 'plain', meaning: 'Ended before it began' },
};

export const TRUST_LEVELS: Record<ServerTrust['level'], StateWord> = {
  good: { label: 'Good', tone: 'good', meaning: 'Its matches come to an end' },
  new: { label: 'New', tone: 'plain', meaning: 'Fewer than ten finished matches' },
  watch: { label: 'Watch', tone: 'notice', meaning: 'More than a tenth of its matches came to nothing' },
  resting: { label: 'Resting', tone: 'notice', meaning: 'It failed and gets no match for a while' },
};

export const CERTIFICATE_STATES: Record<CertificateStatus, StateWord> = {
  valid: { label: 'Valid', tone: 'good', meaning: 'In force' },
  expiring: { label: 'Expiring', tone: 'notice', meaning: 'In force for less than 30 days' },
  expired: { label: 'Expired', tone: 'wrong', meaning: 'Ran out' },
  revoked: { label: 'Revoked', tone: 'plain', meaning: 'Taken back' },
  'other-key': { label: 'Other key', tone: 'plain', meaning: 'Signed by a master key no longer in use' },
};

export const COMMAND_STATES: Record<CommandState, StateWord> = {
  open: { label: 'Not yet sent', tone: 'plain', meaning: 'Waits for the master that holds the connection' },
  sent: { label: 'Sent', tone: 'notice', meaning: 'Sent, and sent again until it is answered' },
  acknowledged: { label: 'Acknowledged', tone: 'good', meaning: 'The server says it did so' },
  failed: { label: 'Failed', tone: 'wrong', meaning: 'The server refused, or it ran out' },
};

export const AUDIT_RESULTS: Record<AuditResult, StateWord> = {
  done: { label: 'Done', tone: 'plain', meaning: 'It happened' },
  refused: { label: 'Refused', tone: 'notice', meaning: 'It was not allowed' },
  failed: { label: 'Failed', tone: 'wrong', meaning: 'It was allowed and could not be done' },
};

export const OUTCOMES: Record<PlayerMatch['outcome'], StateWord> = {
  win: { label: 'Win', tone: 'good', meaning: 'Came first' },
  draw: { label: 'Draw', tone: 'plain', meaning: 'Shared the first place' },
  loss: { label: 'Loss', tone: 'plain', meaning: 'Did not come first' },
  void: { label: 'Void', tone: 'notice', meaning: 'Was taken out of the ratings' },
  abandoned: { label: 'Abandoned', tone: 'notice', meaning: 'Came to nothing' },
};

export const SEVERITIES: Record<Alarm['severity'], StateWord> = {
  critical: { label: 'Critical', tone: 'wrong', meaning: 'Players are harmed now' },
  warning: { label: 'Warning', tone: 'notice', meaning: 'Will harm players if nobody acts' },
  info: { label: 'Notice', tone: 'plain', meaning: 'To be known' },
};
