import type {
  AuditQuery,
  CertificateQuery,
  LogQuery,
  MatchQuery,
  QueueEntryQuery,
  ServerQuery,
} from '../api/contract.js';
import { AUDIT_RESULTS, CERTIFICATE_STATES, MATCH_STATES, SERVER_STATES } from '../format/state-words.js';
import { choiceParam, textParam, timeParam, type RawSearch } from './search-params.js';

/*
 * What each page keeps in its address, so that a filter can be sent to a colleague. A value that means nothing is dropped.
 */

const keysOf = <Key extends string>(words: Record<Key, unknown>) => Object.keys(words) as Key[];

const SERVER_SORTS = ['problems', 'name', 'load', 'players', 'lastSeen', 'certificate'] as const;

export function serversSearch(search: RawSearch): Pick<ServerQuery, 'q' | 'state' | 'region' | 'sort'> {
  return {
    q: textParam(search, 'q'),
    state: choiceParam(search, 'state', keysOf(SERVER_STATES)),
    region: textParam(search, 'region'),
    sort: choiceParam(search, 'sort', SERVER_SORTS),
  };
}

export function logsSearch(search: RawSearch): Pick<LogQuery, 'q' | 'level' | 'serverId'> {
  return {
    q: textParam(search, 'q'),
    level: choiceParam(search, 'level', ['info', 'warn', 'error'] as const),
    serverId: textParam(search, 'serverId'),
  };
}

export function queueSearch(search: RawSearch): Pick<QueueEntryQuery, 'sort'> {
  return { sort: choiceParam(search, 'sort', ['wait', 'rating'] as const) };
}

export function playersSearch(search: RawSearch): { q?: string | undefined; banned?: 'yes' | undefined } {
  return { q: textParam(search, 'q'), banned: choiceParam(search, 'banned', ['yes'] as const) };
}

export function playerSearch(search: RawSearch): { queue?: string | undefined } {
  return { queue: textParam(search, 'queue') };
}

export function matchesSearch(search: RawSearch): Pick<MatchQuery, 'q' | 'state' | 'queue' | 'serverId'> {
  return {
    q: textParam(search, 'q'),
    state: choiceParam(search, 'state', [...keysOf(MATCH_STATES), 'live', 'void'] as const),
    queue: textParam(search, 'queue'),
    serverId: textParam(search, 'serverId'),
  };
}

export type CertificatesTab = 'servers' | 'master-key' | 'operators';

export function certificatesSearch(
  search: RawSearch,
): Pick<CertificateQuery, 'q' | 'status'> & { tab?: CertificatesTab | undefined } {
  return {
    tab: choiceParam(search, 'tab', ['servers', 'master-key', 'operators'] as const),
    q: textParam(search, 'q'),
    status: choiceParam(search, 'status', keysOf(CERTIFICATE_STATES)),
  };
}

export function auditSearch(
  search: RawSearch,
): Pick<AuditQuery, 'actor' | 'action' | 'result' | 'q' | 'from' | 'to'> {
  return {
    actor: textParam(search, 'actor'),
    action: textParam(search, 'action'),
    result: choiceParam(search, 'result', keysOf(AUDIT_RESULTS)),
    q: textParam(search, 'q'),
    from: timeParam(search, 'from'),
    to: timeParam(search, 'to'),
  };
}
