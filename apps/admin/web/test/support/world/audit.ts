import type { AuditEntryView } from '../../../src/api/contract.js';

const ROWS: Pick<AuditEntryView, 'action' | 'target' | 'result' | 'detail' | 'actor' | 'count'>[] = [
  {
    action: 'player.ban',
    target: 'player Noor',
    result: 'done',
    actor: 'alice',
    count: 1,
    detail: { reason: 'Aimbot, proven by replay', until: null },
  },
  {
    action: 'token.refuse',
    target: 'session',
    result: 'refused',
    actor: 'bob',
    count: 14,
    detail: { slowedSeconds: 16 },
  },
  {
    action: 'server.drain',
    target: 'server eu-west-07',
    result: 'done',
    actor: 'alice',
    count: 1,
    detail: { on: true },
  },
  {
    action: 'tls.refuse',
    target: 'connection',
    result: 'refused',
    actor: null,
    count: 3,
    detail: { cause: 'certificate of another authority' },
  },
  {
    action: 'certificate.issue',
    target: 'certificate asia-1-12',
    result: 'failed',
    actor: 'carol',
    count: 1,
    detail: { error: 'the key file cannot be read' },
  },
  {
    action: 'match.void',
    target: 'match 0b0e5c1e',
    result: 'done',
    actor: 'alice',
    count: 1,
    detail: { reason: 'server crashed in overtime' },
  },
];

/** Rows of the audit log, newest first. */
export function makeAudit(now: number): AuditEntryView[] {
  return Array.from({ length: 130 }, (_, index): AuditEntryView => {
    const row = ROWS[index % ROWS.length];
    if (row === undefined) throw new Error('There are no rows');
    return { id: 812 - index, at: now - index * 640_000 - 5000, address: '203.0.113.7', ...row };
  });
}
