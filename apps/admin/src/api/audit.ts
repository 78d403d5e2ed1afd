import type { PageQuery } from './basics.js';

/** `GET /api/audit` → `Page<AuditEntryView>`, newest first; CSV: yes. */
export interface AuditQuery extends PageQuery {
  /** Certificate name. */
  actor?: string;
  /** An action, or its first part: `player` matches `player.ban`. */
  action?: string;
  result?: AuditResult;
  /** Text in target or detail. */
  q?: string;
  from?: number;
  to?: number;
}

/** `done` it happened · `refused` it was not allowed · `failed` it was allowed and could not be done. */
export type AuditResult = 'done' | 'refused' | 'failed';

/**
 * A row of the log.
 * @example { "id": 812, "at": 1763820000000, "address": "127.0.0.1", "actor": "alice", "action": "player.ban",
 *   "target": "player 8d0c…", "result": "done", "detail": { "reason": "aimbot", "until": null }, "count": 1 }
 */
export interface AuditEntryView {
  id: number;
  at: number;
  address: string;
  /** Name of the client certificate; null where the connection had none that counts. */
  actor: string | null;
  action: AuditAction;
  /** What it was done to, for people. */
  target: string;
  result: AuditResult;
  detail: Record<string, unknown>;
  /** More than 1: so many alike refusals within a minute, written as one row. */
  count: number;
}

export type AuditAction =
  | 'tls.refuse'
  | 'token.refuse'
  | 'session.open'
  | 'server.kick'
  | 'server.allow'
  | 'server.force-start'
  | 'server.shutdown'
  | 'server.drain'
  | 'queue.remove'
  | 'player.ban'
  | 'player.unban'
  | 'player.rename'
  | 'player.end-sessions'
  | 'match.cancel'
  | 'match.void'
  | 'certificate.issue'
  | 'certificate.download'
  | 'certificate.revoke'
  | 'master-key.rotate'
  | 'operator-certificate.issue'
  | 'operator-certificate.revoke'
  | 'settings.maintenance'
  | 'settings.addresses'
  | 'request.refuse'
  | (string & {});

/** `GET /api/audit/verify`: the whole chain is checked. */
export interface AuditVerification {
  ok: boolean;
  /** Rows that were checked. */
  checked: number;
  /** The first that does not fit. */
  fault: {
    id: number;
    kind: 'changed' | 'removed' | 'inserted' | 'truncated';
    /** A sentence. */
    text: string;
  } | null;
}
